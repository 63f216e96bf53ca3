package dev.kvstore.core.leader;

import dev.kvstore.core.io.Settings;
import dev.kvstore.core.message.Message.Heartbeat;
import dev.kvstore.core.message.PeerId;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a member has seen of the others: who they are, what they said, and since when they are silent. Every member keeps it,
 * so that a new leader judges by the silence that it has observed itself.
 */
public final class Sightings {
    private static final int FRESH_HEARTBEATS = 3;

    private static final class Seen {
        @Nullable
        Sighting sighting;

        long heardMs;
        long answeredMs = -1;
        long steadySinceMs;
        boolean refused;
        boolean goodbye;
    }

    private final Settings settings;
    private final Map<String, Seen> seen = new TreeMap<>();
    private long attentiveSinceMs;

    /** Nobody has been seen yet. */
    public Sightings(Settings settings, long nowMs) {
        this.settings = settings;
        this.attentiveSinceMs = nowMs;
    }

    /** This member did not turn for a while: silence up to now means nothing. */
    public void lapsed(long nowMs) {
        attentiveSinceMs = nowMs;
    }

    /** Since when this member has turned without a gap, in monotonic milliseconds. */
    public long attentiveSinceMs() {
        return attentiveSinceMs;
    }

    /** A member is to be watched from now on, if it is not yet. */
    public void watch(String name, long nowMs) {
        seen.computeIfAbsent(name, unknown -> {
            Seen fresh = new Seen();
            fresh.heardMs = nowMs;
            return fresh;
        });
    }

    /** Whether a message of this sender is one of the process that was seen last, or of a later one. */
    public boolean current(PeerId from) {
        Sighting last = sighting(from.name());
        return last == null
                || (last.id().storeId().equals(from.storeId())
                        && from.boot() >= last.id().boot());
    }

    /**
     * A heartbeat arrived.
     *
     * @param ackedMs when the heartbeat that it acknowledges was sent, -1 if unknown
     * @return whether it is believed: one of an older process is not
     */
    public boolean heartbeat(PeerId from, Heartbeat heartbeat, long ackedMs, long nowMs) {
        watch(from.name(), nowMs);
        Seen member = seen.get(from.name());
        if (member == null) {
            return false;
        }
        Sighting last = member.sighting;
        if (last != null && last.id().storeId().equals(from.storeId())) {
            boolean older = from.boot() < last.id().boot()
                    || (from.boot() == last.id().boot()
                            && heartbeat.id() <= last.heartbeat().id());
            if (older) {
                return false;
            }
        } else if (last != null && ackedMs <= member.heardMs) {
            // Another store: only one that answers what I said after I last heard the store that I know is a later one.
            // The
            // rest are late messages of a dead process.
            return false;
        }
        boolean restarted = last == null || !last.id().equals(from);
        if (restarted || nowMs - member.heardMs >= settings.failureMs()) {
            member.steadySinceMs = nowMs;
        }
        member.sighting = new Sighting(from, heartbeat);
        member.heardMs = nowMs;
        member.answeredMs = Math.max(member.answeredMs, ackedMs);
        member.refused = false;
        member.goodbye = member.goodbye && !restarted;
        return true;
    }

    /** Any other message of the member arrived. */
    public void heard(PeerId from, long nowMs) {
        Seen member = seen.get(from.name());
        if (member != null && member.sighting != null && member.sighting.id().equals(from)) {
            member.heardMs = nowMs;
            member.refused = false;
        }
    }

    /** The member has taken long to acknowledge. */
    public void slow(String name, long nowMs) {
        Seen member = seen.get(name);
        if (member != null) {
            member.steadySinceMs = nowMs;
        }
    }

    /** Whether the member is heard, and this process of it was neither silent nor slow for a while. */
    public boolean isSteady(String name, long nowMs) {
        Seen member = seen.get(name);
        return member != null && hears(name, nowMs) && nowMs - member.steadySinceMs >= settings.steadyMs();
    }

    /** A connection to the member was refused. */
    public void refused(String name) {
        Seen member = seen.get(name);
        if (member != null) {
            member.refused = true;
        }
    }

    /** The member has said goodbye. */
    public void goodbye(PeerId from) {
        Seen member = seen.get(from.name());
        if (member != null && current(from)) {
            member.goodbye = true;
        }
    }

    /** What was seen last of the member, or null. */
    public @Nullable Sighting sighting(String name) {
        Seen member = seen.get(name);
        return member == null ? null : member.sighting;
    }

    /** Whether the member has said that it is about to stop, or that its disk takes no writes. */
    public boolean isUnfit(String name) {
        Sighting sighting = sighting(name);
        return sighting != null
                && (sighting.heartbeat().report().draining()
                        || sighting.heartbeat().report().cannotWrite());
    }

    /** The names of all that are watched, sorted. */
    public Iterable<String> names() {
        return seen.keySet();
    }

    /** Whether the member is heard and has answered a heartbeat that was sent at this moment or later. */
    public boolean answersSince(String name, long momentMs, long nowMs) {
        Seen member = seen.get(name);
        return member != null && hears(name, nowMs) && member.answeredMs >= momentMs;
    }

    /** How long the member has been silent, in milliseconds. */
    public long silentMs(String name, long nowMs) {
        Seen member = seen.get(name);
        return member == null ? Long.MAX_VALUE : nowMs - member.heardMs;
    }

    /** Whether the member was heard within the failure time and has not said goodbye. */
    public boolean hears(String name, long nowMs) {
        Seen member = seen.get(name);
        return member != null
                && member.sighting != null
                && !member.goodbye
                && nowMs - member.heardMs < settings.failureMs();
    }

    /** Whether the member was heard within so few heartbeats that it would hardly be cut off. */
    public boolean hearsJustNow(String name, long nowMs) {
        return hears(name, nowMs) && silentMs(name, nowMs) < FRESH_HEARTBEATS * settings.heartbeatMs();
    }

    /** Whether the member is taken for failed: silent for the failure time while this member listened, or gone by its word. */
    public boolean failed(String name, long nowMs) {
        Seen member = seen.get(name);
        if (member == null) {
            return nowMs - attentiveSinceMs >= settings.failureMs();
        }
        long silentMs = nowMs - Math.max(member.heardMs, attentiveSinceMs);
        return member.goodbye || silentMs >= (member.refused ? settings.refusedMs() : settings.failureMs());
    }
}
