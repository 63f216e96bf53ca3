package dev.kvstore.operator.election;

import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Liveness;

/** An operator whose election has ended leads no more and stands by for nobody: only a new process helps. */
@Liveness
final class OperatorAlive implements HealthCheck {
    private final Leadership leadership;

    OperatorAlive(Leadership leadership) {
        this.leadership = leadership;
    }

    @Override
    public HealthCheckResponse call() {
        return HealthCheckResponse.named("election")
                .status(leadership.electing())
                .build();
    }
}
