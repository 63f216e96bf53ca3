package dev.kvstore.e2e.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kvstore.e2e.chart.Command;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Takes away pods that were deleted and whose containers have ended. A kubelet does so itself, within a second or two; but that
 * of Kubernetes 1.20 waits for the sandboxes too, which it collects once a minute
 * (<a href="https://github.com/kubernetes/kubernetes/issues/97288">kubernetes#97288</a>), and each StatefulSet and each test
 * with it. On any other version this does nothing.
 */
final class FinishedPods implements AutoCloseable {
    private static final String AFFECTED = "1.20";
    private static final String OURS = "app.kubernetes.io/name in (kvstore, kvstore-operator)";
    private static final Duration LONGEST = Duration.ofHours(1);
    private static final long PAUSE_MS = 1_000;

    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile @Nullable Watch watch;

    FinishedPods() {
        JsonNode server = Kubectl.json(Kubectl.run("version", "-o", "json")).path("serverVersion");
        if (AFFECTED.equals(
                server.path("major").asText() + "." + server.path("minor").asText())) {
            Thread.ofPlatform().name("finished-pods").daemon().start(this::watchUntilClosed);
        }
    }

    @Override
    public void close() {
        closed.countDown();
        Watch running = watch;
        if (running != null) {
            running.close();
        }
    }

    /** A watch ends after a while, and with the API server; then it is begun anew. */
    private void watchUntilClosed() {
        Set<String> taken = new HashSet<>();
        try {
            do {
                try (Watch pods = Watch.start(LONGEST, "pods", "-A", "-l", OURS)) {
                    watch = pods;
                    JsonNode pod = closed.getCount() > 0 ? pods.next() : null;
                    while (pod != null) {
                        String uid = pod.at("/metadata/uid").asText();
                        if (isFinished(pod) && !taken.contains(uid) && take(pod)) {
                            taken.add(uid);
                        }
                        pod = pods.next();
                    }
                }
            } while (!closed.await(PAUSE_MS, TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static boolean isFinished(JsonNode pod) {
        JsonNode containers = pod.at("/status/containerStatuses");
        for (JsonNode container : containers) {
            if (container.path("state").has("running")) {
                return false;
            }
        }
        return !containers.isEmpty() && pod.path("metadata").has("deletionTimestamp");
    }

    /**
     * Takes this pod away, and not one that has its name by now.
     *
     * @return whether it is gone
     */
    private static boolean take(JsonNode pod) {
        JsonNode metadata = pod.path("metadata");
        String path = "/api/v1/namespaces/%s/pods/%s"
                .formatted(
                        metadata.path("namespace").asText(),
                        metadata.path("name").asText());
        Command delete = Kubectl.attemptWithInput(
                "{\"kind\": \"DeleteOptions\", \"apiVersion\": \"v1\", \"gracePeriodSeconds\": 0, \"preconditions\": {\"uid\": \"%s\"}}"
                        .formatted(metadata.path("uid").asText()),
                "delete",
                "--raw",
                path,
                "-f",
                "-");
        boolean gone = delete.exitCode() == 0
                || delete.err().contains("(NotFound)")
                || delete.err().contains("(Conflict)");
        if (!gone) {
            System.out.println(path + " is not taken away: " + delete.err());
        }
        return gone;
    }
}
