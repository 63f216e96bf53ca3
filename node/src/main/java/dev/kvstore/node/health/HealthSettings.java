package dev.kvstore.node.health;

/**
 * When a node counts as dead.
 *
 * @param progressMs the core may stand still, and a write wait for the disk, for so long
 */
public record HealthSettings(long progressMs) {}
