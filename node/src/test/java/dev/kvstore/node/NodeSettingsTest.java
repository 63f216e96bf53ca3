package dev.kvstore.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kvstore.node.coordination.kubernetes.KubernetesSettings;
import dev.kvstore.node.transport.TlsSettings;
import io.quarkus.runtime.configuration.DurationConverter;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class NodeSettingsTest {
    @Test
    void makesTheArgumentsOfTheOriginalSystemEnough() {
        NodeSettings settings = settings(parsed("node1", "localhost", "8001", "localhost:8002,localhost:8003"));
        assertThat(settings.bind()).hasToString("localhost:8001");
        assertThat(settings.bindPeers()).hasToString("localhost:18001");
        assertThat(settings.self().address()).isEqualTo("localhost:8001");
        assertThat(settings.self().peerAddress()).isEqualTo("localhost:18001");
        assertThat(settings.peers()).hasToString("[localhost:18002, localhost:18003]");
        assertThat(settings.data()).endsWithRaw(Path.of(".kvstore", "node1"));
        assertThat(settings.coordination()).endsWithRaw(Path.of(".kvstore", "coordination"));
        assertThat(settings.declaration().peers()).isEqualTo(2);
        assertThat(settings.declaration().replicationFactor()).isNull();
    }

    @Test
    void letsOptionsChangeEachOfThem() {
        NodeSettings settings = settings(parsed(
                "n",
                "kv.example",
                "9000",
                "a:1/2,[::1]:7",
                "--bind",
                "0.0.0.0",
                "--peer-port",
                "9001",
                "--data",
                "/d",
                "--coordination",
                "/c",
                "--zone",
                "z",
                "--replication",
                "3",
                "--partitions",
                "64",
                "--members",
                "5"));
        assertThat(settings.bind()).hasToString("0.0.0.0:9000");
        assertThat(settings.bindPeers()).hasToString("0.0.0.0:9001");
        assertThat(settings.address()).hasToString("kv.example:9000");
        assertThat(settings.peerAddress()).hasToString("kv.example:9001");
        assertThat(settings.peers()).hasToString("[a:2, [::1]:10007]");
        assertThat(settings.data()).hasToString("/d");
        assertThat(settings.coordination()).hasToString("/c");
        assertThat(settings.zone()).isEqualTo("z");
        assertThat(settings.declaration().replicationFactor()).isEqualTo(3);
        assertThat(settings.declaration().partitions()).isEqualTo(64);
        assertThat(settings.declaration().peers()).isEqualTo(4);
    }

    @Test
    void listensOnLoopbackUnlessToldOtherwise() {
        assertThat(settings(Map.of("kvstore.name", "n")).bind()).hasToString("localhost:8001");
    }

    @Test
    void tellsTheInstanceThatItWasGiven() {
        assertThat(settings(named("kvstore.instance", "uid-1")).self().instance())
                .isEqualTo("uid-1");
        assertThat(settings(Map.of("kvstore.name", "n")).self().instance()).isEmpty();
    }

    @Test
    void takesTheFilesOfTlsTogether() {
        NodeSettings settings = settings(Map.of(
                "kvstore.name", "n",
                "kvstore.tls.certificate", "/tls/tls.crt",
                "kvstore.tls.key", "/tls/tls.key",
                "kvstore.tls.trust", "/tls/ca.crt"));
        assertThat(settings.tls())
                .isEqualTo(new TlsSettings(Path.of("/tls/tls.crt"), Path.of("/tls/tls.key"), Path.of("/tls/ca.crt")));
        assertThat(settings(Map.of("kvstore.name", "n")).tls()).isNull();
        assertWrong(named("kvstore.tls.key", "/tls/tls.key"), "together");
    }

    @Test
    void coordinatesThroughKubernetesWhenALeaseIsNamed() {
        NodeSettings settings = settings(Map.of(
                "kvstore.name", "demo-0",
                "kvstore.host", "demo-0.demo-peers.ns.svc",
                "kvstore.port", "8080",
                "kvstore.kubernetes.lease", "demo-leader",
                "kvstore.kubernetes.ring", "demo-ring",
                "kvstore.kubernetes.config", "demo-config",
                "kvstore.kubernetes.namespace", "ns",
                "kvstore.peers-domain", "demo-peers.ns.svc"));
        assertThat(settings.kubernetes())
                .isEqualTo(KubernetesSettings.of("ns", "demo-leader", "demo-ring", "demo-config"));
        assertThat(settings.peersWith(List.of("demo-0", "demo-1"))).containsExactly("demo-1.demo-peers.ns.svc:18080");
        assertThat(settings(Map.of("kvstore.name", "n")).kubernetes()).isNull();
        assertWrong(named("kvstore.kubernetes.lease", "demo-leader"), "kvstore.kubernetes.ring");
    }

    @Test
    void saysWhatIsWrong() {
        assertWrong(Map.of(), "no name");
        for (String name : List.of("", "A", "-a", "a-", "a_b", "a/b", "a b", "a".repeat(64))) {
            assertWrong(Map.of("kvstore.name", name), "name");
        }
        assertWrong(named("kvstore.port", "0"), "kvstore.port");
        assertWrong(named("kvstore.port", "65536"), "kvstore.port");
        assertWrong(named("kvstore.port", "60000"), "10000");
        assertWrong(named("kvstore.peer-port", "8001"), "two ports");
        assertWrong(named("kvstore.peers", "localhost"), "'localhost'");
        assertWrong(named("kvstore.peers", "localhost:x"), "'localhost:x'");
        assertWrong(named("kvstore.peers", "::1:80"), "brackets");
        assertWrong(named("kvstore.peers", "a:1/x"), "'a:1/x'");
        assertWrong(named("kvstore.replication-factor", "0"), "replication-factor");
        assertWrong(named("kvstore.partitions", "100"), "power of two");
        assertWrong(named("kvstore.partitions", "2048"), "power of two");
        assertWrong(named("kvstore.min-in-sync", "9"), "min-in-sync");
        assertWrong(named("kvstore.members", "0"), "members");
        assertWrong(named("kvstore.limits.max-value-bytes", "16777217"), "16 MiB");
        assertWrong(named("kvstore.limits.max-value-bytes", "0"), "maxValueBytes");
        assertWrong(named("kvstore.limits.in-flight-bytes", "1000"), "inFlightBytes");
        assertWrong(named("kvstore.limits.receiving-bytes", "1000"), "receiving-bytes");
        assertWrong(named("kvstore.request-timeout", "0s"), "request-timeout");
        assertWrong(named("kvstore.replace-after", "0s"), "replace-after");
    }

    @Test
    void takesTheLargestValuesThatAreAllowed() {
        assertThat(settings(named("kvstore.limits.max-value-bytes", "16777216"))
                        .limits()
                        .maxValueBytes())
                .isEqualTo(16 << 20);
    }

    @Test
    void noticesAPortThatIsTaken() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Endpoint endpoint = new Endpoint("localhost", taken.getLocalPort());
            assertThatThrownBy(() -> endpoint.requireFree("the port for clients"))
                    .isInstanceOf(UserError.class)
                    .hasMessageContaining("the port for clients " + taken.getLocalPort())
                    .hasMessageContaining("stop whoever listens there");
            taken.close();
            endpoint.requireFree("the port for clients");
        }
    }

    private static Map<String, String> named(String key, String value) {
        return Map.of("kvstore.name", "n", key, value);
    }

    private static void assertWrong(Map<String, String> properties, String message) {
        assertThatThrownBy(() -> settings(properties))
                .as(properties.toString())
                .isInstanceOfSatisfying(
                        UserError.class, e -> assertThat(e.exitCode()).isEqualTo(UserError.USAGE))
                .hasMessageContaining(message);
    }

    private static Map<String, String> parsed(String... args) {
        NodeArguments arguments = new NodeArguments();
        new CommandLine(arguments).parseArgs(args);
        Map<String, String> properties = new HashMap<>();
        arguments.configure(properties::put);
        return properties;
    }

    private static NodeSettings settings(Map<String, String> properties) {
        SmallRyeConfig config = new SmallRyeConfigBuilder()
                .withConverter(Duration.class, 200, new DurationConverter())
                .withMapping(NodeConfig.class)
                .withSources(new PropertiesConfigSource(properties, "test", 100))
                .build();
        return NodeSettings.of(config.getConfigMapping(NodeConfig.class));
    }
}
