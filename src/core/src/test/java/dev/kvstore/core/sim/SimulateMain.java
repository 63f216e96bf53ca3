package dev.kvstore.core.sim;

import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;

/** {@code ./kvstore simulate --seeds N --from S [--trace LINES]}: runs seeds, and prints a failing one with its trace. */
public final class SimulateMain {
    private static final int BLOCK_SEEDS = 1_000;

    private SimulateMain() {}

    /** Exits with 0 when no seed fails, 1 when one does, 2 on bad arguments. */
    public static void main(String[] arguments) {
        long seeds = 1_000;
        long from = 0;
        int lines = 400;
        try {
            for (int i = 0; i < arguments.length; i += 2) {
                long value = Long.parseLong(arguments[i + 1]);
                switch (arguments[i]) {
                    case "--seeds" -> seeds = value;
                    case "--from" -> from = value;
                    case "--trace" -> lines = Math.toIntExact(value);
                    default -> throw new IllegalArgumentException(arguments[i]);
                }
            }
        } catch (IllegalArgumentException | IndexOutOfBoundsException bad) {
            System.err.println("usage: simulate [--seeds N] [--from S] [--trace LINES]");
            System.exit(2);
        }
        System.exit(simulate(seeds, from, lines) ? 0 : 1);
    }

    private static boolean simulate(long seeds, long from, int lines) {
        long begunNs = System.nanoTime();
        AtomicLong events = new AtomicLong();
        AtomicLong calls = new AtomicLong();
        AtomicLong worst = new AtomicLong(Long.MAX_VALUE);
        long next = from;
        // In blocks, so that whoever stops it knows where to go on.
        while (next < from + seeds && worst.get() == Long.MAX_VALUE) {
            long end = Math.min(from + seeds, next + BLOCK_SEEDS);
            LongStream.range(next, end).parallel().forEach(seed -> {
                if (seed < worst.get()) {
                    Runs.Result result = Runs.run(seed, 0);
                    events.addAndGet(result.events());
                    calls.addAndGet(result.calls());
                    if (!result.ok()) {
                        worst.accumulateAndGet(seed, Math::min);
                    }
                }
            });
            next = end;
            double seconds = (System.nanoTime() - begunNs) / 1e9;
            System.out.printf(
                    "%d seeds from %d, %d events, %d operations, %.1f s, %.0f seeds/s; go on with --from %d%n",
                    next - from, from, events.get(), calls.get(), seconds, (next - from) / seconds, next);
        }
        if (worst.get() < Long.MAX_VALUE) {
            Runs.Result again = Runs.run(worst.get(), lines);
            again.trace().forEach(System.out::println);
            System.out.println("seed " + again.seed() + " fails (trace " + Long.toHexString(again.digest()) + "): "
                    + again.violation());
            return false;
        }
        System.out.println("no violation");
        return true;
    }
}
