package dev.kvstore.node.status;

import dev.kvstore.core.io.View;
import dev.kvstore.core.ring.Ring;
import dev.kvstore.node.engine.Engine;
import dev.kvstore.node.engine.EngineSource;
import dev.kvstore.node.metrics.MetricSources;
import dev.kvstore.node.storage.StorageMetrics;
import dev.kvstore.node.transport.codec.Protocol;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;

/** Says how this node stands. */
@ApplicationScoped
public class Self {
    private final EngineSource node;
    private final StatusSource status;
    private final MetricSources sources;
    private final MeterRegistry registry;
    private final String version;

    Self(
            EngineSource node,
            StatusSource status,
            MetricSources sources,
            MeterRegistry registry,
            @ConfigProperty(name = "quarkus.application.version") String version) {
        this.node = node;
        this.status = status;
        this.sources = sources;
        this.registry = registry;
        this.version = version;
    }

    /** The node's name; empty before it has started. */
    public String name() {
        Identity identity = status.identity();
        return identity == null ? "" : identity.name();
    }

    /** What this node moves as primary. */
    public List<MoveAnswer> moves() {
        Engine engine = node.engine();
        return engine == null ? List.of() : MoveAnswer.of(engine.view(), name(), status::copyBytes, Instant.now());
    }

    /** All of it; null before the node has started. */
    public @Nullable NodeAnswer answer() {
        Engine engine = node.engine();
        Identity identity = status.identity();
        if (engine == null || identity == null) {
            return null;
        }
        View view = engine.view();
        Ring ring = view.ring();
        String why = why(view);
        Map<String, NodeAnswer.Seen> members = new TreeMap<>();
        view.members()
                .forEach((name, seen) ->
                        members.put(name, new NodeAnswer.Seen(lower(seen.state()), Math.max(0, seen.silentMs()))));
        return new NodeAnswer(
                identity.name(),
                identity.zone(),
                version,
                Protocol.VERSION,
                identity.storeId(),
                identity.boot(),
                state(view),
                why.isEmpty() ? null : why,
                System.currentTimeMillis(),
                view.leader(),
                ring == null ? 0 : ring.version(),
                ring == null ? null : ring.contentHash(),
                new NodeAnswer.Core(engine.stillForMs(), engine.waiting()),
                disk(engine),
                limits(),
                members,
                view.copies().stream()
                        .map(copy -> new NodeAnswer.Copy(
                                copy.partition(), lower(copy.role()), copy.lastSeq(), copy.appliedSeq()))
                        .toList(),
                moves());
    }

    private String state(View view) {
        if (node.storeFailure() != null) {
            return "failed";
        }
        if (node.leaving() || view.draining()) {
            return "leaving";
        }
        return view.ring() != null && view.recognised() ? "serving" : "waiting";
    }

    private String why(View view) {
        String failure = node.storeFailure();
        if (failure != null) {
            return failure;
        }
        if (view.ring() == null) {
            return "knows of no ring yet";
        }
        return view.recognised() ? "" : "the ring does not name this node with its store";
    }

    private NodeAnswer.Disk disk(Engine engine) {
        StorageMetrics disk = sources.storageMetrics();
        return new NodeAnswer.Disk(
                disk == null ? -1 : disk.freeBytes(),
                status.dataBytes(),
                status.leastFreeBytes(),
                disk != null && disk.refusing(),
                disk == null ? 0 : disk.failedWrites(),
                engine.diskStuckForMs(),
                disk == null ? 0 : TimeUnit.NANOSECONDS.toMillis(disk.syncMaxNanos()));
    }

    /** Taken from the metrics, so that both say the same. */
    private Map<String, NodeAnswer.Limit> limits() {
        long overloaded = registry.find("kvstore.requests").tag("outcome", "overloaded").timers().stream()
                .mapToLong(Timer::count)
                .sum();
        Map<String, NodeAnswer.Limit> limits = new TreeMap<>();
        limits.put("operations", limit("kvstore.in.flight.ops", overloaded));
        limits.put("operationBytes", limit("kvstore.in.flight.bytes", overloaded));
        limits.put("connections", limit("kvstore.connections", refused("kvstore.connections.refused")));
        limits.put("unreadBytes", limit("kvstore.unread.bytes", refused("kvstore.unread.disconnected")));
        return limits;
    }

    private NodeAnswer.Limit limit(String gauge, long refused) {
        return new NodeAnswer.Limit(value(gauge), value(gauge + ".limit"), refused);
    }

    private long value(String gauge) {
        Gauge found = registry.find(gauge).gauge();
        return found == null ? 0 : (long) found.value();
    }

    private long refused(String counter) {
        Counter found = registry.find(counter).counter();
        return found == null ? 0 : (long) found.count();
    }

    private static String lower(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
