package dev.kvstore.node.storage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kvstore.core.data.Bytes;
import dev.kvstore.core.data.Entry;
import dev.kvstore.core.data.Outcome;
import dev.kvstore.core.io.Effect;
import dev.kvstore.core.io.Input;
import dev.kvstore.core.io.Recovered;
import dev.kvstore.testkit.fault.FileDamage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Damages a random place of a store that was killed. Whatever is hit, the store refuses, at once or when it meets the damage,
 * with a message that says where, or it holds exactly what it held: never anything else, and never less.
 */
class StorageDamageTest {
    private static final StorageSettings SETTINGS = Disk.SETTINGS.withTuning(StorageFiller.SMALL);
    private static final int RUNS = Integer.getInteger("kvstore.damages", 150);
    private static final long SEED = Long.getLong("kvstore.seed", 20_261);
    private static final long ANSWER_S = 30;

    @TempDir
    static Path shared;

    private static Path killed = Path.of("");
    private static Path closed = Path.of("");
    private static Content sound = new Content("", 0, Map.of());

    @TempDir
    Path folder;

    /** What a store holds, as a core would see it: what was logged is what counts, applied or not. */
    private record Content(String storeId, long boot, Map<Integer, Copy> copies) {}

    private record Copy(long lastSeq, List<Entry> log, List<Outcome.Item> items) {}

    /** Says what came of opening and reading it all: its content, or why it was refused. */
    private record Result(
            @Nullable Content content, @Nullable StorageException refusal) {}

    @BeforeAll
    static void fill() throws Exception {
        killed = shared.resolve("killed");
        try (ChildProcess filler = ChildProcess.start(StorageFiller.class, killed)) {
            assertThat(filler.readLine()).isEqualTo("filled");
            filler.kill();
        }
        closed = shared.resolve("closed");
        copy(killed, closed);
        Result result = read(closed);
        assertThat(result.content()).as("%s", result.refusal()).isNotNull();
        sound = result.content();
        assertThat(sound.copies()).hasSize(StorageFiller.PARTITIONS);
    }

    @Test
    void damageIsRefusedOrHarmlessButNeverWrongData() throws Exception {
        Map<String, Integer> outcomes = new TreeMap<>();
        for (int run = 0; run < RUNS; run++) {
            long seed = SEED + run;
            Random random = new Random(seed);
            boolean afterKill = random.nextInt(3) > 0;
            Path data = folder.resolve("data");
            copy(afterKill ? killed : closed, data);
            FileDamage damage = FileDamage.random(filesOfOneKind(data, random), random);
            damage.inflict();
            String what = "seed " + seed + (afterKill ? " (killed)" : " (closed)") + ": " + damage;

            Result result = read(data);

            StorageException refusal = result.refusal();
            if (refusal != null) {
                assertThat(refusal)
                        .as(what)
                        .hasMessageContaining("the store in " + data.resolve("store") + " is damaged")
                        .hasMessageContaining("--refill");
            } else {
                Content before = afterKill ? sound : new Content(sound.storeId(), sound.boot() + 1, sound.copies());
                assertThat(result.content()).as(what).isEqualTo(before);
            }
            outcomes.merge(kind(damage) + (refusal == null ? " harmless" : " refused"), 1, Integer::sum);
            remove(data);
        }
        System.out.println("damages from seed " + SEED + ": " + outcomes);
        assertThat(outcomes.keySet()).anyMatch(kind -> kind.endsWith("refused"));
    }

    private static String kind(FileDamage damage) {
        return damage.getClass().getSimpleName() + " " + kind(damage.file());
    }

    private static Result read(Path data) throws InterruptedException {
        BlockingQueue<Input> answers = new LinkedBlockingQueue<>();
        try (Storage storage = Storage.open(data, Owner.of(Disk.NAME), answers::add, SETTINGS)) {
            Recovered recovered = storage.recovered();
            Map<Integer, Copy> copies = new TreeMap<>();
            for (Map.Entry<Integer, Recovered.Copy> each : recovered.copies().entrySet()) {
                Copy copy = read(storage, answers, each.getKey(), each.getValue());
                if (copy == null) {
                    return new Result(
                            null,
                            storage.failure()
                                    .handle((none, failure) -> none)
                                    .toCompletableFuture()
                                    .join());
                }
                copies.put(each.getKey(), copy);
            }
            return new Result(new Content(recovered.storeId(), recovered.boot(), copies), null);
        } catch (StorageException e) {
            return new Result(null, e);
        }
    }

    private static @Nullable Copy read(
            Storage storage, BlockingQueue<Input> answers, int partition, Recovered.Copy found)
            throws InterruptedException {
        if (!found.unapplied().isEmpty()) {
            storage.execute(new Effect.Apply(partition, found.unapplied()));
            if (answer(storage, answers, Input.Applied.class) == null) {
                return null;
            }
        }
        List<Outcome.Item> items = new ArrayList<>();
        storage.execute(new Effect.ScanRange(1, partition, Bytes.EMPTY, null, Integer.MAX_VALUE, true));
        Input.Scanned scanned = answer(storage, answers, Input.Scanned.class);
        if (scanned == null) {
            return null;
        }
        for (Outcome.Item item : scanned.page().items()) {
            storage.execute(new Effect.Lookup(2, partition, item.key()));
            Input.LookedUp one = answer(storage, answers, Input.LookedUp.class);
            if (one == null) {
                return null;
            }
            assertThat(one.stored()).isEqualTo(item.stored());
            items.add(item);
        }
        storage.execute(new Effect.ReadLog(partition, "node2", found.base().seq() + 1, Integer.MAX_VALUE));
        Input.LogRead log = answer(storage, answers, Input.LogRead.class);
        return log == null ? null : new Copy(found.lastSeq(), log.entries(), items);
    }

    /** The answer, or null when the store has failed instead. */
    private static <T extends Input> @Nullable T answer(Storage storage, BlockingQueue<Input> answers, Class<T> type)
            throws InterruptedException {
        long untilNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(ANSWER_S);
        while (System.nanoTime() < untilNanos) {
            Input next = answers.poll(20, TimeUnit.MILLISECONDS);
            if (type.isInstance(next)) {
                return type.cast(next);
            }
            if (next == null && storage.metrics().failed()) {
                return null;
            }
        }
        throw new AssertionError("neither an answer nor a failure within " + ANSWER_S + " s");
    }

    /** There are many table files and one of most others, which should be hit as often. */
    private static List<Path> filesOfOneKind(Path data, Random random) throws IOException {
        try (Stream<Path> all = Files.list(data.resolve("store"))) {
            Map<String, List<Path>> kinds = all.sorted()
                    .collect(Collectors.groupingBy(StorageDamageTest::kind, TreeMap::new, Collectors.toList()));
            return List.copyOf(kinds.values()).get(random.nextInt(kinds.size()));
        }
    }

    private static String kind(Path file) {
        return file.getFileName().toString().replaceAll("LOG.*", "LOG").replaceAll("-?[0-9]+", "");
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> all = Files.walk(from)) {
            for (Path each : all.toList()) {
                Files.copy(each, to.resolve(from.relativize(each)));
            }
        }
    }

    private static void remove(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(each);
            }
        }
    }
}
