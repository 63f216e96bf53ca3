package dev.kvstore.testkit.linearizability;

import dev.kvstore.testkit.history.Call;
import dev.kvstore.testkit.history.Condition;
import dev.kvstore.testkit.history.Operation;
import dev.kvstore.testkit.history.Outcome;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the answers on one key reveal about writes whose own answers were lost.
 *
 * <p>Where a read shows a value and a version that no acknowledged write has, and exactly one write of unknown outcome
 * wrote that value, then that write took effect, with that version, before the read returned. This takes most unknown
 * outcomes out of the search.
 */
final class VersionEvidence {

    private final Set<Long> acknowledged = new HashSet<>();
    private final Map<Long, Sighting> sightings = new HashMap<>();
    private final Set<String> valuesSeen = new HashSet<>();
    private final IdentityHashMap<Call, Revealed> revealed = new IdentityHashMap<>();
    private boolean unexplained;

    private VersionEvidence() {}

    /** The version that a write of unknown outcome turned out to have, and the time by which it had taken effect. */
    record Revealed(long version, long byNs) {}

    private record Sighting(@Nullable String value, long byNs) {}

    static VersionEvidence of(List<Call> calls) {
        VersionEvidence evidence = new VersionEvidence();
        for (Call call : calls) {
            evidence.collect(call);
        }
        evidence.assign(calls);
        for (Call call : calls) {
            evidence.unexplained |= evidence.mayConcernAnyVersion(call);
        }
        return evidence;
    }

    /** What became of a write of unknown outcome, if that is revealed. */
    @Nullable
    Revealed revealed(Call call) {
        return revealed.get(call);
    }

    /** Whether any read showed this value. */
    boolean wasSeen(String value) {
        return valuesSeen.contains(value);
    }

    /**
     * Whether some answer or condition speaks of a version whose writer is not known, or only says which version it is
     * not: then a write of unknown outcome can matter although nobody read its value.
     */
    boolean hasUnexplainedVersions() {
        return unexplained;
    }

    private void collect(Call call) {
        switch (call.outcome()) {
            case Outcome.Created created -> {
                acknowledged.add(created.version());
                seeRequiredVersion(call);
            }
            case Outcome.Replaced replaced -> {
                acknowledged.add(replaced.version());
                seeRequiredVersion(call);
            }
            case Outcome.Deleted _ -> seeRequiredVersion(call);
            case Outcome.Value value -> {
                valuesSeen.add(value.value());
                see(value.version(), value.value(), call.returnNs());
            }
            case Outcome.ConditionFailed failed -> {
                switch (failed.current()) {
                    case Outcome.Current.At at -> see(at.version(), null, call.returnNs());
                    case Outcome.Current.Absent _ -> {}
                    case Outcome.Current.NotTold _ -> unexplained = true;
                }
            }
            case Outcome.NotFound _, Outcome.Refused _, Outcome.Unknown _ -> {}
        }
    }

    private void seeRequiredVersion(Call call) {
        Condition.IfVersion required = requiredVersion(call.operation());
        if (required != null) {
            see(required.version(), null, call.returnNs());
        }
    }

    private static Condition.@Nullable IfVersion requiredVersion(Operation operation) {
        Condition condition = switch (operation) {
            case Operation.Get _ -> Condition.NONE;
            case Operation.Put put -> put.condition();
            case Operation.Delete delete -> delete.condition();
        };
        return condition instanceof Condition.IfVersion ifVersion ? ifVersion : null;
    }

    private void see(long version, @Nullable String value, long byNs) {
        sightings.merge(
                version,
                new Sighting(value, byNs),
                (a, b) -> new Sighting(a.value() != null ? a.value() : b.value(), Math.min(a.byNs(), b.byNs())));
    }

    private void assign(List<Call> calls) {
        for (Map.Entry<Long, Sighting> entry : sightings.entrySet()) {
            if (acknowledged.contains(entry.getKey())) {
                continue;
            }
            Sighting sighting = entry.getValue();
            Call writer = onlyWriterOf(sighting.value(), calls);
            if (writer == null || revealed.containsKey(writer) || writer.invokeNs() > sighting.byNs()) {
                unexplained = true;
            } else {
                revealed.put(writer, new Revealed(entry.getKey(), sighting.byNs()));
            }
        }
    }

    /**
     * Whether a call of unknown outcome, if it took effect, took it on a version of which nothing else is known, and this
     * could matter. A put without a time to live whose value nobody saw leaves the key as present as it was.
     */
    private boolean mayConcernAnyVersion(Call call) {
        Condition.IfVersion required = requiredVersion(call.operation());
        if (!(call.outcome() instanceof Outcome.Unknown) || required == null || isAccountedFor(required.version())) {
            return false;
        }
        return !(call.operation() instanceof Operation.Put put) || put.expires() || wasSeen(put.value());
    }

    private boolean isAccountedFor(long version) {
        return acknowledged.contains(version)
                || revealed.values().stream().anyMatch(write -> write.version() == version);
    }

    private static @Nullable Call onlyWriterOf(@Nullable String value, List<Call> calls) {
        Call only = null;
        for (Call call : calls) {
            if (call.outcome() instanceof Outcome.Unknown
                    && call.operation() instanceof Operation.Put put
                    && put.value().equals(value)) {
                if (only != null) {
                    return null;
                }
                only = call;
            }
        }
        return only;
    }
}
