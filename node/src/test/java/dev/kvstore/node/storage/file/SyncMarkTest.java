package dev.kvstore.node.storage.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SyncMarkTest {
    @TempDir
    Path folder;

    @Test
    void remembersTheHighestMark() throws IOException {
        Path file = folder.resolve("mark");
        try (SyncMark mark = SyncMark.open(file, 5)) {
            assertThat(SyncMark.read(file)).isEqualTo(5);
            mark.reached(9);
            mark.reached(8);
            mark.force();
            assertThat(SyncMark.read(file)).isEqualTo(9);
            for (long each = 10; each < 20; each++) {
                mark.reached(each);
                assertThat(SyncMark.read(file)).isEqualTo(each);
            }
        }
        try (SyncMark mark = SyncMark.open(file, 30)) {
            assertThat(SyncMark.read(file)).isEqualTo(30);
            mark.reached(31);
        }
        assertThat(SyncMark.read(file)).isEqualTo(31);
    }

    @Test
    void fallsBackToTheMarkBeforeATornOne() throws IOException {
        Path file = folder.resolve("mark");
        try (SyncMark mark = SyncMark.open(file, 5)) {
            mark.reached(6);
        }
        byte[] content = Files.readAllBytes(file);
        content[content.length - 1] ^= 1;
        Files.write(file, content);
        assertThat(SyncMark.read(file)).isEqualTo(5);
        Files.write(file, new byte[3]);
        assertThat(SyncMark.read(file)).isZero();
    }
}
