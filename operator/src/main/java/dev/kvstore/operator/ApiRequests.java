package dev.kvstore.operator;

import io.fabric8.kubernetes.client.http.BasicBuilder;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.Interceptor;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Singleton;

/** Counts what the operator asks the API server for, by method; a watch is one request each time that it is opened. */
@Singleton
public final class ApiRequests implements Interceptor {
    private final MeterRegistry metrics;

    public ApiRequests(MeterRegistry metrics) {
        this.metrics = metrics;
    }

    @Override
    public void before(BasicBuilder builder, HttpRequest request, RequestTags tags) {
        metrics.counter("kvstore.operator.requests", "method", request.method()).increment();
    }
}
