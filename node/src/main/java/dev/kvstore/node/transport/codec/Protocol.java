package dev.kvstore.node.transport.codec;

/**
 * The protocol's constants. A change of any layout below the greeting is a new {@link #VERSION}; two members speak the lesser
 * of theirs, as long as neither finds that one too old. Layouts of the greeting and of frames never change, they only grow
 * at their end.
 *
 * <p>Versions: 1, the first one; 2, in which every message ends with its checksum.
 */
public final class Protocol {
    /** What every greeting begins with. */
    public static final int MAGIC = 0x4B565354;

    /** The newest version that this build speaks. */
    public static final int VERSION = 2;

    /** The oldest version that this build speaks: the one before, so that members can be updated one after the other. */
    public static final int OLDEST = VERSION - 1;

    /** From this version on a message ends with the CRC-32C of what is before. */
    static final int WITH_CHECKSUM = 2;

    /** Bytes before a frame's content: the length of what follows, and the kind. */
    public static final int HEADER_BYTES = 5;

    /** A frame is at most so long before both sides know each other, in bytes. */
    public static final int GREETING_BYTES = 4_096;

    private Protocol() {}
}
