package dev.kvstore.node.coordination.kubernetes;

import dev.kvstore.node.coordination.CoordinationMetrics;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.http.AsyncBody;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.fabric8.kubernetes.client.http.Interceptor;
import java.net.HttpURLConnection;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The API server as one thread's work sees it: requests that are given up after a time and never sent again by the client
 * itself, since only who asked knows whether that is right. What fails is logged once until it is over. Callable on any
 * thread.
 */
final class ApiServer implements AutoCloseable {
    /** What the server answers to whoever asks too much. */
    static final int TOO_MANY_REQUESTS = 429;

    private static final Logger LOG = Logger.getLogger(ApiServer.class);
    private static final String RETRY_AFTER = "Retry-After";
    private static final long MAX_RETRY_AFTER_S = 60;
    private static final long MS_PER_SECOND = 1_000;

    private final String what;
    private final LongSupplier monoMs;
    private final CoordinationMetrics metrics;
    private final KubernetesClient client;
    private final AtomicLong notBeforeMs;
    private boolean failing;

    ApiServer(String what, KubernetesClient like, int requestMs, LongSupplier monoMs, CoordinationMetrics metrics) {
        this.what = what;
        this.monoMs = monoMs;
        this.metrics = metrics;
        this.notBeforeMs = new AtomicLong(monoMs.getAsLong());
        Config config = new ConfigBuilder(like.getConfiguration())
                .withRequestTimeout(requestMs)
                .withConnectionTimeout(requestMs)
                .withRequestRetryBackoffLimit(0)
                .withWatchReconnectLimit(0)
                // one connection for each request: one that is stuck holds up no other
                .withHttp2Disable(true)
                .build();
        this.client = new KubernetesClientBuilder()
                .withConfig(config)
                .withKubernetesSerialization(like.getKubernetesSerialization())
                .withHttpClientBuilderConsumer(http -> http.addOrReplaceInterceptor("kvstore", new Listener()))
                .build();
    }

    /** The client drops the headers of an answer that says no. */
    private final class Listener implements Interceptor {
        @Override
        public void after(
                HttpRequest request, HttpResponse<?> response, AsyncBody.Consumer<List<ByteBuffer>> consumer) {
            metrics.countRequest();
            String wait = response.header(RETRY_AFTER);
            if (wait != null && wait.matches("\\d{1,9}")) {
                long seconds = Math.min(Long.parseLong(wait), MAX_RETRY_AFTER_S);
                notBeforeMs.set(monoMs.getAsLong() + seconds * MS_PER_SECOND);
            }
        }
    }

    KubernetesClient client() {
        return client;
    }

    /** Time in milliseconds for which the server does not want to be asked. */
    long busyForMs() {
        return Math.max(0, notBeforeMs.get() - monoMs.getAsLong());
    }

    /**
     * Does a request.
     *
     * @throws KubernetesClientException when it failed; it is counted and logged already, unless it was a conflict
     */
    <T extends @Nullable Object> T ask(Supplier<T> request) {
        try {
            T answer = request.get();
            answered();
            return answer;
        } catch (KubernetesClientException e) {
            if (e.getCode() == HttpURLConnection.HTTP_CONFLICT) {
                answered();
            } else {
                failed(e);
            }
            throw e;
        }
    }

    private synchronized void answered() {
        if (failing) {
            LOG.infof("the API server answers again (%s)", what);
        }
        failing = false;
    }

    /** Something that the server should have done has failed. */
    synchronized void failed(Exception e) {
        metrics.countFailure();
        if (!failing) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            LOG.warnf(
                    "the API server cannot be used (%s): %s. Reads and writes go on; no leader is elected and the ring does"
                            + " not change until it can.",
                    what, cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage());
        }
        failing = true;
    }

    @Override
    public void close() {
        client.close();
    }
}
