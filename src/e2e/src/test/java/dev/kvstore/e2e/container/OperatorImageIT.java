package dev.kvstore.e2e.container;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kvstore.testkit.load.KvClient;
import dev.kvstore.testkit.process.Await;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The operator's image alone, without a Kubernetes, for which it waits. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class OperatorImageIT {
    private static final Duration START = Duration.ofMinutes(2);

    @Test
    void takesItsClassesFromTheAotCacheAndWaitsForAnApiServer() throws Exception {
        // with this mode a cache that does not fit ends the JVM
        try (NodeContainer operator = new NodeContainer(
                NodeImage.require("operator"),
                "operator",
                Map.of(
                        "KUBERNETES_MASTER",
                        "http://localhost:1",
                        "JAVA_TOOL_OPTIONS",
                        "-XX:AOTMode=on -Xlog:class+load:file=/tmp/classes.txt"))) {
            operator.start();
            awaitLine(operator, "the operator waits for it");
            assertThat(health(operator, "live")).isEqualTo(200);
            assertThat(health(operator, "ready")).isEqualTo(503);
            List<String> classes = List.of(operator.execInContainer("cat", "/tmp/classes.txt")
                    .getStdout()
                    .split("\n"));
            assertThat(classes).hasSizeGreaterThan(3_000);
            assertThat(classes.stream().filter(line -> !line.contains("shared objects file")))
                    .as("loaded from elsewhere")
                    .hasSizeLessThan(classes.size() / 10);
            assertThat(classes)
                    .anyMatch(line -> line.contains(" dev.kvstore.operator.") && line.contains("shared objects"));
            assertThat(operator.execInContainer("id", "-u").getStdout().strip()).isEqualTo("10001");
        }
    }

    private static void awaitLine(NodeContainer operator, String text) throws Exception {
        Await.until(
                text,
                START,
                () -> {
                    TimeUnit.MILLISECONDS.sleep(100);
                    return operator.getLogs().contains(text);
                },
                operator::getLogs);
    }

    private static int health(NodeContainer operator, String what) throws IOException, InterruptedException {
        try (KvClient http = new KvClient(Duration.ofSeconds(10))) {
            return http.getPath(operator.baseUrl(), "/q/health/" + what).status();
        }
    }
}
