package dev.kvstore.node.engine;

import org.jspecify.annotations.Nullable;

/** Where to find this process' engine. */
public interface EngineSource {
    /** The engine; null while the node has not started, or could not. */
    @Nullable
    Engine engine();

    /** Whether the node is on its way out. */
    boolean leaving();
}
