package dev.kvstore.node.transport;

/** Why a message was not sent. */
public enum Drop {
    /** There is no connection to the member. */
    NO_CONNECTION,
    /** Too much waits for the member already. */
    QUEUE_FULL,
    /** It does not fit into a frame. */
    TOO_LARGE,
    /** The connection broke before the message was handed to it. */
    CONNECTION_LOST
}
