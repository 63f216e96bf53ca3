package dev.kvstore.operator;

import io.micrometer.core.instrument.MeterRegistry;

/** Makes what only the container makes otherwise. */
public final class ApiRequestsOf {
    private ApiRequestsOf() {}

    public static ApiRequests metrics(MeterRegistry metrics) {
        return new ApiRequests(metrics);
    }
}
