package dev.kvstore.operator;

import io.javaoperatorsdk.operator.api.config.LeaderElectionConfiguration;
import io.javaoperatorsdk.operator.api.monitoring.Metrics;
import io.javaoperatorsdk.operator.monitoring.micrometer.MicrometerMetrics;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.InstantSource;

/** What the frameworks ask the operator for. */
final class Frameworks {
    @Produces
    @Singleton
    LeaderElectionConfiguration election(OperatorSettings settings) {
        OperatorSettings.Lease lease = settings.lease();
        return new LeaderElectionConfiguration(
                lease.name(), lease.namespace().orElse(null), lease.duration(), lease.renewDeadline(), lease.retry());
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
