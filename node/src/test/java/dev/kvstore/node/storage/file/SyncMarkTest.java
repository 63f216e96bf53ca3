package dev.kvstore.node.storage.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kvstore.node.storage.format.FormatException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SyncMarkTest {
    private static final Manifest.Beginning SHORT = new Manifest.Beginning(7, 100, 1);
    private static final Manifest.Beginning LONG = new Manifest.Beginning(7, 200, 2);

    @TempDir
    Path folder;

    @Test
    void remembersTheHighestMark() throws IOException, FormatException {
        Path file = folder.resolve("mark");
        try (SyncMark mark = open(file, 5)) {
            assertThat(SyncMark.read(file)).contains(new SyncMark.Mark(5, SHORT));
            mark.reached(9);
            mark.reached(8);
            mark.force();
            assertThat(SyncMark.read(file)).contains(new SyncMark.Mark(9, SHORT));
            mark.reached(LONG);
            assertThat(SyncMark.read(file)).contains(new SyncMark.Mark(9, LONG));
            for (long each = 10; each < 20; each++) {
                mark.reached(each);
                assertThat(SyncMark.read(file)).contains(new SyncMark.Mark(each, LONG));
            }
        }
        try (SyncMark mark = open(file, 30)) {
            assertThat(SyncMark.read(file)).contains(new SyncMark.Mark(30, SHORT));
            mark.reached(31);
        }
        assertThat(SyncMark.read(file)).contains(new SyncMark.Mark(31, SHORT));
    }

    @Test
    void fallsBackToTheMarkBeforeATornOne() throws IOException, FormatException {
        Path file = folder.resolve("mark");
        try (SyncMark mark = open(file, 5)) {
            mark.reached(6);
        }
        byte[] content = Files.readAllBytes(file);
        // of the two places the first is the one that was written last
        content[10] ^= 1;
        Files.write(file, content);
        assertThat(SyncMark.read(file)).contains(new SyncMark.Mark(5, SHORT));
        Files.write(file, new byte[3]);
        assertThat(SyncMark.read(file)).isEmpty();
    }

    private static SyncMark open(Path file, long sequence) throws IOException {
        return SyncMark.open(file, new SyncMark.Mark(sequence, SHORT));
    }
}
