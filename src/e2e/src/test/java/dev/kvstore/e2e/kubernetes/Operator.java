package dev.kvstore.e2e.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.marcnuri.helm.Helm;
import com.marcnuri.helm.Release;
import com.marcnuri.helm.UpgradeCommand;
import dev.kvstore.e2e.Images;
import dev.kvstore.e2e.chart.Checkout;
import dev.kvstore.e2e.chart.Command;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * The operator, installed by the chart before the first class that wants it and removed after the last one. Where
 * KVSTORE_IMAGE_LOAD names a command, the images are built first and handed to it, one call each; else the cluster must
 * have them already. KVSTORE_CHART_VALUES may name a file of values, such as a registry's.
 */
final class Operator implements BeforeAllCallback {
    static final String NAMESPACE = "kvstore-system";
    static final String LABEL = "app.kubernetes.io/name=kvstore-operator";
    static final String RELEASE = "kvstore";

    private static final String DEFINITION = "metadata.name=kvclusters.kvstore.dev";
    private static final Duration LOAD = Duration.ofMinutes(5);
    private static final int INSTALL_S = 180;

    @Override
    public void beforeAll(ExtensionContext context) {
        context.getRoot()
                .getStore(ExtensionContext.Namespace.create(Operator.class))
                .getOrComputeIfAbsent(Handed.class, _ -> new Handed());
        install();
    }

    /** The images, handed to the cluster once; when all classes are done, the operator goes. */
    private static final class Handed implements AutoCloseable {
        private final FinishedPods finished = new FinishedPods();

        Handed() {
            String load = System.getenv().getOrDefault("KVSTORE_IMAGE_LOAD", "");
            if (!load.isBlank()) {
                for (String program : List.of("node", "operator")) {
                    List<String> command = new ArrayList<>(List.of(load.strip().split("\\s+")));
                    command.add(Images.make(program));
                    Command.run(LOAD, "", command).succeeded();
                }
            }
        }

        @Override
        public void close() {
            SharedCluster.close();
            uninstall();
            // only if the chart made it
            Kubectl.run("delete", "crd", "-l", "app.kubernetes.io/managed-by=Helm", "--field-selector", DEFINITION);
            Kubectl.run("delete", "namespace", NAMESPACE, "--ignore-not-found");
            finished.close();
        }
    }

    /** Installs the chart, or upgrades to it, and waits until the operator is ready. */
    static Release install() {
        UpgradeCommand upgrade = new Helm(Checkout.chart())
                .upgrade()
                .install()
                .withName(RELEASE)
                .withNamespace(NAMESPACE)
                .createNamespace()
                // an API server before 1.25 does not know validation rules in a resource definition
                .disableOpenApiValidation()
                .waitReady()
                .withTimeout(INSTALL_S)
                .withKubeConfig(kubeconfig());
        String values = System.getenv().getOrDefault("KVSTORE_CHART_VALUES", "");
        if (!values.isBlank()) {
            upgrade.withValuesFile(Path.of(values));
        }
        return upgrade.call();
    }

    static void uninstall() {
        Helm.uninstall(RELEASE)
                .withNamespace(NAMESPACE)
                .withKubeConfig(kubeconfig())
                .ignoreNotFound()
                .call();
    }

    /** How often its containers have started again, by pod. */
    static Map<String, Integer> restarts() {
        Map<String, Integer> restarts = new TreeMap<>();
        for (JsonNode pod : Kubectl.get("pods", "-n", NAMESPACE, "-l", LABEL).path("items")) {
            restarts.put(
                    pod.path("metadata").path("name").asText(),
                    pod.path("status")
                            .path("containerStatuses")
                            .path(0)
                            .path("restartCount")
                            .asInt());
        }
        return restarts;
    }

    static Path kubeconfig() {
        return Path.of(System.getenv().getOrDefault("KUBECONFIG", ""));
    }
}
