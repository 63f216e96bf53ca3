package dev.kvstore.operator.election;

import io.javaoperatorsdk.operator.Operator;
import java.util.List;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/**
 * Ready is an operator that leads and sees all that it watches, and one that stands by. The framework's own check knows only
 * the first of the two.
 */
@Readiness
final class OperatorReady implements HealthCheck {
    private final Operator operator;
    private final Leadership leadership;

    OperatorReady(Operator operator, Leadership leadership) {
        this.operator = operator;
        this.leadership = leadership;
    }

    @Override
    public HealthCheckResponse call() {
        var response = HealthCheckResponse.named("operator");
        if (!leadership.answered()) {
            return response.down().withData("waits for", "the API server").build();
        }
        if (!leadership.elected()) {
            return response.up().withData("stands by for", leadership.holder()).build();
        }
        if (!leadership.started()) {
            return response.down().withData("waits for", "its first look").build();
        }
        List<String> blind = operator.getRuntimeInfo().unhealthyEventSources().values().stream()
                .flatMap(sources -> sources.keySet().stream())
                .sorted()
                .toList();
        return blind.isEmpty()
                ? response.up().withData("leads", true).build()
                : response.down()
                        .withData("does not see", String.join(", ", blind))
                        .build();
    }
}
