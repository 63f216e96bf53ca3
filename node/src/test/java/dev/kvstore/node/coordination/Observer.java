package dev.kvstore.node.coordination;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kvstore.core.io.Input;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** Takes what a node is told, and waits for some of it. */
public final class Observer implements Consumer<Input> {
    private static final long WAIT_S = 30;

    private final BlockingQueue<Input> inputs = new LinkedBlockingQueue<>();
    private Deque<Input> kept = new ArrayDeque<>();

    @Override
    public void accept(Input input) {
        inputs.add(input);
    }

    /** The next input of a type that fits; those of the same type that come before are dropped, others are kept. */
    public <T extends Input> T await(Class<T> type, Predicate<T> fits) throws InterruptedException {
        Deque<Input> others = new ArrayDeque<>();
        while (true) {
            Input next = kept.isEmpty() ? inputs.poll(WAIT_S, TimeUnit.SECONDS) : kept.poll();
            assertThat(next)
                    .as("a fitting %s; others: %s", type.getSimpleName(), others)
                    .isNotNull();
            if (!type.isInstance(next)) {
                others.add(next);
            } else if (fits.test(type.cast(next))) {
                others.addAll(kept);
                kept = others;
                return type.cast(next);
            }
        }
    }

    /** The real clock. */
    public static long monoMs() {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
    }
}
