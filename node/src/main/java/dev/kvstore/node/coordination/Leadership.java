package dev.kvstore.node.coordination;

import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What this node knows of the Lease, and whether it holds it itself. Every method takes no time, so that a holder's own
 * expiry is noticed even while the place where the Lease is kept does not answer. For any thread.
 */
public final class Leadership {
    /** In the place of a Lease's number: none. */
    public static final long NONE = 0;

    private final String name;
    private final long leaseMs;
    private final LongSupplier monoMs;
    private final CoordinationMetrics metrics;
    private final Consumer<@Nullable String> listener;

    private long held = NONE;
    private long renewedAtMs;
    private long absentUntilMs;
    private boolean told;
    private @Nullable String toldName;

    /**
     * Nothing is known yet.
     *
     * @param name this node's name
     * @param leaseMs a Lease that was not renewed for so long is no more
     * @param monoMs a clock in milliseconds that never goes back
     * @param listener told of every change of the holder, in order
     */
    public Leadership(
            String name,
            long leaseMs,
            LongSupplier monoMs,
            CoordinationMetrics metrics,
            Consumer<@Nullable String> listener) {
        this.name = name;
        this.leaseMs = leaseMs;
        this.monoMs = monoMs;
        this.metrics = metrics;
        this.listener = listener;
        this.absentUntilMs = monoMs.getAsLong();
    }

    /** The number of the Lease that this node holds at this moment. */
    public synchronized long held() {
        if (held != NONE && monoMs.getAsLong() - renewedAtMs > leaseMs) {
            lose();
        }
        return held;
    }

    /** This node has taken a Lease, which it asked for at the given time; it may have resigned since. */
    public synchronized void hold(long number, long sinceMs) {
        if (!wanted()) {
            return;
        }
        held = number;
        renewedAtMs = sinceMs;
        // it may have been frozen meanwhile
        if (held() == number) {
            metrics.countLeaseTaken();
            tell(name);
        }
    }

    /** This node has renewed a Lease, from the given time on; too late, if it has been frozen before or meanwhile. */
    public synchronized void renewed(long number, long sinceMs) {
        if (held == number && sinceMs - renewedAtMs <= leaseMs) {
            renewedAtMs = sinceMs;
        }
        held();
    }

    /** This node's Lease is no more: it has run out, or another node has taken the next one. */
    public synchronized void lose() {
        if (held != NONE) {
            held = NONE;
            metrics.countLeaseLost();
            tell(null);
        }
    }

    /** Gives up what is held, and does not want another before this time has passed. */
    public synchronized void resign(long absentMs) {
        absentUntilMs = monoMs.getAsLong() + absentMs;
        if (held != NONE) {
            held = NONE;
            tell(null);
        }
    }

    /** Whether this node may ask for the Lease. */
    public synchronized boolean wanted() {
        return monoMs.getAsLong() - absentUntilMs >= 0;
    }

    /** The Lease is held by another node, or by nobody. */
    public synchronized void observe(@Nullable String holder) {
        if (held() == NONE) {
            tell(holder);
        }
    }

    private void tell(@Nullable String holder) {
        if (!told || !Objects.equals(toldName, holder)) {
            told = true;
            toldName = holder;
            listener.accept(holder);
        }
    }
}
