package dev.kvstore.cli.client;

import dev.kvstore.cli.model.NodeAddress;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/** Sends single requests to single nodes, over HTTP/1.1, and never one of them twice. */
public final class NodeHttp implements AutoCloseable {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);
    private static final int STATUS_OK = 200;

    private static final Pattern OUR_TAG = Pattern.compile("\"\\d{1,18}\"");

    private final HttpClient http;
    private final Duration timeout;

    /** {@code timeout}: how long a node may take for one answer. */
    public NodeHttp(Duration timeout) {
        this.timeout = timeout;
        this.http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(timeout.compareTo(CONNECT_TIMEOUT) < 0 ? timeout : CONNECT_TIMEOUT)
                .followRedirects(HttpClient.Redirect.NEVER)
                // nodes are neighbours: a proxy that is set for the internet would be asked for localhost too
                .proxy(HttpClient.Builder.NO_PROXY)
                .sslContext(NoTls.context())
                .build();
    }

    Answer send(NodeAddress node, Call call) throws NoAnswerException, InterruptedException {
        return send(node, call, timeout);
    }

    Answer send(NodeAddress node, Call call, Duration within) throws NoAnswerException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create("http://" + node + call.target().text()))
                .timeout(within)
                .method(
                        call.method(),
                        call.body().length == 0
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofByteArray(call.body()));
        call.headers().forEach(request::header);
        try {
            HttpResponse<byte[]> response = http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
            return new Answer(
                    node,
                    response.statusCode(),
                    versionOf(response.headers().firstValue("ETag")),
                    response.headers().firstValue("Retry-After"),
                    response.body());
        } catch (IOException e) {
            throw NoAnswerException.of(node, e, within);
        }
    }

    /** The version in an entity tag; empty when it is not one of ours. */
    private static OptionalLong versionOf(Optional<String> etag) {
        return etag.filter(tag -> OUR_TAG.matcher(tag).matches())
                .map(tag -> OptionalLong.of(Long.parseLong(tag.substring(1, tag.length() - 1))))
                .orElseGet(OptionalLong::empty);
    }

    /** Whether the node says that it is ready; one that gives no answer is not. */
    public boolean ready(NodeAddress node) throws InterruptedException {
        try {
            return send(node, Call.read(Target.to("/q/health/ready"))).status() == STATUS_OK;
        } catch (NoAnswerException e) {
            return false;
        }
    }

    @Override
    public void close() {
        http.shutdownNow();
    }

    /** A request without its node. */
    record Call(String method, Target target, Map<String, String> headers, byte[] body) {
        private static final byte[] NO_BODY = new byte[0];

        static Call read(Target target) {
            return new Call("GET", target, Map.of(), NO_BODY);
        }

        static Call put(Target target, Map<String, String> headers, byte[] body) {
            return new Call("PUT", target, headers, body);
        }

        static Call patch(Target target, byte[] body) {
            return new Call("PATCH", target, Map.of("Content-Type", "application/merge-patch+json"), body);
        }

        static Call delete(Target target, Map<String, String> headers) {
            return new Call("DELETE", target, headers, NO_BODY);
        }
    }
}
