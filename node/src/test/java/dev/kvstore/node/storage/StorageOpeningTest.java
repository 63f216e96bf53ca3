package dev.kvstore.node.storage;

import static dev.kvstore.node.storage.Disk.puts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kvstore.core.data.Bytes;
import dev.kvstore.core.io.Effect;
import dev.kvstore.core.io.Effect.Write;
import dev.kvstore.node.storage.rocks.Tuning;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StorageOpeningTest {
    @TempDir
    Path folder;

    @Test
    void refusesAFolderThatAnotherProcessUses() throws Exception {
        try (ChildProcess child = ChildProcess.start(StorageHolder.class, folder)) {
            child.readLine();

            refuses(Disk.NAME, Disk.SETTINGS)
                    .hasMessageContaining("is in use by another process (pid " + child.pid() + ")");

            child.kill();
            new Disk(folder, Disk.SETTINGS.withLockWaitMs(30_000)).close();
        }
    }

    @Test
    void waitsForTheOneBeforeItToEnd() throws Exception {
        Disk before = new Disk(folder);
        before.write(0, puts(1, 1, 3));
        Thread closing = Thread.ofPlatform().start(before::close);
        try (Disk after = new Disk(folder, Disk.SETTINGS.withLockWaitMs(30_000))) {
            assertThat(after.recovered(0).lastSeq()).isEqualTo(3);
        }
        closing.join();
    }

    @Test
    void refusesAFolderOfAnotherNodeAndLeavesItAlone() throws Exception {
        filled();
        Map<String, Long> before = content();

        refuses("node2", Disk.SETTINGS).hasMessageContaining("belongs to node 'node1', not to 'node2'");

        assertThat(content()).isEqualTo(before);
        new Disk(folder).close();
    }

    @Test
    void refusesADataFolderThatIsAFile() throws Exception {
        Path file = Files.createFile(folder.resolve("file"));
        assertThatThrownBy(() -> Storage.open(file, Owner.of(Disk.NAME), input -> {}, Disk.SETTINGS))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("data folder " + file + " cannot be used");
    }

    @Test
    void namesTheTableFileThatIsDamaged() throws Exception {
        filled();
        for (Path table : files(".sst")) {
            flip(table, 0, Files.size(table));
        }
        refusesDamaged().hasMessageContaining(".sst");
    }

    @Test
    void refusesADamagedManifest() throws Exception {
        filled();
        Path manifest = files("MANIFEST").getLast();
        flip(manifest, 20, 60);
        refusesDamaged().hasMessageContaining("MANIFEST");
    }

    @Test
    void refusesADamagedOrMissingCurrent() throws Exception {
        filled();
        Path current = folder.resolve("store/CURRENT");
        flip(current, 3, 6);
        refusesDamaged().hasMessageContaining("CURRENT");
        Files.delete(current);
        refusesDamaged().hasMessageContaining("its file CURRENT is missing");
    }

    @Test
    void refusesALogThatEndsBeforeWhatWasSynced() throws Exception {
        filled();
        Path log = longestLog();
        try (FileChannel channel = FileChannel.open(log, StandardOpenOption.WRITE)) {
            channel.truncate(Files.size(log) / 2);
        }
        refusesDamaged().hasMessageContaining("write-ahead log").hasMessageContaining("was on disk");
        refusesDamaged();
    }

    @Test
    void refusesALogWithDamageInWhatWasSynced() throws Exception {
        filled();
        Path log = longestLog();
        flip(log, Files.size(log) / 2, Files.size(log) / 2 + 8);
        refusesDamaged().hasMessageContaining("write-ahead log").hasMessageContaining("was on disk");
    }

    @Test
    void takesATornTailForNormal() throws Exception {
        filled();
        Path log = longestLog();
        byte[] begunRecord = Arrays.copyOf(Files.readAllBytes(log), 40);
        Files.write(log, begunRecord, StandardOpenOption.APPEND);
        try (Disk disk = new Disk(folder)) {
            assertThat(disk.recovered(0).lastSeq()).isEqualTo(300);
            disk.write(0, puts(1, 301, 302));
        }
        Files.write(longestLog(), new byte[5_000], StandardOpenOption.APPEND);
        try (Disk disk = new Disk(folder)) {
            assertThat(disk.recovered(0).lastSeq()).isEqualTo(302);
            disk.write(0, puts(1, 303, 303));
            disk.reopen();
            assertThat(disk.recovered(0).applied().seq()).isEqualTo(303);
        }
    }

    @Test
    void saysSoWhenADamagedValueIsMetLater() throws Exception {
        StorageSettings settings = Disk.SETTINGS.withTuning(new Tuning(1 << 20, 1 << 20, 1 << 20, 1));
        try (Disk disk = new Disk(folder, settings)) {
            for (int i = 0; i < 40; i++) {
                disk.write(0, puts(1, i * 1_000 + 1, i * 1_000 + 1_000));
            }
            disk.persist(new Write.TrimLog(0, Disk.id(1, 40_000)));
            disk.reopen();
        }
        for (Path table : files(".sst")) {
            // the first blocks hold the values, the end is read at the start
            flip(table, 100, Math.max(100, Files.size(table) - 6_000));
        }
        assertThat(damageMetByLookups(settings))
                .hasMessageContaining("is damaged")
                .hasMessageContaining(".sst");
    }

    /** It may also be met at once, by a compaction in the background. */
    private StorageException damageMetByLookups(StorageSettings settings) throws Exception {
        try (Disk disk = new Disk(folder, settings)) {
            for (int i = 1; i <= 40_000; i++) {
                disk.storage().execute(new Effect.Lookup(i, 0, Bytes.utf8("k" + i)));
            }
            return disk.storage().failure().toCompletableFuture().get(60, TimeUnit.SECONDS);
        } catch (StorageException e) {
            return e;
        }
    }

    @Test
    void refusesADamagedStoreAtEveryLaterStartUntilItIsDiscarded() throws Exception {
        filled();
        assertThat(damagedWhereOnlyAReadMeetsIt()).hasMessageContaining("is damaged");
        refusesDamagedBefore();
        refusesDamagedBefore();

        Storage.discard(folder, Owner.of(Disk.NAME), Disk.SETTINGS);

        try (Disk disk = new Disk(folder)) {
            assertThat(disk.storage().recovered().copies()).isEmpty();
        }
    }

    private StorageException damagedWhereOnlyAReadMeetsIt() throws Exception {
        for (Path table : files(".sst")) {
            byte[] sound = Files.readAllBytes(table);
            flip(table, 20, 30);
            try (Disk disk = new Disk(folder)) {
                disk.storage().execute(new Effect.ScanRange(1, 0, Bytes.EMPTY, null, 1_000, true));
                disk.storage().execute(new Effect.ReadLog(0, "node2", 1, Integer.MAX_VALUE));
                return disk.storage().failure().toCompletableFuture().get(10, TimeUnit.SECONDS);
            } catch (StorageException | TimeoutException foundAtOnceOrNeverRead) {
                Files.write(table, sound);
            }
        }
        throw new AssertionError("every table is read by the start, or none by the reads");
    }

    private void refusesDamagedBefore() {
        refuses(Disk.NAME, Disk.SETTINGS)
                .hasMessageContaining("was found damaged")
                .hasMessageContaining(folder.resolve("DAMAGED").toString())
                .hasMessageContaining(".sst")
                .hasMessageContaining("--refill");
    }

    @Test
    void aDiscardedStoreComesBackEmptyAndAsAnother() throws Exception {
        filled();
        String storeId;
        try (Disk disk = new Disk(folder)) {
            storeId = disk.storage().recovered().storeId();
            assertThatThrownBy(() -> Storage.discard(folder, Owner.of(Disk.NAME), Disk.SETTINGS))
                    .hasMessageContaining("is in use by another process");
        }
        assertThatThrownBy(() -> Storage.discard(folder, Owner.of("node2"), Disk.SETTINGS))
                .hasMessageContaining("belongs to node 'node1', not to 'node2'");
        flip(files("MANIFEST").getLast(), 20, 60);

        Storage.discard(folder, Owner.of(Disk.NAME), Disk.SETTINGS);

        try (Disk disk = new Disk(folder)) {
            assertThat(disk.storage().recovered().storeId()).isNotEqualTo(storeId);
            assertThat(disk.storage().recovered().copies()).isEmpty();
            assertThat(disk.storage().recovered().boot()).isEqualTo(1);
        }
        assertThat(folder.resolve("store.discarded")).doesNotExist();
    }

    @Test
    void refusesAStoreWithoutTheMarkOfWhatWasSynced() throws Exception {
        filled();
        Path mark = folder.resolve("store/SYNCED");
        Files.write(mark, new byte[8_000]);
        refuses(Disk.NAME, Disk.SETTINGS).hasMessageContaining("its file SYNCED is missing or not whole");
        Files.delete(mark);
        refuses(Disk.NAME, Disk.SETTINGS).hasMessageContaining("its file SYNCED is missing or not whole");
    }

    @Test
    void unpacksADamagedNativeLibraryAgain() throws Exception {
        try (ChildProcess child = ChildProcess.start(StorageHolder.class, folder)) {
            child.readLine();
        }
        Path library = libraries().getFirst();
        flip(library, 1_000, 100_000);
        try (ChildProcess child = ChildProcess.start(StorageHolder.class, folder)) {
            assertThat(child.readLine()).isEqualTo("2");
        }
    }

    @Test
    void unpacksTheNativeLibraryOnce() throws Exception {
        try (ChildProcess child = ChildProcess.start(StorageHolder.class, folder)) {
            child.readLine();
        }
        List<Path> first = libraries();
        try (ChildProcess child = ChildProcess.start(StorageHolder.class, folder)) {
            child.readLine();
        }
        assertThat(first).hasSize(1);
        assertThat(libraries()).isEqualTo(first);
    }

    private List<Path> libraries() throws IOException {
        try (Stream<Path> all = Files.walk(folder.resolve("lib"))) {
            return all.filter(Files::isRegularFile).sorted().toList();
        }
    }

    /** A store with entries in table files and in the write-ahead log. */
    private void filled() throws StorageException {
        Tuning small = new Tuning(1 << 20, 1 << 18, 1 << 20, 1);
        try (Disk disk = new Disk(folder, Disk.SETTINGS.withTuning(small))) {
            disk.write(0, puts(1, 1, 100));
            disk.reopen();
            for (int i = 100; i < 300; i += 10) {
                disk.write(0, puts(1, i + 1, i + 10));
            }
        }
    }

    private AbstractThrowableAssert<?, ? extends Throwable> refuses(String name, StorageSettings settings) {
        return assertThatThrownBy(() -> Storage.open(folder, Owner.of(name), input -> {}, settings))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining(folder.toString());
    }

    private AbstractThrowableAssert<?, ? extends Throwable> refusesDamaged() throws IOException {
        Map<String, Long> before = content();
        var refused = refuses(Disk.NAME, Disk.SETTINGS)
                .hasMessageContaining("the store in " + folder.resolve("store") + " is damaged")
                .hasMessageContaining("--refill");
        assertThat(content()).isEqualTo(before);
        return refused;
    }

    /** Every file of the store but RocksDB's own notes, with a checksum. */
    private Map<String, Long> content() throws IOException {
        Map<String, Long> content = new TreeMap<>();
        for (Path file : files("")) {
            String name = file.getFileName().toString();
            if (!name.startsWith("LOG")) {
                CRC32 crc = new CRC32();
                crc.update(Files.readAllBytes(file));
                content.put(name, crc.getValue());
            }
        }
        return content;
    }

    private Path longestLog() throws IOException {
        List<Path> logs = new ArrayList<>(files(".log"));
        logs.sort(Comparator.comparingLong(path -> path.toFile().length()));
        return logs.getLast();
    }

    private List<Path> files(String part) throws IOException {
        try (Stream<Path> all = Files.list(folder.resolve("store"))) {
            return all.filter(file -> file.getFileName().toString().contains(part))
                    .sorted()
                    .toList();
        }
    }

    private static void flip(Path file, long from, long to) throws IOException {
        byte[] content = Files.readAllBytes(file);
        for (int i = (int) from; i < to; i++) {
            content[i] ^= 0x5A;
        }
        Files.write(file, content);
    }
}
