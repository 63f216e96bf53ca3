package dev.kvstore.cli.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reading a node's log. */
class LogFileTest {
    @TempDir
    Path folder;

    @Test
    void showsTheLastLines() throws Exception {
        LogFile log = new LogFile(folder.resolve("node1.log"));
        assertThat(log.tail(5)).isEmpty();
        Files.writeString(log.path(), "one\ntwo\nthree\n");
        assertThat(log.tail(2)).containsExactly("two", "three");
        assertThat(log.tail(9)).hasSize(3);
        assertThat(log.tail(0)).isEmpty();
    }

    @Test
    void followsWhatIsAdded() throws Exception {
        LogFile log = new LogFile(folder.resolve("node1.log"));
        Files.writeString(log.path(), "old\n");
        long from = log.size();
        LinkedBlockingQueue<String> seen = new LinkedBlockingQueue<>();
        Thread follower = Thread.ofVirtual().start(() -> {
            try {
                log.follow(from, bytes -> seen.add(new String(bytes, StandardCharsets.UTF_8)));
            } catch (Exception e) {
                seen.add("end");
            }
        });
        Files.writeString(log.path(), "new\n", StandardOpenOption.APPEND);
        assertThat(seen.poll(10, TimeUnit.SECONDS)).isEqualTo("new\n");
        Files.writeString(log.path(), "x\n");
        assertThat(seen.poll(10, TimeUnit.SECONDS)).isEqualTo("x\n");
        follower.interrupt();
        assertThat(seen.poll(10, TimeUnit.SECONDS)).isEqualTo("end");
    }
}
