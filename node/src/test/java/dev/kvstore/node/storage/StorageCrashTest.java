package dev.kvstore.node.storage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kvstore.core.data.Bytes;
import dev.kvstore.core.data.Change;
import dev.kvstore.core.data.Entry;
import dev.kvstore.core.data.EntryId;
import dev.kvstore.core.data.Outcome;
import dev.kvstore.core.io.Effect.Write;
import dev.kvstore.core.io.Recovered;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StorageCrashTest {
    private static final int KILLS = 3;
    private static final int LINES_BEFORE_KILL = 300;

    @TempDir
    Path folder;

    private final long[] persisted = new long[StorageWriter.PARTITIONS];
    private final long[] applied = new long[StorageWriter.PARTITIONS];

    @Test
    void keepsWhatItAnsweredWhenTheProcessIsKilled() throws Exception {
        for (int kill = 1; kill <= KILLS; kill++) {
            try (ChildProcess child = ChildProcess.start(StorageWriter.class, folder)) {
                for (int line = 0; line < LINES_BEFORE_KILL * kill; line++) {
                    note(child.readLine());
                }
                String rest = child.kill();
                // the very last line may be cut
                rest.substring(0, rest.lastIndexOf('\n') + 1).lines().toList().reversed().stream()
                        .skip(1)
                        .forEach(this::note);
            }
            try (Disk disk = new Disk(folder)) {
                assertThat(disk.storage().recovered().boot()).isEqualTo(2L * kill);
                for (int partition = 0; partition < StorageWriter.PARTITIONS; partition++) {
                    check(disk, partition);
                }
            }
        }
    }

    @Test
    void isInAStateThatWasWhereverTheWriteAheadLogEnds(@TempDir Path copies) throws Exception {
        Path store = folder.resolve("store");
        byte[] firstMark;
        try (Disk disk = new Disk(folder)) {
            firstMark = Files.readAllBytes(store.resolve("SYNCED"));
            for (long seq = 1; seq < 40; seq += 3) {
                List<Entry> entries = new ArrayList<>();
                for (long each = seq; each < seq + 3; each++) {
                    entries.add(StorageWriter.entry(1, each));
                }
                disk.write(0, entries);
            }
            disk.persist(new Write.TrimLog(0, new EntryId(1, 1, 20)));
        }
        Path log = longest(store);
        int step = 97;
        int whole = (int) Files.size(log);
        int lengths = 0;
        Set<Long> sequences = new HashSet<>();
        for (int length = whole; length > whole / 8; length -= step) {
            Path copy = copies.resolve(Integer.toString(length));
            copy(store, copy.resolve("store"));
            // a loss of power may take all that was not synced; here the synced part too, so that there are more cases
            Files.write(copy.resolve("store/SYNCED"), firstMark);
            try (FileChannel channel =
                    FileChannel.open(copy.resolve("store").resolve(log.getFileName()), StandardOpenOption.WRITE)) {
                channel.truncate(length);
            }
            try (Disk disk = new Disk(copy)) {
                check(disk, 0);
                sequences.add(disk.recovered(0).applied().seq());
            }
            lengths++;
        }
        assertThat(lengths).isGreaterThan(20);
        assertThat(sequences).hasSizeGreaterThan(5);
    }

    private static Path longest(Path store) throws IOException {
        try (Stream<Path> all = Files.list(store)) {
            return all.filter(file -> file.toString().endsWith(".log"))
                    .max(Comparator.comparingLong(file -> file.toFile().length()))
                    .orElseThrow();
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.createDirectories(to);
        try (Stream<Path> all = Files.list(from)) {
            for (Path file : all.toList()) {
                Files.copy(file, to.resolve(file.getFileName()));
            }
        }
    }

    private void note(String line) {
        String[] words = line.split(" ", -1);
        switch (words[0]) {
            case "p" -> {
                for (int partition = 0; partition < persisted.length; partition++) {
                    persisted[partition] = Math.max(persisted[partition], Long.parseLong(words[1 + partition]));
                }
            }
            case "a" -> {
                int partition = Integer.parseInt(words[1]);
                applied[partition] = Math.max(applied[partition], Long.parseLong(words[2]));
            }
            default -> throw new AssertionError(line);
        }
    }

    private void check(Disk disk, int partition) {
        Recovered.Copy copy = disk.recovered(partition);
        long appliedSeq = copy.applied().seq();
        assertThat(copy.lastSeq()).isGreaterThanOrEqualTo(persisted[partition]);
        // a process that is killed takes nothing with it that it had given to the operating system
        assertThat(appliedSeq).isGreaterThanOrEqualTo(applied[partition]).isLessThanOrEqualTo(copy.lastSeq());
        assertThat(copy.base().seq()).isLessThanOrEqualTo(appliedSeq);

        List<Entry> log = disk.log(partition, copy.base().seq() + 1);
        assertThat(log).hasSize((int) (copy.lastSeq() - copy.base().seq()));
        assertThat(copy.unapplied())
                .isEqualTo(log.subList((int) (appliedSeq - copy.base().seq()), log.size()));

        assertThat(state(disk, partition)).isEqualTo(stateAt(appliedSeq));
        long expiring = stateAt(appliedSeq).values().stream()
                .filter(seq -> seq % 3 == 0)
                .count();
        assertThat(disk.expired(partition, Long.MAX_VALUE)).hasSize((int) expiring);
        for (Entry entry : log) {
            Change.Put put = (Change.Put) entry.change();
            assertThat(put.value()).isEqualTo(Bytes.utf8(Long.toString(entry.seq())));
        }
    }

    private static Map<String, Long> state(Disk disk, int partition) {
        Map<String, Long> state = new HashMap<>();
        for (Outcome.Item item :
                disk.scan(partition, "", null, Integer.MAX_VALUE, true).items()) {
            assertThat(new String(item.stored().value().array(), StandardCharsets.US_ASCII))
                    .isEqualTo(Long.toString(item.stored().version()));
            state.put(item.key().toString(), item.stored().version());
        }
        return state;
    }

    /** What the keys hold after so many entries: see {@link StorageWriter}. */
    private static Map<String, Long> stateAt(long seq) {
        Map<String, Long> state = new HashMap<>();
        for (long each = Math.max(1, seq - 2L * StorageWriter.KEYS); each <= seq; each++) {
            state.put(each % 2 == 1 ? "last" : "key" + each % StorageWriter.KEYS, each);
        }
        return state;
    }
}
