package dev.kvstore.node.transport;

import dev.kvstore.node.transport.codec.MessageType;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/** What the transport has counted since it started. May be read and counted on any thread. */
public final class TransportMetrics {
    private final Map<MessageType, LongAdder> sent = adders(MessageType.class);
    private final Map<MessageType, LongAdder> received = adders(MessageType.class);
    private final Map<Drop, Map<MessageType, LongAdder>> dropped = new EnumMap<>(Drop.class);
    private final LongAdder sentBytes = new LongAdder();
    private final LongAdder receivedBytes = new LongAdder();
    private final LongAdder connects = new LongAdder();
    private final LongAdder disconnects = new LongAdder();
    private final LongAdder refusals = new LongAdder();
    private final LongAdder brokenConnections = new LongAdder();
    private final LongAdder pauses = new LongAdder();
    private final AtomicLong queuedBytes = new AtomicLong();

    /** All at zero. */
    public TransportMetrics() {
        for (Drop why : Drop.values()) {
            dropped.put(why, adders(MessageType.class));
        }
    }

    private static <K extends Enum<K>> Map<K, LongAdder> adders(Class<K> keys) {
        Map<K, LongAdder> adders = new EnumMap<>(keys);
        for (K key : keys.getEnumConstants()) {
            adders.put(key, new LongAdder());
        }
        return adders;
    }

    private static <K extends Enum<K>> LongAdder adder(Map<K, LongAdder> adders, K key) {
        return Objects.requireNonNull(adders.get(key));
    }

    private LongAdder drops(Drop why, MessageType type) {
        return adder(Objects.requireNonNull(dropped.get(why)), type);
    }

    /** Messages of a type that were handed to a connection. */
    public long sent(MessageType type) {
        return adder(sent, type).sum();
    }

    /** Messages of a type that came in. */
    public long received(MessageType type) {
        return adder(received, type).sum();
    }

    /** Messages of a type that were dropped for a reason. */
    public long dropped(MessageType type, Drop why) {
        return drops(why, type).sum();
    }

    /** Bytes that the operating system has taken over for sending. */
    public long sentBytes() {
        return sentBytes.sum();
    }

    /** Bytes that came in. */
    public long receivedBytes() {
        return receivedBytes.sum();
    }

    /** How often an own connection to a member came about. */
    public long connects() {
        return connects.sum();
    }

    /** How often one broke. */
    public long disconnects() {
        return disconnects.sum();
    }

    /** Connections, own ones and others', that one side refused in the greeting. */
    public long refusals() {
        return refusals.sum();
    }

    /** Connections that were closed because of what came over them. */
    public long brokenConnections() {
        return brokenConnections.sum();
    }

    /** How often reading paused because the engine's input queue was too long. */
    public long pauses() {
        return pauses.sum();
    }

    /** Bytes that wait in all queues now. */
    public long queuedBytes() {
        return queuedBytes.get();
    }

    /** Messages were handed to a connection. */
    public void countSent(MessageType type, int count) {
        adder(sent, type).add(count);
    }

    /** A message has come in. */
    public void countReceived(MessageType type) {
        adder(received, type).increment();
    }

    /** Messages were dropped. */
    public void countDropped(MessageType type, Drop why, int count) {
        drops(why, type).add(count);
    }

    /** Bytes were sent. */
    public void countSentBytes(long bytes) {
        sentBytes.add(bytes);
    }

    /** Bytes have come in. */
    public void countReceivedBytes(long bytes) {
        receivedBytes.add(bytes);
    }

    /** An own connection stands. */
    public void countConnect() {
        connects.increment();
    }

    /** An own connection has broken. */
    public void countDisconnect() {
        disconnects.increment();
    }

    /** One side has refused a connection. */
    public void countRefusal() {
        refusals.increment();
    }

    /** A connection was closed because of what came over it. */
    public void countBroken() {
        brokenConnections.increment();
    }

    /** Reading pauses. */
    public void countPause() {
        pauses.increment();
    }

    /** The queues have grown by so many bytes, or shrunk if negative. */
    public void queued(long bytes) {
        queuedBytes.addAndGet(bytes);
    }
}
