package dev.kvstore.node.metrics;

import dev.kvstore.core.io.Input.Proposed.Result;
import dev.kvstore.core.io.View;
import dev.kvstore.core.ring.Assignment;
import dev.kvstore.core.ring.Ring;
import dev.kvstore.node.coordination.CoordinationMetrics;
import dev.kvstore.node.engine.Engine;
import dev.kvstore.node.engine.EngineSource;
import dev.kvstore.node.storage.StorageMetrics;
import dev.kvstore.node.transport.Drop;
import dev.kvstore.node.transport.TransportMetrics;
import dev.kvstore.node.transport.codec.MessageType;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** Shows what engine, core, disk and transport count. Nothing is copied: each value is read when somebody asks for it. */
@ApplicationScoped
class NodeMetrics {
    private static final double NANOS_PER_SECOND = 1e9;
    private static final double MS_PER_SECOND = 1e3;

    private final MeterRegistry registry;
    private final EngineSource node;
    private final MetricSources sources;

    NodeMetrics(MeterRegistry registry, EngineSource node, MetricSources sources) {
        this.registry = registry;
        this.node = node;
        this.sources = sources;
    }

    void register(@Observes StartupEvent event) {
        engine();
        cluster();
        storage();
        transport();
        coordination();
    }

    private void engine() {
        gauge(
                "kvstore.in.flight.ops",
                "Clients' operations under way",
                ofEngine(e -> e.admission().ops()));
        gauge(
                "kvstore.in.flight.ops.limit",
                "Bound of these",
                ofEngine(e -> e.admission().maxOps()));
        gauge(
                "kvstore.in.flight.bytes",
                "Bytes of these",
                ofEngine(e -> e.admission().bytes()));
        gauge(
                "kvstore.in.flight.bytes.limit",
                "Bound of these",
                ofEngine(e -> e.admission().maxBytes()));
        gauge("kvstore.inbox.inputs", "Inputs that wait for the core", ofEngine(Engine::waiting));
        gauge(
                "kvstore.core.still.seconds",
                "Time since the core turned last",
                ofEngine(e -> e.stillForMs() / MS_PER_SECOND));
        gauge(
                "kvstore.disk.waiting.seconds",
                "Time that the oldest write has been waiting for the disk",
                ofEngine(e -> e.diskStuckForMs() / MS_PER_SECOND));
        counter("kvstore.core.turns", "Turns of the core", ofEngine(Engine::turns));
    }

    private void cluster() {
        gauge("kvstore.ring.version", "Version of the ring that this node acts on", ofRing(Ring::version));
        gauge(
                "kvstore.partitions",
                "Partitions",
                ofRing(ring -> ring.partitions().size()));
        gauge("kvstore.partitions.complete", "Partitions with all their copies", count(Assignment::complete));
        gauge("kvstore.partitions.lost", "Partitions whose last in-sync copy is gone", count(Assignment::lost));
        for (View.Role role : View.Role.values()) {
            Gauge.builder("kvstore.copies", this, self -> self.copies(role))
                    .description("Copies that this node has, by what it is for them")
                    .tag("role", lower(role))
                    .register(registry);
        }
    }

    private double copies(View.Role role) {
        return ofEngine(engine -> engine.view().copies().stream()
                        .filter(copy -> copy.role() == role)
                        .count())
                .applyAsDouble(this);
    }

    private void storage() {
        counter("kvstore.storage.syncs", "Syncs of the log", ofStorage(StorageMetrics::syncs));
        counter("kvstore.storage.sync.seconds", "Time spent in them", ofStorage(m -> m.syncNanos() / NANOS_PER_SECOND));
        gauge(
                "kvstore.storage.sync.max.seconds",
                "The longest of them",
                ofStorage(m -> m.syncMaxNanos() / NANOS_PER_SECOND));
        counter("kvstore.storage.persists", "Writes of the core that were synced", ofStorage(StorageMetrics::persists));
        counter("kvstore.storage.entries", "Log entries in them", ofStorage(StorageMetrics::persistedEntries));
        counter("kvstore.storage.bytes", "Bytes that they wrote", ofStorage(StorageMetrics::persistedBytes));
        counter(
                "kvstore.storage.applied.entries",
                "Entries that were applied",
                ofStorage(StorageMetrics::appliedEntries));
        counter(
                "kvstore.storage.installed.bytes",
                "Bytes of keys and values that came in other nodes' snapshots",
                ofStorage(StorageMetrics::installedBytes));
        counter("kvstore.storage.lookups", "Look-ups of a key", ofStorage(StorageMetrics::lookups));
        counter("kvstore.storage.failed.writes", "Attempts that failed", ofStorage(StorageMetrics::failedWrites));
        gauge("kvstore.storage.free.bytes", "Free space of the disk", ofStorage(StorageMetrics::freeBytes));
        gauge(
                "kvstore.storage.failed",
                "1 when the store was found damaged or cannot be written for good, and the node serves nothing any more",
                ofStorage(m -> m.failed() ? 1 : 0));
        gauge("kvstore.storage.refusing", "1 while the disk takes no writes", ofStorage(m -> m.refusing() ? 1 : 0));
    }

    private void transport() {
        for (MessageType type : MessageType.values()) {
            messages("sent", type, ofTransport(m -> m.sent(type)));
            messages("received", type, ofTransport(m -> m.received(type)));
        }
        for (Drop why : Drop.values()) {
            FunctionCounter.builder("kvstore.transport.dropped", this, ofTransport(m -> dropped(m, why)))
                    .description("Messages that were not sent, by reason")
                    .tag("reason", lower(why))
                    .register(registry);
        }
        counter("kvstore.transport.sent.bytes", "Bytes sent to members", ofTransport(TransportMetrics::sentBytes));
        counter("kvstore.transport.received.bytes", "Bytes from members", ofTransport(TransportMetrics::receivedBytes));
        counter("kvstore.transport.connects", "Connections that came about", ofTransport(TransportMetrics::connects));
        counter("kvstore.transport.disconnects", "Connections that broke", ofTransport(TransportMetrics::disconnects));
        counter("kvstore.transport.refusals", "Greetings that were refused", ofTransport(TransportMetrics::refusals));
        counter(
                "kvstore.transport.pauses",
                "Pauses of reading for a full inbox",
                ofTransport(TransportMetrics::pauses));
        gauge(
                "kvstore.transport.queued.bytes",
                "Bytes that wait to be sent",
                ofTransport(TransportMetrics::queuedBytes));
    }

    private void coordination() {
        for (Result result : Result.values()) {
            FunctionCounter.builder("kvstore.coordination.proposals", this, ofCoordination(m -> m.proposals(result)))
                    .description("Proposals of a ring, by how they ended")
                    .tag("result", lower(result))
                    .register(registry);
        }
        counter(
                "kvstore.coordination.requests",
                "Requests to the API server that were answered",
                ofCoordination(CoordinationMetrics::requests));
        counter(
                "kvstore.coordination.failures",
                "Accesses to Lease, register or desired state that failed",
                ofCoordination(CoordinationMetrics::failures));
        counter(
                "kvstore.coordination.delays",
                "Accesses that took longer than they should",
                ofCoordination(CoordinationMetrics::delays));
        counter(
                "kvstore.coordination.unreadable",
                "Documents that could not be understood",
                ofCoordination(CoordinationMetrics::unreadable));
        counter(
                "kvstore.coordination.leases.taken",
                "How often this node took the Lease",
                ofCoordination(CoordinationMetrics::leasesTaken));
        counter(
                "kvstore.coordination.leases.lost",
                "How often it lost the Lease without having given it up",
                ofCoordination(CoordinationMetrics::leasesLost));
    }

    private static double dropped(TransportMetrics metrics, Drop why) {
        double sum = 0;
        for (MessageType type : MessageType.values()) {
            sum += metrics.dropped(type, why);
        }
        return sum;
    }

    private void messages(String direction, MessageType type, ToDoubleFunction<NodeMetrics> value) {
        FunctionCounter.builder("kvstore.transport.messages", this, value)
                .description("Messages to and from members, by type")
                .tag("direction", direction)
                .tag("type", lower(type))
                .register(registry);
    }

    private void gauge(String name, String description, ToDoubleFunction<NodeMetrics> value) {
        Gauge.builder(name, this, value).description(description).register(registry);
    }

    private void counter(String name, String description, ToDoubleFunction<NodeMetrics> value) {
        FunctionCounter.builder(name, this, value).description(description).register(registry);
    }

    private static ToDoubleFunction<NodeMetrics> ofEngine(ToDoubleFunction<Engine> value) {
        return self -> read(self.node.engine(), value);
    }

    private static ToDoubleFunction<NodeMetrics> ofStorage(ToDoubleFunction<StorageMetrics> value) {
        return self -> read(self.sources.storageMetrics(), value);
    }

    private static ToDoubleFunction<NodeMetrics> ofTransport(ToDoubleFunction<TransportMetrics> value) {
        return self -> read(self.sources.transportMetrics(), value);
    }

    private static ToDoubleFunction<NodeMetrics> ofCoordination(ToDoubleFunction<CoordinationMetrics> value) {
        return self -> read(self.sources.coordinationMetrics(), value);
    }

    private static ToDoubleFunction<NodeMetrics> ofRing(ToDoubleFunction<Ring> value) {
        return ofEngine(engine -> read(engine.view().ring(), value));
    }

    private static ToDoubleFunction<NodeMetrics> count(Predicate<Assignment> which) {
        return ofRing(ring -> ring.partitions().stream().filter(which).count());
    }

    private static <T> double read(@Nullable T source, ToDoubleFunction<T> value) {
        return source == null ? 0 : value.applyAsDouble(source);
    }

    private static String lower(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
