package dev.kvstore.testkit.bench.store;

import java.util.SplittableRandom;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.UnaryOperator;

/** Values of one length, random so that no store can compress them, made and encoded before the load begins. */
final class Values {
    private static final int COUNT = 256;
    private static final long SEED = 1;

    private final byte[][] values = new byte[COUNT][];

    Values(int valueBytes, UnaryOperator<byte[]> encoding) {
        SplittableRandom random = new SplittableRandom(SEED);
        for (int i = 0; i < COUNT; i++) {
            byte[] value = new byte[valueBytes];
            random.nextBytes(value);
            values[i] = encoding.apply(value);
        }
    }

    /** One of them; the caller must not change it. */
    byte[] any() {
        return values[ThreadLocalRandom.current().nextInt(COUNT)];
    }
}
