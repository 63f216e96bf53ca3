package dev.kvstore.node.http;

import dev.kvstore.core.data.Outcome;
import dev.kvstore.core.ring.Ring;
import dev.kvstore.node.engine.Engine;
import dev.kvstore.node.engine.EngineSource;
import dev.kvstore.node.engine.Listing;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Hands operations to the core and brings their outcomes back to the event loop of the request. */
@ApplicationScoped
class Operations {
    private static final Outcome NO_PRIMARY = Outcome.failed(Outcome.Failure.NO_PRIMARY);

    private final EngineSource node;
    private final HttpSettings settings;

    Operations(EngineSource node, HttpSettings settings) {
        this.node = node;
        this.settings = settings;
    }

    /** Lists keys: an {@link Outcome.Page} or an {@link Outcome.Failed}. */
    Uni<Outcome> list(Listing.Query query) {
        Engine engine = node.engine();
        Ring ring = engine == null ? null : engine.view().ring();
        if (engine == null || ring == null) {
            return Uni.createFrom().item(NO_PRIMARY);
        }
        long deadlineNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(settings.requestTimeoutMs());
        return onThisContext(() -> Listing.list(
                query,
                ring.partitions().size(),
                settings.maxListBytes(),
                scan -> engine.execute(
                        scan, Math.max(0, TimeUnit.NANOSECONDS.toMillis(deadlineNanos - System.nanoTime())))));
    }

    /** The ring that this node acts on; null when it knows none. */
    @Nullable
    Ring ring() {
        Engine engine = node.engine();
        return engine == null ? null : engine.view().ring();
    }

    /** The core's thread completes the stage, and has better to do than to write answers. */
    private static Uni<Outcome> onThisContext(Supplier<CompletionStage<Outcome>> begin) {
        Context context = Vertx.currentContext();
        return Uni.createFrom().completionStage(begin).emitOn(task -> context.runOnContext(ignored -> task.run()));
    }
}
