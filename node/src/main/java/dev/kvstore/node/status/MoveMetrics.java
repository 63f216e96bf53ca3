package dev.kvstore.node.status;

import dev.kvstore.core.ring.Ring;
import dev.kvstore.node.engine.Engine;
import dev.kvstore.node.engine.EngineSource;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/** Shows how many partitions move and how far those are that this node sends. */
@ApplicationScoped
class MoveMetrics {
    private final MeterRegistry registry;
    private final EngineSource node;
    private final Self self;
    private final Moves moves;

    MoveMetrics(MeterRegistry registry, EngineSource node, Self self, Moves moves) {
        this.registry = registry;
        this.node = node;
        this.self = self;
        this.moves = moves;
    }

    void register(@Observes StartupEvent event) {
        gauge(
                "kvstore.partitions.to.move",
                "Partitions that are not yet where the leader will have them",
                metrics -> metrics.partitionsToMove());
        for (String kind : List.of(MoveAnswer.COPY, MoveAnswer.HAND_OVER)) {
            Gauge.builder("kvstore.moves", this, metrics -> metrics.moves(kind))
                    .description("Moves that the ring implies, by kind")
                    .tag("kind", kind)
                    .register(registry);
        }
        gauge(
                "kvstore.moves.sent.bytes",
                "Bytes that this node has sent of the snapshots that are on their way",
                metrics -> metrics.sum(MoveAnswer::bytesDone));
        gauge(
                "kvstore.moves.total.bytes",
                "About how many bytes these have",
                metrics -> metrics.sum(MoveAnswer::bytesTotal));
    }

    private void gauge(String name, String description, ToDoubleFunction<MoveMetrics> value) {
        Gauge.builder(name, this, value).description(description).register(registry);
    }

    private double partitionsToMove() {
        Engine engine = node.engine();
        return engine == null ? 0 : moves.partitionsToMove(engine.view(), engine.desired());
    }

    private double moves(String kind) {
        Engine engine = node.engine();
        Ring ring = engine == null ? null : engine.view().ring();
        return ring == null
                ? 0
                : MoveAnswer.of(ring).stream()
                        .filter(move -> move.kind().equals(kind))
                        .count();
    }

    private double sum(Function<MoveAnswer, @org.jspecify.annotations.Nullable Long> bytes) {
        return self.moves().stream()
                .map(bytes)
                .filter(Objects::nonNull)
                .mapToLong(Long::longValue)
                .sum();
    }
}
