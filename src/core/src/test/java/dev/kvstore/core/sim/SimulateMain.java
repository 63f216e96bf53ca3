package dev.kvstore.core.sim;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;

/** {@code ./kvstore simulate --seeds N --from S [--trace LINES]}: runs seeds, and prints a failing one with its trace. */
public final class SimulateMain {
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
        AtomicLong done = new AtomicLong();
        AtomicLong events = new AtomicLong();
        AtomicLong calls = new AtomicLong();
        AtomicLong worst = new AtomicLong(Long.MAX_VALUE);
        AtomicBoolean failed = new AtomicBoolean();
        LongStream.range(from, from + seeds).parallel().forEach(seed -> {
            if (seed > worst.get()) {
                return;
            }
            Runs.Result result = Runs.run(seed, 0);
            events.addAndGet(result.events());
            calls.addAndGet(result.calls());
            if (done.incrementAndGet() % 1_000 == 0) {
                System.out.println(done.get() + " seeds ...");
            }
            if (!result.ok()) {
                failed.set(true);
                worst.accumulateAndGet(seed, Math::min);
            }
        });
        double seconds = (System.nanoTime() - begunNs) / 1e9;
        System.out.printf(
                "%d seeds from %d, %d events, %d operations, %.1f s, %.0f seeds/s%n",
                done.get(), from, events.get(), calls.get(), seconds, done.get() / seconds);
        if (failed.get()) {
            Runs.Result again = Runs.run(worst.get(), lines);
            again.trace().forEach(System.out::println);
            System.out.println("seed " + again.seed() + " fails (trace " + Long.toHexString(again.digest()) + "): "
                    + again.violation());
            return false;
        }
        System.out.println("no violation; go on with: --from " + (from + seeds));
        return true;
    }
}
