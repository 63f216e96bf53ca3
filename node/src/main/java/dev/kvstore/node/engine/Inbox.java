package dev.kvstore.node.engine;

import dev.kvstore.core.io.Input;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The core's queue of inputs: any thread puts, one thread takes. It never refuses: what clients may put in is bounded by
 * {@link Admission}, what storage, transport and coordination put in by what the core has asked of them and by their own
 * bounds.
 */
public final class Inbox {
    private final ConcurrentLinkedQueue<Input> queue = new ConcurrentLinkedQueue<>();
    private final AtomicInteger size = new AtomicInteger();

    /** Whether the taker was called since it took last. */
    private final AtomicBoolean called = new AtomicBoolean();

    private volatile Runnable taker = () -> {};

    /** Adds an input and calls the taker, once until it takes. */
    public void post(Input input) {
        queue.add(input);
        size.incrementAndGet();
        if (!called.get() && called.compareAndSet(false, true)) {
            taker.run();
        }
    }

    /** Inputs that wait. */
    public int size() {
        return size.get();
    }

    /** Whom to call from now on, on any thread, when there is something to take; at once for what is there already. */
    void taker(Runnable call) {
        taker = call;
        call.run();
    }

    /** Moves up to {@code limit} inputs to {@code into}; true when some are left. */
    boolean take(List<Input> into, int limit) {
        // before looking: what is put in after the look calls again
        called.set(false);
        for (int taken = 0; taken < limit; taken++) {
            Input input = queue.poll();
            if (input == null) {
                size.addAndGet(-taken);
                return false;
            }
            into.add(input);
        }
        size.addAndGet(-limit);
        return !queue.isEmpty();
    }
}
