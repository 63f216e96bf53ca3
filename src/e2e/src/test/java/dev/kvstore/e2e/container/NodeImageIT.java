package dev.kvstore.e2e.container;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kvstore.e2e.Local;
import dev.kvstore.testkit.load.KvClient;
import dev.kvstore.testkit.process.Await;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The node's image alone: not root, nothing to write to but its data, memory as the container has it, a quick start. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class NodeImageIT {
    private static final Duration START = Duration.ofMinutes(2);
    private static final long MEMORY_BYTES = 400L << 20;
    private static final Pattern MAX_HEAP = Pattern.compile("MaxHeapSize\\s*=\\s*(\\d+)");

    @Test
    void takesItsClassesFromTheAotCache() throws Exception {
        // with this mode a cache that does not fit ends the JVM
        try (NodeContainer node = node("-XX:AOTMode=on -Xlog:class+load:file=/tmp/classes.txt")) {
            start(node);
            List<String> classes = List.of(
                    node.execInContainer("cat", "/tmp/classes.txt").getStdout().split("\n"));
            assertThat(classes).hasSizeGreaterThan(3_000);
            assertThat(classes.stream().filter(line -> !line.contains("shared objects file")))
                    .as("loaded from elsewhere")
                    .hasSizeLessThan(classes.size() / 10);
            assertThat(classes)
                    .anyMatch(line -> line.contains(" dev.kvstore.core.") && line.contains("shared objects"));
        }
    }

    @Test
    void servesWithoutRootAndWithoutPrivileges() throws Exception {
        try (NodeContainer node = node("")) {
            start(node);
            assertThat(node.execInContainer("id", "-u").getStdout().strip()).isEqualTo("10001");
            assertThat(node.execInContainer("touch", "/app/x").getExitCode()).isNotZero();
            try (KvClient http = new KvClient(START)) {
                Local.put(http, node.baseUrl(), "key", "value");
                Local.expect(http, node.baseUrl(), "key", "value");
            }
        }
    }

    @Test
    void givesTheHeapHalfOfTheContainersMemory() throws Exception {
        try (NodeContainer node = node("-XX:+PrintFlagsFinal")) {
            start(node);
            Matcher heap = MAX_HEAP.matcher(node.getLogs());
            assertThat(heap.find()).isTrue();
            assertThat(Long.parseLong(heap.group(1))).isBetween(MEMORY_BYTES / 2 - (8 << 20), MEMORY_BYTES / 2);
        }
    }

    @Test
    void handsOverWhenItIsToldToStop() throws Exception {
        try (NodeContainer node = node("")) {
            start(node);
            NodeImage.docker()
                    .stopContainerCmd(node.getContainerId())
                    .withTimeout(30)
                    .exec();
            assertThat(node.getLogs()).contains("everything is handed over");
            assertThat(NodeImage.docker()
                            .inspectContainerCmd(node.getContainerId())
                            .exec()
                            .getState()
                            .getExitCodeLong())
                    .as("ended by the signal, not killed after a time")
                    .isEqualTo(143);
        }
    }

    private NodeContainer node(String jvmFlags) throws Exception {
        NodeContainer node = new NodeContainer(
                NodeImage.require("node"),
                "node1",
                Map.of("KVSTORE_REPLICATION_FACTOR", "1", "JAVA_TOOL_OPTIONS", jvmFlags));
        node.withTmpFs(Map.of("/data", "uid=10001", "/coordination", "uid=10001", "/tmp", "rw"));
        node.withCreateContainerCmdModifier(
                command -> Objects.requireNonNull(command.getHostConfig()).withMemory(MEMORY_BYTES));
        return node;
    }

    private static void start(NodeContainer node) throws Exception {
        node.start();
        try (KvClient probe = new KvClient(Duration.ofSeconds(2))) {
            Await.until(
                    "the node ready",
                    START,
                    () -> {
                        try {
                            return probe.getPath(node.baseUrl(), "/q/health/ready")
                                            .status()
                                    == 200;
                        } catch (IOException notYet) {
                            return false;
                        }
                    },
                    node::getLogs);
        }
    }
}
