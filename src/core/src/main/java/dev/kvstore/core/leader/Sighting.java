package dev.kvstore.core.leader;

import dev.kvstore.core.message.Message.Heartbeat;
import dev.kvstore.core.message.PeerId;

/**
 * The last that was seen of a member.
 *
 * @param id who it said it was
 * @param heartbeat what it said
 */
public record Sighting(PeerId id, Heartbeat heartbeat) {}
