package dev.kvstore.node.storage;

import static dev.kvstore.node.storage.Disk.put;
import static dev.kvstore.node.storage.Disk.puts;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kvstore.core.data.Bytes;
import dev.kvstore.core.io.Effect;
import dev.kvstore.core.io.Effect.Write;
import dev.kvstore.core.io.Input;
import dev.kvstore.core.io.Recovered;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StorageInstallTest {
    private static final int KILLS = 4;
    private static final int LINES_BEFORE_KILL = 90;
    private static final long ROUND = 7;

    @TempDir
    Path folder;

    @Test
    void showsNothingBeforeAllIsThereAndThenNothingElse() throws Exception {
        List<Bytes> parts = SnapshotInstaller.parts(ROUND);
        try (Disk disk = new Disk(folder, SnapshotInstaller.SETTINGS)) {
            disk.write(0, puts(1, 1, 50));
            disk.write(0, List.of(put(1, 51, "old", "x", 3)));
            disk.write(1, puts(1, 1, 5));
            disk.persist(new Write.BeginSnapshot(0, SnapshotInstaller.at(ROUND), 1));
            for (int index = 0; index < parts.size() - 1; index++) {
                disk.bring(0, 1, index, parts.get(index), false);
            }
            assertThat(incoming()).hasSizeGreaterThan(3);
            assertThat(disk.keys(0)).isEmpty();

            disk.bring(0, 1, parts.size() - 1, parts.getLast(), true);
            disk.persist(new Write.EndSnapshot(0, SnapshotInstaller.at(ROUND)));

            assertThat(incoming()).isEmpty();
            checkWhole(disk, ROUND);
            disk.write(0, List.of(put(ROUND, ROUND + 1, "after", "x")));
            disk.reopen();
            assertThat(disk.keys(0)).hasSize(SnapshotInstaller.KEYS + 1).contains("after");
            assertThat(disk.keys(1)).hasSize(5);
        }
    }

    @Test
    void isWholeOrMarkedAsIncompleteWhereverTheProcessIsKilled() throws Exception {
        for (int kill = 1; kill <= KILLS; kill++) {
            long whole = 0;
            try (ChildProcess child = ChildProcess.start(SnapshotInstaller.class, folder)) {
                for (int line = 0; line < LINES_BEFORE_KILL + 3 * kill; line++) {
                    whole = Math.max(whole, round(child.readLine()));
                }
                String rest = child.kill();
                for (String line :
                        rest.substring(0, rest.lastIndexOf('\n') + 1).lines().toList()) {
                    whole = Math.max(whole, round(line));
                }
            }
            try (Disk disk = new Disk(folder, SnapshotInstaller.SETTINGS)) {
                Recovered.Copy copy = disk.recovered(0);
                assertThat(incoming()).isEmpty();
                assertThat(copy.base().seq()).isGreaterThanOrEqualTo(whole);
                if (!copy.incomplete()) {
                    checkWhole(disk, copy.base().seq());
                }
                disk.install(0, SnapshotInstaller.at(ROUND), 1, SnapshotInstaller.parts(ROUND));
                disk.persist(new Write.EndSnapshot(0, SnapshotInstaller.at(ROUND)));
                checkWhole(disk, ROUND);
            }
        }
    }

    @Test
    void takesNoPartOfASnapshotThatAnotherOneOrAnEndHasReplaced() throws Exception {
        List<Bytes> former = SnapshotInstaller.parts(ROUND);
        List<Bytes> next = SnapshotInstaller.parts(ROUND + 1);
        try (Disk disk = new Disk(folder, SnapshotInstaller.SETTINGS)) {
            disk.persist(new Write.BeginSnapshot(0, SnapshotInstaller.at(ROUND), 1));
            disk.bring(0, 1, 0, former.getFirst(), false);
            disk.persist(new Write.BeginSnapshot(0, SnapshotInstaller.at(ROUND + 1), 2));
            disk.storage().execute(new Effect.InstallPart(0, 1, 1, former.get(1), true));
            for (int index = 0; index < next.size(); index++) {
                disk.bring(0, 2, index, next.get(index), index == next.size() - 1);
            }
            disk.persist(new Write.EndSnapshot(0, SnapshotInstaller.at(ROUND + 1)));
            disk.storage().execute(new Effect.InstallPart(0, 2, next.size(), former.getFirst(), true));
            disk.reopen();
            checkWhole(disk, ROUND + 1);

            disk.install(0, SnapshotInstaller.at(ROUND), 3, former);
            disk.persist(new Write.Discard(0));
            disk.reopen();
            assertThat(disk.recovered(0).incomplete()).isTrue();
            assertThat(disk.keys(0)).isEmpty();
            assertThat(disk.expired(0, 5_000)).isEmpty();
        }
    }

    @Test
    void refusesAPartThatWasChangedOnItsWayAndTakesTheNextSnapshot() throws Exception {
        List<Bytes> parts = SnapshotInstaller.parts(ROUND);
        try (Disk disk = new Disk(folder, SnapshotInstaller.SETTINGS)) {
            byte[] changed = parts.get(1).array().clone();
            changed[changed.length - 1] ^= 1;
            disk.persist(new Write.BeginSnapshot(0, SnapshotInstaller.at(ROUND), 1));
            disk.bring(0, 1, 0, parts.getFirst(), false);

            assertThat(refusal(disk, 1, 1, Bytes.wrap(changed))).contains("does not match its checksum");
            assertThat(incoming()).isEmpty();

            disk.install(0, SnapshotInstaller.at(ROUND), 2, parts);
            disk.persist(new Write.EndSnapshot(0, SnapshotInstaller.at(ROUND)));
            checkWhole(disk, ROUND);
        }
    }

    @Test
    void refusesPartsThatAreNotInTheOrderOfKeys() throws Exception {
        List<Bytes> parts = SnapshotInstaller.parts(ROUND);
        try (Disk disk = new Disk(folder)) {
            disk.persist(new Write.BeginSnapshot(0, SnapshotInstaller.at(ROUND), 1));
            disk.bring(0, 1, 0, parts.get(1), false);
            assertThat(refusal(disk, 1, 1, parts.getFirst())).contains("Keys must be added in strict ascending order");
        }
    }

    @Test
    void refusesATableFileThatWasDamagedMeanwhile() throws Exception {
        List<Bytes> parts = SnapshotInstaller.parts(ROUND);
        try (Disk disk = new Disk(folder, SnapshotInstaller.SETTINGS)) {
            disk.persist(new Write.BeginSnapshot(0, SnapshotInstaller.at(ROUND), 1));
            for (int index = 0; index < parts.size() - 1; index++) {
                disk.bring(0, 1, index, parts.get(index), false);
            }
            try (FileChannel file = FileChannel.open(incoming().getFirst(), StandardOpenOption.WRITE)) {
                file.truncate(file.size() - 20);
            }

            assertThat(refusal(disk, 1, parts.size() - 1, parts.getLast())).isNotEmpty();

            assertThat(disk.keys(0)).isEmpty();
            assertThat(disk.storage().failure().toCompletableFuture()).isNotDone();
        }
    }

    private static String refusal(Disk disk, long install, int index, Bytes part) {
        disk.storage().execute(new Effect.InstallPart(0, install, index, part, true));
        return disk.answers()
                .take(Input.InstallRefused.class, refused -> refused.install() == install)
                .why();
    }

    private static long round(String line) {
        return line.startsWith("whole ") ? Long.parseLong(line.substring(6)) : 0;
    }

    private static void checkWhole(Disk disk, long round) {
        assertThat(disk.keys(0)).isEqualTo(SnapshotInstaller.keys(round));
        assertThat(disk.expired(0, 5_000)).hasSize((SnapshotInstaller.KEYS + 2) / 3);
        assertThat(disk.lookup(0, SnapshotInstaller.keys(round).getFirst()))
                .satisfies(stored ->
                        assertThat(stored).isNotNull().extracting("version").isEqualTo(round));
    }

    private List<Path> incoming() throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve("incoming"))) {
            return files.sorted().toList();
        }
    }
}
