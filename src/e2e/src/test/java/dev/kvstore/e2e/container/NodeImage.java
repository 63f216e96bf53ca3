package dev.kvstore.e2e.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.github.dockerjava.api.DockerClient;
import dev.kvstore.e2e.Local;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.testcontainers.DockerClientFactory;

/** The images that are tested, made from what is packaged, and the label by which what tests leave is found. */
final class NodeImage {
    static final int HTTP_PORT = 8080;

    private static final long BUILD_MINUTES = 10;

    /** Everything that a test makes in Docker carries it; its value is the number of the process that the test runs in. */
    private static final String LABEL = "dev.kvstore.test";

    private static final Set<String> MADE = new HashSet<>();

    private NodeImage() {}

    static DockerClient docker() {
        return DockerClientFactory.lazyClient();
    }

    static Map<String, String> labels() {
        return Map.of(LABEL, String.valueOf(ProcessHandle.current().pid()));
    }

    /** The node's image, once it is made; without Docker the test is skipped. */
    static String require(Path directory) throws Exception {
        return require("node", directory);
    }

    /** The image of node or operator, once it is made; without Docker the test is skipped. */
    static synchronized String require(String program, Path directory) throws Exception {
        assumeTrue(
                DockerClientFactory.instance().isDockerAvailable(),
                "skipped: no Docker Engine is reached, so nothing can run in containers");
        if (MADE.isEmpty()) {
            removeWhatDeadTestsLeft();
        }
        if (MADE.add(program)) {
            // not only when it is missing: it could be an older one. When nothing has changed this takes a second
            Path log = directory.resolve("images.log");
            Process build = new ProcessBuilder(Local.script().toString(), "images", program)
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
            boolean ended = build.waitFor(BUILD_MINUTES, TimeUnit.MINUTES);
            build.destroyForcibly();
            assertThat(ended && build.exitValue() == 0)
                    .as("./kvstore images %s:%n%s", program, Files.readString(log))
                    .isTrue();
        }
        return "kvstore/" + program + ":0.1.0";
    }

    /** Nothing else does it: the container by which Testcontainers cleans up is not everywhere to be had. */
    private static void removeWhatDeadTestsLeft() {
        for (var each : docker().listContainersCmd().withShowAll(true).exec()) {
            if (isDead(each.getLabels())) {
                docker().removeContainerCmd(each.getId())
                        .withForce(true)
                        .withRemoveVolumes(true)
                        .exec();
            }
        }
        for (var each : docker().listNetworksCmd().exec()) {
            if (isDead(each.getLabels())) {
                docker().removeNetworkCmd(each.getId()).exec();
            }
        }
        for (var each : docker().listVolumesCmd().exec().getVolumes()) {
            if (isDead(each.getLabels())) {
                docker().removeVolumeCmd(each.getName()).exec();
            }
        }
    }

    private static boolean isDead(Map<String, String> labels) {
        String owner = labels == null ? null : labels.get(LABEL);
        return owner != null && ProcessHandle.of(Long.parseLong(owner)).isEmpty();
    }
}
