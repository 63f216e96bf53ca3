package dev.kvstore.node.engine;

import org.jspecify.annotations.Nullable;

/** Where to find this process' engine. */
public interface EngineSource {
    /** The engine; null while the node has not started, or could not. */
    @Nullable
    Engine engine();

    /** Why the node's store does nothing any more, and the node with it; null while it works. */
    @Nullable
    String storeFailure();

    /** Whether the node is on its way out. */
    boolean leaving();
}
