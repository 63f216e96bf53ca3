package dev.kvstore.core.node;

import dev.kvstore.core.io.Self;
import dev.kvstore.core.io.View.Seen;
import dev.kvstore.core.io.View.State;
import dev.kvstore.core.leader.Sighting;
import dev.kvstore.core.leader.Sightings;
import dev.kvstore.core.ring.Member;
import dev.kvstore.core.ring.Ring;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Says how the members stand, as one of them sees it. */
final class Overview {
    private final Self self;
    private final @Nullable Ring ring;
    private final Sightings sightings;
    private final long nowMs;

    Overview(Self self, @Nullable Ring ring, Sightings sightings, long nowMs) {
        this.self = self;
        this.ring = ring;
        this.sightings = sightings;
        this.nowMs = nowMs;
    }

    /** Everybody whom the ring names, and everybody who is heard though it does not. */
    SortedMap<String, Seen> members() {
        SortedMap<String, Seen> members = new TreeMap<>();
        for (String name : sightings.names()) {
            Sighting sighting = sightings.sighting(name);
            if (sighting != null && sightings.hears(name, nowMs)) {
                members.put(name, seen(name, State.JOINING, sighting));
            }
        }
        if (ring != null) {
            for (Member member : ring.members()) {
                members.put(member.name(), seen(member.name(), state(member), sightings.sighting(member.name())));
            }
        }
        return Collections.unmodifiableSortedMap(members);
    }

    private State state(Member member) {
        String name = member.name();
        if (!name.equals(self.name()) && sightings.failed(name, nowMs)) {
            return State.DOWN;
        }
        if (!name.equals(self.name()) && !sightings.hears(name, nowMs)) {
            return State.SUSPECT;
        }
        if (member.leaving()) {
            return State.LEAVING;
        }
        boolean holdsNone = ring != null
                && ring.partitions().stream().noneMatch(each -> each.isInSync(name))
                && ring.partitions().stream().anyMatch(each -> each.replicas().contains(name));
        return holdsNone ? State.JOINING : State.UP;
    }

    private Seen seen(String name, State state, @Nullable Sighting sighting) {
        long silentMs = name.equals(self.name()) ? 0 : sightings.silentMs(name, nowMs);
        Member member = ring == null ? null : ring.member(name);
        long boot = sighting != null ? sighting.id().boot() : member == null ? 0 : member.boot();
        String address = sighting != null ? sighting.heartbeat().address() : member == null ? "" : member.address();
        return new Seen(state, boot, silentMs, address);
    }
}
