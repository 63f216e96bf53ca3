package dev.kvstore.node.engine;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A door with two bounds: operations, and the bytes that they hold. Who is not admitted is told so at once instead of waiting.
 * Safe for use by many threads.
 */
public final class Admission {
    private volatile int maxOps;
    private volatile long maxBytes;
    private final AtomicInteger ops = new AtomicInteger();
    private final AtomicLong bytes = new AtomicLong();

    /** Admits up to {@code maxOps} operations of up to {@code maxBytes} bytes together. */
    public Admission(int maxOps, long maxBytes) {
        this.maxOps = maxOps;
        this.maxBytes = maxBytes;
    }

    /** The bounds are others from now on; who is inside stays. */
    public void limit(int ops, long bytes) {
        maxOps = ops;
        maxBytes = bytes;
    }

    /** Whether one more operation of this size is admitted; if so, {@link #leave} must follow with the same size. */
    public boolean enter(long sizeBytes) {
        if (ops.incrementAndGet() > maxOps) {
            ops.decrementAndGet();
            return false;
        }
        if (bytes.addAndGet(sizeBytes) > maxBytes) {
            leave(sizeBytes);
            return false;
        }
        return true;
    }

    /** An admitted operation has ended. */
    public void leave(long sizeBytes) {
        bytes.addAndGet(-sizeBytes);
        ops.decrementAndGet();
    }

    /** Whether an admitted operation may grow by so many bytes; they are given back with {@link #leave}. */
    public boolean grow(long moreBytes) {
        if (bytes.addAndGet(moreBytes) > maxBytes) {
            bytes.addAndGet(-moreBytes);
            return false;
        }
        return true;
    }

    /** Operations that are inside. */
    public int ops() {
        return ops.get();
    }

    /** Bytes that are inside. */
    public long bytes() {
        return bytes.get();
    }

    /** The bound of {@link #ops}. */
    public int maxOps() {
        return maxOps;
    }

    /** The bound of {@link #bytes}. */
    public long maxBytes() {
        return maxBytes;
    }
}
