package dev.kvstore.node.health;

import dev.kvstore.node.engine.Engine;
import dev.kvstore.node.engine.EngineSource;
import io.smallrye.health.api.AsyncHealthCheck;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Liveness;

/**
 * Whether this process can make progress: its core turns, and its disk comes to an end with what it writes. Does not look at the
 * cluster: a restart would not mend that. A full disk is no reason for a restart either.
 */
@Liveness
@ApplicationScoped
class Live implements AsyncHealthCheck {
    private final EngineSource node;
    private final HealthSettings settings;

    Live(EngineSource node, HealthSettings settings) {
        this.node = node;
        this.settings = settings;
    }

    @Override
    public Uni<HealthCheckResponse> call() {
        Engine engine = node.engine();
        long stillMs = engine == null ? 0 : engine.stillForMs();
        long diskMs = engine == null ? 0 : engine.diskStuckForMs();
        boolean running = engine == null || engine.running() || node.leaving();
        HealthCheckResponseBuilder answer = HealthCheckResponse.named("progress")
                .status(running && stillMs < settings.progressMs() && diskMs < settings.progressMs())
                .withData("coreStillMs", stillMs)
                .withData("diskWaitingMs", diskMs);
        String failure = node.storeFailure();
        if (failure != null) {
            answer.down().withData("why", failure);
        }
        return Uni.createFrom().item(answer.build());
    }
}
