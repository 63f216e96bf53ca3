package dev.kvstore.core.io;

/**
 * Who this member is.
 *
 * @param name stable name
 * @param instance what tells this running instance from others of the name to whoever runs them, as a pod's UID; empty when
 *     nobody needs that
 * @param address where clients reach it, host:port
 * @param peerAddress where other members reach it, host:port
 * @param zone failure zone, or empty
 */
public record Self(String name, String instance, String address, String peerAddress, String zone) {}
