package dev.kvstore.node.coordination.folder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kvstore.core.io.Input.Proposed.Result;
import dev.kvstore.node.coordination.CoordinationMetrics;
import dev.kvstore.node.coordination.folder.Register.State;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RegisterTest {
    @TempDir
    Path root;

    private final CoordinationMetrics metrics = new CoordinationMetrics();
    private Register<Long> register;

    @BeforeEach
    void prepare() throws IOException {
        Files.createDirectory(root.resolve("drafts"));
        Files.createDirectory(root.resolve("files"));
        register = open();
    }

    private Register<Long> open() {
        return new Register<>(
                new NumberedFiles(root.resolve("files"), root.resolve("drafts"), ".json"), new Numbers(), metrics);
    }

    private static final class Numbers implements Format<Long> {
        @Override
        public String write(Long value) {
            return value.toString();
        }

        @Override
        public Long read(String text) throws UnreadableException {
            try {
                return Long.valueOf(text);
            } catch (NumberFormatException e) {
                throw new UnreadableException(e);
            }
        }
    }

    @Test
    void changesOnlyFromTheStateThatTheTokenNames() throws Exception {
        assertThat(register.read()).isEqualTo(new State<>("", null));
        assertThat(register.compareAndSet("", 10L)).isEqualTo(new Register.Outcome(Result.WON, "1"));
        assertThat(register.compareAndSet("", 11L).result()).isEqualTo(Result.LOST);
        assertThat(register.compareAndSet("1", 12L)).isEqualTo(new Register.Outcome(Result.WON, "2"));
        assertThat(register.compareAndSet("1", 13L).result()).isEqualTo(Result.LOST);
        assertThat(register.compareAndSet("7", 14L).result()).isEqualTo(Result.LOST);
        assertThat(register.read()).isEqualTo(new State<>("2", 12L));
    }

    /** Each adds one again and again; with two winners at a state, or a state that is passed over, the sum would not fit. */
    @Test
    void losesNoChangeHoweverManyTry() throws Exception {
        int threads = 6;
        int changes = 30;
        try (ExecutorService executor = Executors.newFixedThreadPool(threads)) {
            List<Future<Integer>> results = new ArrayList<>();
            for (int thread = 0; thread < threads; thread++) {
                Callable<Integer> work = () -> count(open(), changes);
                results.add(executor.submit(work));
            }
            for (Future<Integer> each : results) {
                assertThat(each.get()).isEqualTo(changes);
            }
        }
        assertThat(register.read()).isEqualTo(new State<>("" + threads * changes, (long) threads * changes));
    }

    private static int count(Register<Long> register, int wanted) throws IOException {
        int won = 0;
        while (won < wanted) {
            State<Long> state = register.read();
            long next = state.value() == null ? 1 : state.value() + 1;
            Result result = register.compareAndSet(state.token(), next).result();
            assertThat(result).isNotEqualTo(Result.UNKNOWN);
            won += result == Result.WON ? 1 : 0;
        }
        return won;
    }

    @Test
    void aDocumentThatCannotBeUnderstoodIsAnAlarmAndNothingMovesOn() throws Exception {
        register.compareAndSet("", 1L);
        register.compareAndSet("1", 2L);
        Path newest = root.resolve("files").resolve("00000003.json");
        Files.writeString(newest, "rubbish");
        assertThat(register.read()).isEqualTo(new State<>("2", 2L));
        assertThat(register.read()).isEqualTo(new State<>("2", 2L));
        assertThat(metrics.unreadable()).isEqualTo(1);
        assertThat(register.compareAndSet("2", 3L).result()).isEqualTo(Result.LOST);
        Files.delete(newest);
        assertThat(register.compareAndSet("2", 3L).result()).isEqualTo(Result.WON);
    }

    @Test
    void aRegisterFullOfRubbishIsNotAnEmptyOne() throws Exception {
        Files.writeString(root.resolve("files").resolve("00000001.json"), "");
        assertThatThrownBy(() -> register.read()).isInstanceOf(IOException.class);
        assertThat(register.compareAndSet("", 1L).result()).isEqualTo(Result.LOST);
    }

    @Test
    void aProcessThatWasFrozenBeforeItsCreationDoesNotWinLater() throws Exception {
        Register<Long> others = open();
        register.compareAndSet("", 0L);
        NumberedFiles files = new NumberedFiles(root.resolve("files"), root.resolve("drafts"), ".json");
        for (long i = 1; i <= NumberedFiles.KEEP + 3; i++) {
            assertThat(others.compareAndSet(Long.toString(i), i).result()).isEqualTo(Result.WON);
        }
        // what compareAndSet("1") does after it has found 1 to be the newest
        assertThatThrownBy(() -> files.create(2, "late")).isInstanceOf(UncertainException.class);
        assertThat(register.read().value()).isEqualTo(NumberedFiles.KEEP + 3L);
    }
}
