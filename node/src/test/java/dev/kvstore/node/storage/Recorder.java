package dev.kvstore.node.storage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kvstore.core.io.Input;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** A sink that keeps what it got and lets a test wait for it, within a bound. */
final class Recorder implements Consumer<Input> {
    private static final long WAIT_S = 60;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition came = lock.newCondition();
    private final List<Input> inputs = new ArrayList<>();

    @Override
    public void accept(Input input) {
        lock.lock();
        try {
            inputs.add(input);
            came.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** The first input of this type, waiting for it if needed, which is taken out. */
    <T extends Input> T take(Class<T> type) {
        return take(type, input -> true);
    }

    <T extends Input> T take(Class<T> type, Predicate<T> wanted) {
        lock.lock();
        try {
            long leftNanos = TimeUnit.SECONDS.toNanos(WAIT_S);
            while (true) {
                for (Input each : inputs) {
                    if (type.isInstance(each) && wanted.test(type.cast(each))) {
                        inputs.remove(each);
                        return type.cast(each);
                    }
                }
                assertThat(leftNanos).as("%s came, only %s", type, inputs).isPositive();
                leftNanos = came.awaitNanos(leftNanos);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        } finally {
            lock.unlock();
        }
    }

    /** What came and was not taken. */
    List<Input> left() {
        lock.lock();
        try {
            return List.copyOf(inputs);
        } finally {
            lock.unlock();
        }
    }
}
