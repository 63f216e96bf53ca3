package dev.kvstore.e2e.container;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.github.dockerjava.api.DockerClient;
import dev.kvstore.e2e.Images;
import java.util.Map;
import org.testcontainers.DockerClientFactory;

/** The images as tests in Docker want them, and the label by which what tests leave is found. */
final class NodeImage {
    static final int HTTP_PORT = 8080;

    /** Everything that a test makes in Docker carries it; its value is the number of the process that the test runs in. */
    private static final String LABEL = "dev.kvstore.test";

    private static boolean cleaned;

    private NodeImage() {}

    static DockerClient docker() {
        return DockerClientFactory.lazyClient();
    }

    static Map<String, String> labels() {
        return Map.of(LABEL, String.valueOf(ProcessHandle.current().pid()));
    }

    /** The image of node or operator, once it is made; without Docker the test is skipped. */
    static synchronized String require(String program) {
        assumeTrue(
                DockerClientFactory.instance().isDockerAvailable(),
                "skipped: no Docker Engine is reached, so nothing can run in containers");
        if (!cleaned) {
            removeWhatDeadTestsLeft();
            cleaned = true;
        }
        return Images.make(program);
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
