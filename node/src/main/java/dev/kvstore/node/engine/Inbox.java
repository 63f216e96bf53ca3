package dev.kvstore.node.engine;

import dev.kvstore.core.io.Input;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The core's queue of inputs: any thread puts, one thread takes. It never refuses: what clients may put in is bounded by
 * {@link Admission}, what storage, transport and coordination put in by what the core has asked of them and by their own
 * bounds.
 */
public final class Inbox {
    private final ConcurrentLinkedQueue<Input> queue = new ConcurrentLinkedQueue<>();
    private final AtomicInteger size = new AtomicInteger();
    private volatile @Nullable Thread parked;

    /** Adds an input and wakes the taker. */
    public void post(Input input) {
        queue.add(input);
        size.incrementAndGet();
        wake();
    }

    /** Inputs that wait. */
    public int size() {
        return size.get();
    }

    /** Wakes the taker if it waits. */
    void wake() {
        Thread taker = parked;
        if (taker != null) {
            LockSupport.unpark(taker);
        }
    }

    /** Moves up to {@code limit} inputs to {@code into}; when there is none, waits for one, but no longer than so long. */
    void take(List<Input> into, int limit, long waitMs) {
        if (queue.isEmpty() && waitMs > 0) {
            parked = Thread.currentThread();
            // look again: who has put something in before it could see that this thread parks will not wake it
            if (queue.isEmpty()) {
                LockSupport.parkNanos(this, TimeUnit.MILLISECONDS.toNanos(waitMs));
            }
            parked = null;
        }
        int taken = 0;
        for (; taken < limit; taken++) {
            Input input = queue.poll();
            if (input == null) {
                break;
            }
            into.add(input);
        }
        size.addAndGet(-taken);
    }
}
