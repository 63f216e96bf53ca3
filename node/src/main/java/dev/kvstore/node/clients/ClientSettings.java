package dev.kvstore.node.clients;

/**
 * Bounds on clients' connections.
 *
 * @param connections connections that are served at a time; a further one is told so at its first request
 * @param unreadBytes bytes of answers that clients have not taken yet, above which requests are refused
 * @param readTimeoutMs a client that takes nothing of its answer for so long is disconnected, in milliseconds
 */
public record ClientSettings(int connections, long unreadBytes, long readTimeoutMs) {}
