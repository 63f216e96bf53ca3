package dev.kvstore.node.transport.codec;

/**
 * The protocol's constants. A change of any layout below the greeting is a new {@link #VERSION}; two members speak the lesser
 * of theirs, as long as neither finds that one too old. Layouts of the greeting and of frames never change, they only grow
 * at their end.
 */
public final class Protocol {
    /** What every greeting begins with. */
    public static final int MAGIC = 0x4B565354;

    /** The newest version that this build speaks. */
    public static final int VERSION = 1;

    /** The oldest version that this build speaks. */
    public static final int OLDEST = 1;

    /** Bytes before a frame's content: the length of what follows, and the kind. */
    public static final int HEADER_BYTES = 5;

    /** A frame is at most so long before both sides know each other, in bytes. */
    public static final int GREETING_BYTES = 4_096;

    private Protocol() {}
}
