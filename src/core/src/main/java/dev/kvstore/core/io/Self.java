package dev.kvstore.core.io;

/**
 * Who this member is.
 *
 * @param name stable name
 * @param address where clients reach it, host:port
 * @param peerAddress where other members reach it, host:port
 * @param zone failure zone, or empty
 */
public record Self(String name, String address, String peerAddress, String zone) {}
