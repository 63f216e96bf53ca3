package dev.kvstore.node.coordination.folder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NumberedFilesTest {
    @TempDir
    Path root;

    private NumberedFiles files;

    @BeforeEach
    void prepare() throws IOException {
        Files.createDirectory(root.resolve("drafts"));
        Files.createDirectory(root.resolve("files"));
        files = open();
    }

    private NumberedFiles open() {
        return new NumberedFiles(root.resolve("files"), root.resolve("drafts"), ".json");
    }

    @Test
    void everyNumberHasOneCreatorHoweverManyTry() throws Exception {
        int threads = 8;
        int numbers = 40;
        try (ExecutorService executor = Executors.newFixedThreadPool(threads)) {
            List<Future<List<Long>>> results = new ArrayList<>();
            for (int thread = 0; thread < threads; thread++) {
                String name = "thread " + thread;
                Callable<List<Long>> work = () -> createAll(open(), numbers, name);
                results.add(executor.submit(work));
            }
            List<Long> all = new ArrayList<>();
            for (int thread = 0; thread < threads; thread++) {
                for (long number : results.get(thread).get()) {
                    all.add(number);
                    assertThat(files.read(number)).isEqualTo("thread " + thread);
                }
            }
            assertThat(all)
                    .containsExactlyInAnyOrderElementsOf(
                            LongStream.rangeClosed(1, numbers).boxed().toList());
        }
        assertThat(files.newest()).isEqualTo(numbers);
        try (Stream<Path> drafts = Files.list(root.resolve("drafts"))) {
            assertThat(drafts).isEmpty();
        }
    }

    private static List<Long> createAll(NumberedFiles files, int numbers, String content) throws Exception {
        List<Long> created = new ArrayList<>();
        for (long number = 1; number <= numbers; number++) {
            if (files.create(number, content)) {
                created.add(number);
            }
        }
        return created;
    }

    @Test
    void seesAtOnceWhatOthersCreateAndWhatIsTakenAway() throws Exception {
        NumberedFiles others = open();
        assertThat(files.newest()).isZero();
        for (long number = 1; number <= 3 * NumberedFiles.LOOKS; number++) {
            others.create(number, "content");
            assertThat(files.newest()).isEqualTo(number);
            assertThat(files.newest()).isEqualTo(number);
        }
        Files.delete(root.resolve("files").resolve("00000030.json"));
        assertThat(files.newest()).isEqualTo(29);
    }

    @Test
    void seesSoonAFileThatFollowsNoOther() throws Exception {
        files.create(1, "content");
        assertThat(files.newest()).isEqualTo(1);
        Files.writeString(root.resolve("files").resolve("00000007.json"), "by hand");
        long newest = 1;
        for (int look = 0; look < NumberedFiles.LOOKS; look++) {
            newest = files.newest();
        }
        assertThat(newest).isEqualTo(7);
    }

    @Test
    void keepsTheNewest() throws Exception {
        int count = NumberedFiles.KEEP + 10;
        for (long number = 1; number <= count; number++) {
            files.create(number, "content");
            files.putNote(number, ".note", "note");
        }
        files.prune();
        assertThat(files.numbers()).hasSize(NumberedFiles.KEEP).first().isEqualTo(11L);
        assertThat(files.note(10, ".note")).isEmpty();
        assertThat(files.note(11, ".note")).isEqualTo("note");
        assertThatThrownBy(() -> files.read(10)).isInstanceOf(NoSuchFileException.class);
    }

    /** As of a process that was frozen just before the creation, while the others went on. */
    @Test
    void aNumberThatWasRemovedAlreadyDoesNotCountWhenItIsCreatedAgain() throws Exception {
        for (long number = 1; number <= NumberedFiles.KEEP + 5; number++) {
            files.create(number, "content");
        }
        files.prune();
        assertThatThrownBy(() -> files.create(5, "late")).isInstanceOf(UncertainException.class);
        assertThat(files.numbers()).hasSize(NumberedFiles.KEEP).first().isEqualTo(6L);
        assertThat(files.create(6, "late")).isFalse();
    }

    @Test
    void aNumberWhosePredecessorIsGoneDoesNotCount() throws Exception {
        assertThatThrownBy(() -> files.create(7, "orphan")).isInstanceOf(UncertainException.class);
        assertThat(files.numbers()).isEmpty();
    }

    @Test
    void passesOverOtherFiles() throws Exception {
        files.create(1, "content");
        files.putNote(9, ".other", "note");
        Files.writeString(root.resolve("files").resolve("README.json"), "");
        Files.writeString(root.resolve("files").resolve("5.json"), "");
        assertThat(files.numbers()).containsExactly(1L);
    }

    @Test
    void failsWithoutItsFolder() throws Exception {
        Files.delete(root.resolve("files"));
        assertThatThrownBy(() -> files.newest()).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> files.create(1, "content")).isInstanceOf(UncertainException.class);
        Files.delete(root.resolve("drafts"));
        assertThatThrownBy(() -> files.create(1, "content")).isInstanceOf(IOException.class);
    }
}
