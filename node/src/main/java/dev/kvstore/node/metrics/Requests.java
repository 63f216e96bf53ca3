package dev.kvstore.node.metrics;

import dev.kvstore.core.data.Outcome;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** Counts and times the clients' requests that reach the core, by kind and outcome. */
@ApplicationScoped
public class Requests {
    private static final Duration[] BUCKETS = {
        Duration.ofMillis(1),
        Duration.ofMillis(2),
        Duration.ofMillis(5),
        Duration.ofMillis(10),
        Duration.ofMillis(25),
        Duration.ofMillis(50),
        Duration.ofMillis(100),
        Duration.ofMillis(250),
        Duration.ofMillis(500),
        Duration.ofSeconds(1),
        Duration.ofMillis(2_500),
        Duration.ofSeconds(5)
    };

    private final MeterRegistry registry;
    private final Map<Series, Timer> timers = new ConcurrentHashMap<>();

    /** What a request does. */
    public enum Kind {
        GET,
        PUT,
        DELETE,
        LIST
    }

    private record Series(Kind kind, String outcome) {}

    Requests(MeterRegistry registry) {
        this.registry = registry;
    }

    /** A request has ended; {@code sinceNanos} is when it came, by {@link System#nanoTime()}. */
    public void ended(Kind kind, Outcome outcome, long sinceNanos) {
        timers.computeIfAbsent(new Series(kind, name(outcome)), this::timer)
                .record(System.nanoTime() - sinceNanos, TimeUnit.NANOSECONDS);
    }

    private Timer timer(Series series) {
        return Timer.builder("kvstore.requests")
                .description("Requests that reached the core, from their arrival to their answer")
                .tag("kind", series.kind().name().toLowerCase(Locale.ROOT))
                .tag("outcome", series.outcome())
                .serviceLevelObjectives(BUCKETS)
                .register(registry);
    }

    private static String name(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Found found -> "ok";
            case Outcome.Written written -> "ok";
            case Outcome.Deleted deleted -> "ok";
            case Outcome.Page page -> "ok";
            case Outcome.NotFound absent -> "absent";
            case Outcome.ConditionFailed failed -> "condition_failed";
            case Outcome.Failed failed -> failed.failure().name().toLowerCase(Locale.ROOT);
        };
    }
}
