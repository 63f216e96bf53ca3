package dev.kvstore.node.transport.codec;

/** What a frame is. The member that dialled sends messages; the other one only says that it is there. */
public enum FrameKind {
    /** First frame of the one that dialled: an {@link Introduction}. */
    HELLO(1),
    /** The other one's answer: its {@link Introduction}. */
    WELCOME(2),
    /** The end of a connection that is not wanted: a {@link Refusal}. */
    REFUSED(3),
    /** From the one that dialled: this connection, and no older one, is the one that it will use. */
    START(4),
    /** A message of the core. */
    MESSAGE(5),
    /** The id of the cluster that the sender belongs to by now. */
    CLUSTER(6),
    /** Nothing but a sign of life, from the one that dialled when it has nothing else to say. */
    PING(7),
    /** The sign of life of the one that was dialled: it has received something since the last one. */
    ALIVE(8);

    private final int code;

    FrameKind(int code) {
        this.code = code;
    }

    int code() {
        return code;
    }

    /** The kind with this code. */
    public static FrameKind of(int code) throws CodecException {
        for (FrameKind kind : values()) {
            if (kind.code == code) {
                return kind;
            }
        }
        throw new CodecException("a frame of the unknown kind " + code);
    }
}
