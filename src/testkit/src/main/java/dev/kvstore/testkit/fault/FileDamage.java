package dev.kvstore.testkit.fault;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Random;

/** What can happen to a file on a bad disk, or by a careless hand. */
public sealed interface FileDamage {

    /**
     * The file.
     *
     * @return its path
     */
    Path file();

    /**
     * Does it.
     *
     * @throws IOException when it cannot be done
     */
    void inflict() throws IOException;

    /**
     * One bit is another.
     *
     * @param file the file
     * @param bit which, counted from the file's first
     */
    record FlippedBit(Path file, long bit) implements FileDamage {
        @Override
        public void inflict() throws IOException {
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
                ByteBuffer one = ByteBuffer.allocate(1);
                long at = bit / Byte.SIZE;
                if (channel.read(one, at) != 1) {
                    throw new IOException(file + " has no bit " + bit);
                }
                one.put(0, (byte) (one.get(0) ^ 1 << bit % Byte.SIZE)).flip();
                channel.write(one, at);
            }
        }
    }

    /**
     * A stretch of it is all zeros, as after a block that never got to the disk.
     *
     * @param file the file
     * @param fromByte where the stretch begins
     * @param bytes how long it is
     */
    record Zeroed(Path file, long fromByte, int bytes) implements FileDamage {
        @Override
        public void inflict() throws IOException {
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                channel.write(ByteBuffer.allocate(bytes), fromByte);
            }
        }
    }

    /**
     * Its end is gone; all of it when nothing is kept.
     *
     * @param file the file
     * @param keptBytes how much is left
     */
    record Truncated(Path file, long keptBytes) implements FileDamage {
        @Override
        public void inflict() throws IOException {
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                channel.truncate(keptBytes);
            }
        }
    }

    /**
     * It is gone.
     *
     * @param file the file
     */
    record Deleted(Path file) implements FileDamage {
        @Override
        public void inflict() throws IOException {
            Files.delete(file);
        }
    }

    /**
     * Some damage to one of these files.
     *
     * @param files which may be hit
     * @param random decides
     * @return damage that is not inflicted yet
     * @throws IOException when a file's size cannot be found
     */
    static FileDamage random(List<Path> files, Random random) throws IOException {
        Path file = files.get(random.nextInt(files.size()));
        long size = Files.size(file);
        int kind = random.nextInt(10);
        if (kind == 0 || size == 0) {
            return new Deleted(file);
        }
        if (kind == 1) {
            return new Truncated(file, 0);
        }
        // ends matter: that is where what was written last is
        long at = random.nextBoolean() ? random.nextLong(size) : Math.max(0, size - 1 - random.nextInt(200));
        return switch (kind) {
            case 2, 3 -> new Truncated(file, at);
            case 4 -> new Zeroed(file, at, (int) Math.min(size - at, 1 + random.nextInt(4096)));
            default -> new FlippedBit(file, at * Byte.SIZE + random.nextInt(Byte.SIZE));
        };
    }
}
