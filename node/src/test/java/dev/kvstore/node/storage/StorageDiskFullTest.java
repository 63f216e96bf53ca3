package dev.kvstore.node.storage;

import static dev.kvstore.node.storage.Disk.put;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.kvstore.core.data.Entry;
import dev.kvstore.core.io.Effect;
import dev.kvstore.core.io.Effect.Write;
import dev.kvstore.core.io.Input;
import dev.kvstore.node.storage.rocks.Tuning;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs on a small disk in memory, which takes root to mount; without that it is skipped. */
class StorageDiskFullTest {
    private static final int DISK_BYTES = 96 << 20;
    private static final StorageSettings SETTINGS =
            // What is written here fits the buffers, so that it is the log that finds no room.
            Disk.SETTINGS.withMinFreeBytes(0).withTuning(new Tuning(1 << 20, 32 << 20, 64 << 20, 1));

    @TempDir
    Path folder;

    private boolean mounted;

    @BeforeEach
    void mount() throws IOException, InterruptedException {
        mounted = run("mount", "-t", "tmpfs", "-o", "size=" + DISK_BYTES, "tmpfs", folder.toString());
        assumeTrue(mounted, "a disk in memory cannot be mounted here");
    }

    @AfterEach
    void unmount() throws IOException, InterruptedException {
        if (mounted) {
            assertThat(run("umount", folder.toString())).isTrue();
        }
    }

    @Test
    void keepsAWriteThatFindsNoRoomUntilThereIsSome() throws Exception {
        String value = "x".repeat(100_000);
        try (Disk disk = new Disk(folder.resolve("data"), SETTINGS)) {
            long seq = 0;
            Path ballast = folder.resolve("ballast");
            leave(ballast, 4 << 20);
            boolean refused = false;
            while (!refused && seq < 1_000) {
                seq++;
                long id = disk.begin(new Write.AppendLog(0, List.of(put(1, seq, "k", value))));
                Input answer = disk.answers().take(Input.class, input -> answers(input, id));
                refused = answer instanceof Input.DiskRefuses;
            }
            assertThat(refused).isTrue();
            // the state cannot be written either, and is not lost
            List<Entry> first = disk.log(0, 1, 1);
            disk.storage().execute(new Effect.Apply(0, first));
            assertThat(disk.storage().metrics().failedWrites()).isPositive();

            Files.delete(ballast);

            disk.answers().take(Input.Persisted.class);
            disk.answers().take(Input.Applied.class);
            disk.answers().take(Input.DiskRefuses.class, answer -> !answer.refuses());
            disk.persist(new Write.AppendLog(0, List.of(put(1, seq + 1, "k", "after"))));

            disk.reopen();
            assertThat(disk.recovered(0).lastSeq()).isEqualTo(seq + 1);
            assertThat(disk.recovered(0).applied().seq()).isEqualTo(1);
            assertThat(disk.log(0, 1)).hasSize((int) seq + 1);
        }
    }

    @Test
    void keepsWhatItAnsweredWhenItEndsWithAFullDisk() throws Exception {
        String value = "x".repeat(100_000);
        Path ballast = folder.resolve("ballast");
        long persisted = 0;
        try (Disk disk = new Disk(folder.resolve("data"), SETTINGS)) {
            leave(ballast, 4 << 20);
            while (persisted < 1_000) {
                long id = disk.begin(new Write.AppendLog(0, List.of(put(1, persisted + 1, "k", value))));
                if (disk.answers().take(Input.class, input -> answers(input, id)) instanceof Input.DiskRefuses) {
                    break;
                }
                persisted++;
            }
        }
        Files.delete(ballast);
        try (Disk disk = new Disk(folder.resolve("data"), SETTINGS)) {
            assertThat(disk.recovered(0).lastSeq()).isBetween(persisted, persisted + 1);
            assertThat(disk.log(0, 1)).hasSize((int) disk.recovered(0).lastSeq());
        }
    }

    @Test
    void refusesBeforeTheDiskIsFull() throws Exception {
        try (Disk disk = new Disk(folder.resolve("data"), SETTINGS.withMinFreeBytes(12 << 20))) {
            Path ballast = folder.resolve("ballast");
            leave(ballast, 8 << 20);
            disk.answers().take(Input.DiskRefuses.class, Input.DiskRefuses::refuses);
            assertThat(disk.storage().metrics().freeBytes()).isBetween(1L, 12L << 20);
            // what must be written can still be
            disk.persist(new Write.AppendLog(0, List.of(put(1, 1, "k", "v"))));

            Files.delete(ballast);
            disk.answers().take(Input.DiskRefuses.class, answer -> !answer.refuses());
        }
    }

    /** Fills the disk but for this many bytes. */
    private void leave(Path ballast, int bytes) throws IOException {
        long free = Files.getFileStore(folder).getUsableSpace();
        Files.write(ballast, new byte[Math.toIntExact(free - bytes)]);
    }

    private static boolean answers(Input input, long id) {
        return input instanceof Input.DiskRefuses
                || (input instanceof Input.Persisted persisted && persisted.id() == id);
    }

    private static boolean run(String... command) throws InterruptedException {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return process.waitFor(30, TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (IOException e) {
            return false;
        }
    }
}
