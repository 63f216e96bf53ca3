package dev.kvstore.node.engine;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Linux' CLOCK_BOOTTIME: monotonic, and it counts the time that the machine was suspended (clock_gettime(2)). */
final class BootTime {
    private static final int CLOCK_BOOTTIME = 7;
    private static final int TIMESPEC_BYTES = 16;

    private final MethodHandle clockGettime;
    private final ThreadLocal<MemorySegment> timespec =
            ThreadLocal.withInitial(() -> Arena.ofAuto().allocate(TIMESPEC_BYTES, Long.BYTES));

    private BootTime(MethodHandle clockGettime) {
        this.clockGettime = clockGettime;
    }

    /** The clock, or null on a system that does not have it. */
    @SuppressWarnings(
            "restricted") // the descriptor is that of clock_gettime, and what is passed has the size of a timespec
    static @Nullable BootTime find() {
        boolean longsInTimespec = ValueLayout.ADDRESS.byteSize() == Long.BYTES;
        if (!System.getProperty("os.name", "").equals("Linux") || !longsInTimespec) {
            return null;
        }
        try {
            Linker linker = Linker.nativeLinker();
            MemorySegment function =
                    linker.defaultLookup().find("clock_gettime").orElse(null);
            if (function == null) {
                return null;
            }
            FunctionDescriptor signature =
                    FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.ADDRESS);
            BootTime clock = new BootTime(linker.downcallHandle(function, signature, Linker.Option.critical(false)));
            return clock.read(clock.timespec.get()) ? clock : null;
        } catch (UnsupportedOperationException | IllegalCallerException e) {
            // a platform without foreign functions, or one that was started with native access denied
            return null;
        }
    }

    /** Milliseconds since the system was started. */
    long nowMs() {
        MemorySegment now = timespec.get();
        if (!read(now)) {
            throw new IllegalStateException("clock_gettime fails for a clock that it had before");
        }
        return TimeUnit.SECONDS.toMillis(now.get(ValueLayout.JAVA_LONG, 0))
                + TimeUnit.NANOSECONDS.toMillis(now.get(ValueLayout.JAVA_LONG, Long.BYTES));
    }

    private boolean read(MemorySegment to) {
        try {
            return (int) clockGettime.invokeExact(CLOCK_BOOTTIME, to) == 0;
        } catch (Throwable e) {
            // the handle's type allows any, the C function throws none
            throw new IllegalStateException("clock_gettime cannot be called", e);
        }
    }
}
