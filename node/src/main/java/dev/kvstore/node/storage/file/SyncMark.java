package dev.kvstore.node.storage.file;

import dev.kvstore.node.storage.format.FormatException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * What is known to be on disk: RocksDB's sequence when its write-ahead log was last synced, and a beginning of its manifest. A
 * recovery that ends below it has lost what had been promised, which RocksDB itself could not tell from a torn tail.
 *
 * <p>The mark is written after the sync that it speaks of and needs no sync of its own: whatever older mark is found is a true
 * one, only a weaker one. It has two places that take turns, so that a torn write leaves the other.
 */
public final class SyncMark implements AutoCloseable {
    private static final int FORMAT = 2;
    /** A number above it is no format but damage. */
    private static final int MAX_FORMAT = 99;

    private static final int BODY_BYTES = Integer.BYTES + 3 * Long.BYTES + Integer.BYTES;
    private static final int PLACE_BYTES = BODY_BYTES + Integer.BYTES;

    /** A sector apart, so that they do not tear together. */
    private static final int PLACE_DISTANCE_BYTES = 4096;

    private final FileChannel channel;
    private final ByteBuffer buffer = ByteBuffer.allocate(PLACE_BYTES);
    private Mark mark;
    private int place;
    private volatile boolean changed;

    private SyncMark(FileChannel channel, Mark mark) {
        this.channel = channel;
        this.mark = mark;
    }

    /**
     * What is known to be on disk.
     *
     * @param sequence RocksDB's number of a write
     * @param manifest what its manifest begins with
     */
    public record Mark(long sequence, Manifest.Beginning manifest) {
        private boolean isBelow(Mark other) {
            return sequence < other.sequence
                    || (sequence == other.sequence
                            && (manifest.number() < other.manifest.number()
                                    || (manifest.number() == other.manifest.number()
                                            && manifest.bytes() < other.manifest.bytes())));
        }
    }

    /**
     * Reads the mark of a file; empty when no place in it is whole.
     *
     * @throws FormatException when it was written by another version of this program
     */
    public static Optional<Mark> read(Path file) throws IOException, FormatException {
        byte[] content = Files.readAllBytes(file);
        Optional<Mark> highest = Optional.empty();
        for (int at = 0; at + PLACE_BYTES <= content.length; at += PLACE_DISTANCE_BYTES) {
            ByteBuffer buffer = ByteBuffer.wrap(content, at, PLACE_BYTES);
            int format = buffer.getInt();
            Mark mark = new Mark(
                    buffer.getLong(), new Manifest.Beginning(buffer.getLong(), buffer.getLong(), buffer.getInt()));
            boolean whole = format == FORMAT && buffer.getInt() == checksum(content, at);
            if (whole && highest.filter(other -> mark.isBelow(other)).isEmpty()) {
                highest = Optional.of(mark);
            }
        }
        if (highest.isEmpty() && content.length >= Integer.BYTES) {
            int format = ByteBuffer.wrap(content).getInt();
            if (format != FORMAT && format > 0 && format <= MAX_FORMAT) {
                throw FormatException.otherVersion("the file " + file.getFileName(), format, FORMAT, FORMAT);
            }
        }
        return highest;
    }

    /** Makes the file, or opens the one that is there, and puts this mark into it, synced. It must not be below the one in it. */
    public static SyncMark open(Path file, Mark mark) throws IOException {
        FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            SyncMark made = new SyncMark(channel, mark);
            // both places: one that is damaged must not leave a mark of long ago
            made.write();
            made.write();
            made.force();
            return made;
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    /** Raises the mark to a sequence. */
    public synchronized void reached(long synced) throws IOException {
        if (synced > mark.sequence()) {
            mark = new Mark(synced, mark.manifest());
            write();
        }
    }

    /** Raises the mark to a beginning of the manifest. */
    public synchronized void reached(Manifest.Beginning beginning) throws IOException {
        if (!beginning.equals(mark.manifest())) {
            mark = new Mark(mark.sequence(), beginning);
            write();
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

    private void write() throws IOException {
        Manifest.Beginning manifest = mark.manifest();
        buffer.clear()
                .putInt(FORMAT)
                .putLong(mark.sequence())
                .putLong(manifest.number())
                .putLong(manifest.bytes())
                .putInt(manifest.checksum());
        buffer.putInt(checksum(buffer.array(), 0)).flip();
        channel.write(buffer, (long) place * PLACE_DISTANCE_BYTES);
        place = 1 - place;
        changed = true;
    }

    private static int checksum(byte[] array, int from) {
        CRC32C crc = new CRC32C();
        crc.update(array, from, BODY_BYTES);
        return (int) crc.getValue();
    }
}
