package dev.kvstore.node.http;

import dev.kvstore.core.data.Bytes;
import io.vertx.ext.web.RoutingContext;
import org.jspecify.annotations.Nullable;

/**
 * What the raw request says, read before anything could normalise it.
 *
 * @param key null where the path names none
 * @param body the whole body of a PUT, else empty
 * @param sinceNanos when the request came, by {@link System#nanoTime()}
 */
record Call(@Nullable Bytes key, Parameters parameters, Bytes body, long sinceNanos) {
    private static final String ATTRIBUTE = "kvstore.call";

    /** The same with a body. */
    Call withBody(Bytes arrived) {
        return new Call(key, parameters, arrived, sinceNanos);
    }

    /** Attaches this to the request. */
    void attach(RoutingContext context) {
        context.put(ATTRIBUTE, this);
    }

    /** What is attached to the request, or null. */
    static @Nullable Call attached(RoutingContext context) {
        return context.get(ATTRIBUTE);
    }

    /**
     * What is attached to the request.
     *
     * @throws ProblemException when it came by a path that only looks like one of ours once it is normalised
     */
    static Call of(RoutingContext context) {
        Call call = attached(context);
        if (call == null) {
            throw new ProblemException(
                    ProblemCode.NO_SUCH_PATH,
                    "paths are taken as they are sent: write /v1/... without dots or escapes");
        }
        return call;
    }

    /**
     * The key.
     *
     * @throws ProblemException when there is none
     */
    Bytes requireKey() {
        Bytes named = key;
        if (named == null) {
            throw new ProblemException(ProblemCode.BAD_KEY, "no key is given, neither in the path nor as 'key64'");
        }
        return named;
    }
}
