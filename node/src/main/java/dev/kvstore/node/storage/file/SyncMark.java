package dev.kvstore.node.storage.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;

/**
 * A number that is known to be on disk: RocksDB's sequence when its write-ahead log was last synced. A recovery that ends
 * below it has lost what had been promised, which RocksDB itself could not tell from a torn tail.
 *
 * <p>The mark is written after the sync that it speaks of and needs no sync of its own: whatever older mark is found is a true
 * one, only a weaker one. It has two places that take turns, so that a torn write leaves the other.
 */
public final class SyncMark implements AutoCloseable {
    private static final int FORMAT = 1;
    private static final int BODY_BYTES = Integer.BYTES + Long.BYTES;
    private static final int PLACE_BYTES = BODY_BYTES + Integer.BYTES;

    /** A sector apart, so that they do not tear together. */
    private static final int PLACE_DISTANCE_BYTES = 4096;

    private final FileChannel channel;
    private final ByteBuffer buffer = ByteBuffer.allocate(PLACE_BYTES);
    private long sequence;
    private int place;
    private volatile boolean changed;

    private SyncMark(FileChannel channel) {
        this.channel = channel;
    }

    /** Reads the mark of a file; 0 when no place in it is whole. */
    public static long read(Path file) throws IOException {
        byte[] content = Files.readAllBytes(file);
        long highest = 0;
        for (int at = 0; at + PLACE_BYTES <= content.length; at += PLACE_DISTANCE_BYTES) {
            ByteBuffer buffer = ByteBuffer.wrap(content, at, PLACE_BYTES);
            int format = buffer.getInt();
            long sequence = buffer.getLong();
            if (format == FORMAT && buffer.getInt() == checksum(content, at)) {
                highest = Math.max(highest, sequence);
            }
        }
        return highest;
    }

    /** Makes the file, or opens the one that is there, and puts this mark into it, synced. It must not be below the one in it. */
    public static SyncMark open(Path file, long sequence) throws IOException {
        FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            SyncMark mark = new SyncMark(channel);
            mark.write(sequence);
            mark.force();
            return mark;
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    /** Raises the mark. */
    public synchronized void reached(long synced) throws IOException {
        if (synced > sequence) {
            write(synced);
        }
    }

    /** Syncs the mark itself if it was raised, which makes it a stronger one after a loss of power. */
    public void force() throws IOException {
        if (changed) {
            changed = false;
            channel.force(false);
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    private void write(long synced) throws IOException {
        buffer.clear().putInt(FORMAT).putLong(synced);
        buffer.putInt(checksum(buffer.array(), 0)).flip();
        channel.write(buffer, (long) place * PLACE_DISTANCE_BYTES);
        place = 1 - place;
        sequence = synced;
        changed = true;
    }

    private static int checksum(byte[] array, int from) {
        CRC32C crc = new CRC32C();
        crc.update(array, from, BODY_BYTES);
        return (int) crc.getValue();
    }
}
