package dev.kvstore.node.storage.rocks;

/** The column families. */
public enum Family {
    /** Who the store belongs to, and the ring. */
    META("meta"),
    /** How far each partition's copy is. */
    PARTITION("partition"),
    /** The partitions' logs. */
    LOG("log"),
    /** The partitions' keys with their values. */
    DATA("data"),
    /** The keys that expire, by time. */
    EXPIRY("expiry");

    private final String text;

    Family(String text) {
        this.text = text;
    }

    /** Its name on disk. */
    String text() {
        return text;
    }
}
