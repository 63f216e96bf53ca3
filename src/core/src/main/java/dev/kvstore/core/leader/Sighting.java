package dev.kvstore.core.leader;

import dev.kvstore.core.message.Message.Heartbeat;
import dev.kvstore.core.message.PeerId;
import dev.kvstore.core.ring.Desired;
import dev.kvstore.core.ring.Member;

/**
 * The last that was seen of a member.
 *
 * @param id who it said it was
 * @param heartbeat what it said
 */
public record Sighting(PeerId id, Heartbeat heartbeat) {
    /** The member as the ring should know it; a zone that is wanted goes before the member's own word. */
    Member asMember(Desired desired, boolean leaving) {
        String zone = desired.members().getOrDefault(id.name(), "");
        return new Member(
                id.name(),
                id.storeId(),
                id.boot(),
                heartbeat.instance(),
                heartbeat.address(),
                heartbeat.peerAddress(),
                zone.isEmpty() ? heartbeat.zone() : zone,
                leaving);
    }
}
