package dev.kvstore.node.transport.codec;

import dev.kvstore.core.data.Outcome;
import dev.kvstore.core.message.Message;
import dev.kvstore.core.message.Message.Ack;
import dev.kvstore.core.message.Message.Append;
import dev.kvstore.core.message.Message.Forward;
import dev.kvstore.core.message.Message.Forwarded;
import dev.kvstore.core.message.Message.Goodbye;
import dev.kvstore.core.message.Message.Heartbeat;
import dev.kvstore.core.message.Message.Nack;
import dev.kvstore.core.message.Message.NotAppended;
import dev.kvstore.core.message.Message.RingOffer;
import dev.kvstore.core.message.Message.SnapshotAck;
import dev.kvstore.core.message.Message.SnapshotPart;
import dev.kvstore.core.message.Message.Stopped;

/** The kinds of messages, as the wire and the metrics tell them apart. */
public enum MessageType {
    HEARTBEAT(1, false),
    GOODBYE(2, false),
    RING_OFFER(3, false),
    APPEND(4, true),
    ACK(5, false),
    NACK(6, false),
    SNAPSHOT_PART(7, true),
    SNAPSHOT_ACK(8, false),
    STOPPED(9, false),
    FORWARD(10, true),
    FORWARDED(11, false),
    NOT_APPENDED(12, false);

    private final int code;
    private final boolean bulk;

    MessageType(int code, boolean bulk) {
        this.code = code;
        this.bulk = bulk;
    }

    /** Whether a message carries data that can wait, so that it must leave room for those that cannot. */
    public static boolean isBulk(Message message) {
        return message instanceof Forwarded answer ? isRead(answer) : of(message).bulk;
    }

    /** Whether an answer holds what was read, which can be read again. */
    public static boolean isRead(Forwarded answer) {
        return answer.outcome() instanceof Outcome.Found || answer.outcome() instanceof Outcome.Page;
    }

    /** The kind of a message. */
    public static MessageType of(Message message) {
        return switch (message) {
            case Heartbeat m -> HEARTBEAT;
            case Goodbye m -> GOODBYE;
            case RingOffer m -> RING_OFFER;
            case Append m -> APPEND;
            case Ack m -> ACK;
            case Nack m -> NACK;
            case SnapshotPart m -> SNAPSHOT_PART;
            case SnapshotAck m -> SNAPSHOT_ACK;
            case Stopped m -> STOPPED;
            case Forward m -> FORWARD;
            case Forwarded m -> FORWARDED;
            case NotAppended m -> NOT_APPENDED;
        };
    }

    int code() {
        return code;
    }

    static MessageType of(int code) throws CodecException {
        for (MessageType type : values()) {
            if (type.code == code) {
                return type;
            }
        }
        throw new CodecException("a message of the unknown type " + code);
    }
}
