package dev.kvstore.node.storage.file;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.net.URLConnection;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import org.rocksdb.RocksDB;
import org.rocksdb.util.Environment;

/**
 * RocksDB's native library, unpacked once and kept. RocksDB itself would unpack it at every start into the folder for
 * temporary files, and a process that is killed would leave it there.
 */
public final class NativeLibrary {
    private NativeLibrary() {}

    /**
     * Loads the library into this process, unless that was done before.
     *
     * @param folder where it is kept, under a folder named after its checksum; other versions stay untouched
     * @throws IOException when it cannot be unpacked or loaded; the message says what to do
     */
    public static synchronized void load(Path folder) throws IOException {
        String name = Environment.getJniLibraryFileName("rocksdb");
        URL resource = RocksDB.class.getClassLoader().getResource(name);
        if (resource == null) {
            throw new IOException("this program has no RocksDB for this machine (" + name + ")");
        }
        long checksum = checksum(resource);
        Path version = folder.resolve("rocksdb-" + Long.toHexString(checksum));
        // the name under which RocksDB looks for it in a given folder, which is not the one that it has in the archive
        Path file = version.resolve(Environment.getJniLibraryFileName("rocksdbjni"));
        // a damaged one would do anything, silently; reading it costs some milliseconds
        if (!Files.exists(file) || checksum(file.toUri().toURL()) != checksum) {
            unpack(resource, file);
        }
        try {
            RocksDB.loadLibrary(List.of(version.toAbsolutePath().toString()));
        } catch (UnsatisfiedLinkError e) {
            throw new IOException(
                    file + " cannot be loaded (" + e.getMessage()
                            + "); its folder must allow programs to run and the file must be whole: delete it to have it unpacked again",
                    e);
        }
    }

    private static void unpack(URL resource, Path file) throws IOException {
        Files.createDirectories(file.getParent());
        Path part = Files.createTempFile(file.getParent(), "part", ".tmp");
        try {
            try (InputStream in = resource.openStream()) {
                Files.copy(in, part, StandardCopyOption.REPLACE_EXISTING);
            }
            // synced before it gets its name: a file of that name is whole, whatever happened
            try (FileChannel channel = FileChannel.open(part, StandardOpenOption.WRITE)) {
                channel.force(true);
            }
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(part);
        }
    }

    private static long checksum(URL resource) throws IOException {
        URLConnection connection = resource.openConnection();
        if (connection instanceof JarURLConnection jar && jar.getJarEntry().getCrc() != -1) {
            return jar.getJarEntry().getCrc();
        }
        CRC32 crc = new CRC32();
        try (InputStream in = new CheckedInputStream(connection.getInputStream(), crc)) {
            in.transferTo(OutputStream.nullOutputStream());
        }
        return crc.getValue();
    }
}
