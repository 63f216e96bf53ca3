package dev.kvstore.node.health;

import dev.kvstore.node.engine.EngineSource;
import io.smallrye.health.api.AsyncHealthCheck;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Startup;

/** Whether the disk was recovered and the core runs. */
@Startup
@ApplicationScoped
class Started implements AsyncHealthCheck {
    private final EngineSource node;

    Started(EngineSource node) {
        this.node = node;
    }

    @Override
    public Uni<HealthCheckResponse> call() {
        return Uni.createFrom()
                .item(HealthCheckResponse.named("started")
                        .status(node.engine() != null)
                        .build());
    }
}
