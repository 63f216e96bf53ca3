package dev.kvstore.operator;

import dev.kvstore.operator.election.Fence;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.javaoperatorsdk.operator.api.monitoring.Metrics;
import io.javaoperatorsdk.operator.monitoring.micrometer.MicrometerMetrics;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.InstantSource;

/** What the frameworks ask the operator for. */
final class Frameworks {
    /** First pause before a broken watch is opened again; it doubles up to 32 times that. */
    private static final int RECONNECT_MS = 250;

    /**
     * The client of all but the election. It repeats nothing by itself: a write that is sent again later would no longer be
     * one of a leader, and the reconciler tries again anyway.
     */
    @Produces
    @Singleton
    KubernetesClient client(
            Config config,
            KubernetesSerialization serialization,
            OperatorSettings settings,
            Fence fence,
            ApiRequests count) {
        OperatorSettings.Lease lease = settings.lease();
        int requestMs = (int) lease.duration().minus(lease.renewDeadline()).toMillis();
        return new KubernetesClientBuilder()
                .withConfig(new ConfigBuilder(config)
                        .withRequestTimeout(requestMs)
                        .withRequestRetryBackoffLimit(0)
                        .withWatchReconnectInterval(RECONNECT_MS)
                        .build())
                .withKubernetesSerialization(serialization)
                .withHttpClientBuilderConsumer(
                        http -> http.addOrReplaceInterceptor("fence", fence).addOrReplaceInterceptor("count", count))
                .build();
    }

    void close(@Disposes KubernetesClient client) {
        client.close();
    }

    /** Without a series for each cluster: their number is not bounded. */
    @Produces
    @Singleton
    Metrics metrics(MeterRegistry registry) {
        return MicrometerMetrics.withoutPerResourceMetrics(registry);
    }

    @Produces
    @Singleton
    InstantSource clock() {
        return InstantSource.system();
    }
}
