package dev.kvstore.operator.election;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kvstore.operator.ApiRequests;
import dev.kvstore.operator.OperatorSettings;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.KubernetesCrudDispatcher;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.fabric8.mockwebserver.Context;
import io.fabric8.mockwebserver.MockWebServer;
import io.javaoperatorsdk.operator.Operator;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.runtime.configuration.DurationConverter;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LeadershipTest {
    private final KubernetesMockServer server = new KubernetesMockServer(
            new Context(), new MockWebServer(), new HashMap<>(), new KubernetesCrudDispatcher(), false);
    private final CountDownLatch ended = new CountDownLatch(1);

    @AfterEach
    void close() {
        server.destroy();
    }

    @Test
    void anElectionThatFailsEndsTheProcessAndIsNotTakenForAlive() throws InterruptedException {
        server.start();
        try (KubernetesClient client = server.createClient()) {
            Leadership leadership = leadership(client, () -> {
                throw new IllegalStateException("a clock that fails, for any defect");
            });
            leadership.start(new StartupEvent());

            assertThat(ended.await(30, TimeUnit.SECONDS)).isTrue();
            awaitEndOf(leadership);
            assertThat(new OperatorAlive(leadership).call().getStatus().name()).isEqualTo("DOWN");
        }
    }

    @Test
    void anElectionThatGoesOnIsAlive() throws InterruptedException {
        server.start();
        try (KubernetesClient client = server.createClient()) {
            Leadership leadership = leadership(client, InstantSource.system());
            leadership.start(new StartupEvent());

            assertThat(new OperatorAlive(leadership).call().getStatus().name()).isEqualTo("UP");
            leadership.stop(new ShutdownEvent());
        }
    }

    private static void awaitEndOf(Leadership leadership) throws InterruptedException {
        for (int i = 0; i < 100 && leadership.electing(); i++) {
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }

    private Leadership leadership(KubernetesClient client, InstantSource clock) {
        OperatorSettings settings = new SmallRyeConfigBuilder()
                .withConverter(Duration.class, 200, new DurationConverter())
                .withMapping(OperatorSettings.class)
                .build()
                .getConfigMapping(OperatorSettings.class);
        SimpleMeterRegistry metrics = new SimpleMeterRegistry();
        return new Leadership(
                new Operator(overrider -> overrider.withKubernetesClient(client)),
                client,
                settings,
                new Fence(),
                clock,
                new ApiRequests(metrics),
                metrics,
                ended::countDown);
    }
}
