package dev.kvstore.node.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kvstore.core.data.Entry;
import dev.kvstore.core.data.EntryId;
import dev.kvstore.core.io.Effect;
import dev.kvstore.core.io.Effect.Write;
import dev.kvstore.core.io.Recovered;
import dev.kvstore.core.ring.Assignment;
import dev.kvstore.core.ring.Member;
import dev.kvstore.core.ring.Ring;
import dev.kvstore.node.storage.rocks.Batch;
import dev.kvstore.node.storage.rocks.Database;
import dev.kvstore.node.storage.rocks.Family;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A whole data folder that was recorded when its format was the present one: whoever changes what is stored has to raise the
 * format, and to go on reading this.
 */
class StoredFormatsTest {
    private static final String STORE_ID = "6db45f036e441ffd828b1d3a3eff16cb";
    private static final Ring RING = new Ring(
            "cluster-1",
            7,
            List.of(new Member(Disk.NAME, "store-1", 3, "pod-1", "a:8001", "a:18001", "east", false)),
            List.of(
                    new Assignment(4, Disk.NAME, 2, List.of(Disk.NAME), List.of(Disk.NAME), false, 0),
                    new Assignment(5, Disk.NAME, 3, List.of(Disk.NAME), List.of(Disk.NAME), false, 1)));

    private static final List<Entry> NOT_APPLIED =
            List.of(Disk.put(4, 21, "k21", "not applied"), Disk.delete(4, 22, "k3"), Disk.noop(4, 23));

    @TempDir
    Path folder;

    @Test
    void readsAFolderOfFormat1() throws Exception {
        unpack("/formats/data-folder-1.zip");
        try (Disk disk = new Disk(folder)) {
            assertThat(disk.storage().recovered().storeId()).isEqualTo(STORE_ID);
            check(disk);
        }
    }

    @Test
    void readsAFolderOfThePresentFormat() throws Exception {
        try (Disk disk = new Disk(folder)) {
            record(disk);
            disk.reopen();
            check(disk);
        }
    }

    /** What recordings were made of. */
    private static void record(Disk disk) {
        disk.persist(new Write.SaveRing(RING));
        disk.write(0, Disk.puts(4, 1, 17));
        disk.write(
                0,
                List.of(
                        Disk.delete(4, 18, "k2"),
                        Disk.put(4, 19, "expires", "soon", 5_000),
                        Disk.put(4, 20, "k20", "x")));
        disk.persist(new Write.TrimLog(0, new EntryId(4, 1, 10)), new Write.AppendLog(0, NOT_APPLIED));
        disk.persist(new Write.SaveJoining(0, new Effect.Joining("node2", "store-2", 4)));
        disk.persist(new Write.BeginSnapshot(1, new EntryId(5, 1, 9), 1));
    }

    private static void check(Disk disk) {
        Recovered recovered = disk.storage().recovered();
        assertThat(recovered.boot()).isEqualTo(2);
        assertThat(recovered.clusterId()).isEqualTo("cluster-1");
        assertThat(recovered.ring()).isEqualTo(RING);
        Recovered.Copy copy = disk.recovered(0);
        assertThat(copy.base()).isEqualTo(new EntryId(4, 1, 10));
        assertThat(copy.applied()).isEqualTo(new EntryId(4, 1, 20));
        assertThat(copy.lastSeq()).isEqualTo(23);
        assertThat(copy.incomplete()).isFalse();
        assertThat(copy.joining()).isEqualTo(new Effect.Joining("node2", "store-2", 4));
        assertThat(copy.unapplied()).isEqualTo(NOT_APPLIED);
        assertThat(disk.keys(0)).hasSize(18).contains("expires", "k12").doesNotContain("k2", "k21");
        assertThat(disk.lookup(0, "k12"))
                .satisfies(stored ->
                        assertThat(stored).isNotNull().extracting("version").isEqualTo(12L));
        assertThat(disk.expired(0, 5_000)).containsExactly("expires");
        assertThat(disk.recovered(1).incomplete()).isTrue();
    }

    @Test
    void aFolderOfALaterFormatIsRefusedAndSaysWhatToDo() throws Exception {
        new Disk(folder).close();
        Path store = folder.resolve("store");
        try (Database database = Database.open(store, Disk.SETTINGS.tuning(), false);
                Batch batch = database.batch()) {
            batch.put(
                    Family.META,
                    "format".getBytes(StandardCharsets.UTF_8),
                    Integer.toString(Identity.FORMAT + 1).getBytes(StandardCharsets.UTF_8));
            database.write(batch);
        }
        assertThatThrownBy(() -> new Disk(folder).close())
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("it is of format 2; this program reads format 1")
                .hasMessageContaining("Start the version that wrote it")
                .hasMessageNotContaining("damaged");
    }

    @Test
    void aMarkOfAnotherFormatIsRefusedAndSaysWhatToDo() throws Exception {
        new Disk(folder).close();
        byte[] other = ByteBuffer.allocate(64).putInt(1).array();
        Files.write(folder.resolve("store/SYNCED"), other);
        assertThatThrownBy(() -> new Disk(folder).close())
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("the file SYNCED is of format 1; this program reads format 2")
                .hasMessageContaining("Start the version that wrote it");
    }

    private void unpack(String resource) throws IOException {
        try (InputStream in = Objects.requireNonNull(StoredFormatsTest.class.getResourceAsStream(resource));
                ZipInputStream zip = new ZipInputStream(in)) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                Path file = folder.resolve(entry.getName()).normalize();
                assertThat(file).startsWithRaw(folder);
                if (!entry.isDirectory()) {
                    Files.createDirectories(file.getParent());
                    Files.copy(zip, file);
                }
            }
        }
    }
}
