package dev.kvstore.node.engine;

/** Where to find the bounds as they are now. */
public interface LimitsSource {
    /** The bounds; they may be others the next time. */
    Limits limits();
}
