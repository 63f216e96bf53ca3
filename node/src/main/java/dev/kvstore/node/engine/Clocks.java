package dev.kvstore.node.engine;

import dev.kvstore.core.io.Time;
import java.util.function.LongSupplier;

/** The clocks of this machine. */
public final class Clocks {
    private static final long NANOS_PER_MS = 1_000_000;

    private final LongSupplier monoMs;
    private final LongSupplier wallMs;
    private final boolean countsSuspension;

    private Clocks(LongSupplier monoMs, LongSupplier wallMs, boolean countsSuspension) {
        this.monoMs = monoMs;
        this.wallMs = wallMs;
        this.countsSuspension = countsSuspension;
    }

    /** The system's clocks: the monotonic one counts a suspended machine's sleep where the system has such a clock. */
    public static Clocks system() {
        BootTime bootTime = BootTime.find();
        LongSupplier mono = bootTime != null ? bootTime::nowMs : () -> System.nanoTime() / NANOS_PER_MS;
        return new Clocks(mono, System::currentTimeMillis, bootTime != null);
    }

    /** Given clocks, for tests. */
    public static Clocks of(LongSupplier monoMs, LongSupplier wallMs) {
        return new Clocks(monoMs, wallMs, true);
    }

    /** Both clocks, read now. */
    public Time now() {
        return new Time(monoMs.getAsLong(), wallMs.getAsLong());
    }

    /** The monotonic clock in milliseconds; only differences mean something. */
    public long monoMs() {
        return monoMs.getAsLong();
    }

    /** Whether the monotonic clock goes on while the machine is suspended. */
    public boolean countsSuspension() {
        return countsSuspension;
    }
}
