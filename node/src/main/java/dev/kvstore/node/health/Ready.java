package dev.kvstore.node.health;

import dev.kvstore.core.io.View;
import dev.kvstore.core.ring.Ring;
import dev.kvstore.node.engine.Engine;
import dev.kvstore.node.engine.EngineSource;
import io.smallrye.health.api.AsyncHealthCheck;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Readiness;

/**
 * Whether clients may be sent here: this node has a ring that names it with the store that it has, and is not about to stop.
 * Neither the leader nor lost partitions matter: the other partitions are served all the same.
 */
@Readiness
@ApplicationScoped
class Ready implements AsyncHealthCheck {
    private final EngineSource node;

    Ready(EngineSource node) {
        this.node = node;
    }

    @Override
    public Uni<HealthCheckResponse> call() {
        HealthCheckResponseBuilder answer = HealthCheckResponse.named("takes requests");
        Engine engine = node.engine();
        if (engine == null) {
            return Uni.createFrom()
                    .item(answer.down().withData("why", "starting").build());
        }
        View view = engine.view();
        Ring ring = view.ring();
        String why;
        String failure = node.storeFailure();
        if (failure != null) {
            why = failure;
        } else if (node.leaving() || view.draining()) {
            why = "leaving";
        } else if (ring == null) {
            why = "knows of no ring yet";
        } else {
            why = view.recognised() ? "" : "the ring does not name this node with its store";
        }
        if (ring != null) {
            answer.withData("ringVersion", ring.version());
        }
        if (!why.isEmpty()) {
            answer.withData("why", why);
        }
        return Uni.createFrom().item(answer.status(why.isEmpty()).build());
    }
}
