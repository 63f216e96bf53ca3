package dev.kvstore.operator.election;

import io.fabric8.kubernetes.client.http.BasicBuilder;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.Interceptor;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * Lets requests that write pass only while this operator leads for certain. It stands in the client, so that it holds for
 * everything: what the reconciler writes, what its framework writes, and what a pass writes that began long ago. Callable on
 * any thread.
 */
@Singleton
public final class Fence implements Interceptor {
    private static final Set<String> READS = Set.of("GET", "HEAD");

    private final LongSupplier monoNs;
    private volatile boolean open;
    private volatile long untilNs;

    @Inject
    Fence() {
        this(System::nanoTime);
    }

    Fence(LongSupplier monoNs) {
        this.monoNs = monoNs;
    }

    /** Opens it until a time of the monotonic clock, in nanoseconds. */
    void openUntil(long endNs) {
        untilNs = endNs;
        open = true;
    }

    void close() {
        open = false;
    }

    boolean isOpen() {
        return open && monoNs.getAsLong() - untilNs < 0;
    }

    @Override
    public void before(BasicBuilder builder, HttpRequest request, RequestTags tags) {
        if (!READS.contains(request.method()) && !isOpen()) {
            throw new NotLeadingException(request.method() + " " + request.uri().getPath());
        }
    }
}
