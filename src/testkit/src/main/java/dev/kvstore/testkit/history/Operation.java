package dev.kvstore.testkit.history;

/** What a client asks of one key. */
public sealed interface Operation {

    /** The {@code ttlMs} of a put whose value stays until it is replaced or deleted. */
    long NO_TTL = 0;

    /**
     * The key that is read or written.
     *
     * @return the key
     */
    String key();

    /**
     * A linearizable read.
     *
     * @param key the key
     * @return the operation
     */
    static Get get(String key) {
        return new Get(key, false);
    }

    /**
     * A read that any replica may answer, with what it happens to hold.
     *
     * @param key the key
     * @return the operation
     */
    static Get staleGet(String key) {
        return new Get(key, true);
    }

    /**
     * A write without condition and time to live.
     *
     * @param key the key
     * @param value the new value
     * @return the operation
     */
    static Put put(String key, String value) {
        return new Put(key, value, NO_TTL, Condition.NONE);
    }

    /**
     * A conditional write without time to live.
     *
     * @param key the key
     * @param value the new value
     * @param condition what must hold
     * @return the operation
     */
    static Put put(String key, String value, Condition condition) {
        return new Put(key, value, NO_TTL, condition);
    }

    /**
     * A write whose value expires.
     *
     * @param key the key
     * @param value the new value
     * @param ttlMs how long it lives, in milliseconds
     * @return the operation
     */
    static Put putWithTtl(String key, String value, long ttlMs) {
        return new Put(key, value, ttlMs, Condition.NONE);
    }

    /**
     * A deletion without condition.
     *
     * @param key the key
     * @return the operation
     */
    static Delete delete(String key) {
        return new Delete(key, Condition.NONE);
    }

    /**
     * A conditional deletion.
     *
     * @param key the key
     * @param condition what must hold
     * @return the operation
     */
    static Delete delete(String key, Condition condition) {
        return new Delete(key, condition);
    }

    /**
     * A read.
     *
     * @param key the key
     * @param stale whether the caller asked for any replica's answer; such a read is not held to linearizability
     */
    record Get(String key, boolean stale) implements Operation {}

    /**
     * A write of a value. Histories tell most when no value is written twice.
     *
     * @param key the key
     * @param value the value, or something that stands for it, such as its hash
     * @param ttlMs how long the value lives, in milliseconds; {@link #NO_TTL} for ever
     * @param condition what must hold
     */
    record Put(String key, String value, long ttlMs, Condition condition) implements Operation {

        public Put {
            if (ttlMs < 0) {
                throw new IllegalArgumentException("a ttl is not negative: " + ttlMs);
            }
        }

        /**
         * Whether the value expires.
         *
         * @return true when it has a time to live
         */
        public boolean expires() {
            return ttlMs != NO_TTL;
        }
    }

    /**
     * A deletion.
     *
     * @param key the key
     * @param condition what must hold; a deletion cannot ask for absence
     */
    record Delete(String key, Condition condition) implements Operation {

        public Delete {
            if (condition instanceof Condition.IfAbsent) {
                throw new IllegalArgumentException("a deletion of an absent key means nothing: " + key);
            }
        }
    }
}
