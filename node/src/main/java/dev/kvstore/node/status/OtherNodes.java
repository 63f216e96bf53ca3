package dev.kvstore.node.status;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kvstore.core.io.View;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Asks other nodes how they stand. An answer is used again for a moment, so that many who ask this node do not become many
 * times as many who ask the others.
 */
@ApplicationScoped
public class OtherNodes {
    /** Where each node tells it. */
    public static final String PATH = "/v1/node";

    private static final int ANSWER_MS = 1_000;
    private static final long FRESH_MS = 200;
    private static final int CONNECTIONS_EACH = 2;
    private static final int WAITING_EACH = 16;
    private static final int IDLE_S = 30;
    private static final int OK = 200;

    private final ObjectMapper json;
    private final HttpClient http;
    private final Map<String, Asked> asked = new ConcurrentHashMap<>();

    OtherNodes(Vertx vertx, ObjectMapper json) {
        this.json = json;
        this.http = vertx.createHttpClient(new HttpClientOptions()
                .setConnectTimeout(ANSWER_MS)
                .setMaxPoolSize(CONNECTIONS_EACH)
                .setMaxWaitQueueSize(WAITING_EACH)
                .setKeepAliveTimeout(IDLE_S));
    }

    private record Asked(String address, long atNanos, Future<Told> answer) {}

    /**
     * What a node told.
     *
     * @param askedMs this node's wall clock when it asked, in milliseconds since 1970
     * @param answeredMs the same when the answer, or its absence, was known
     * @param node the answer; null when there is none
     * @param error why there is none; null when there is one
     */
    public record Told(
            String name,
            String address,
            long askedMs,
            long answeredMs,
            @Nullable JsonNode node,
            @Nullable String error) {
        /** What the node moves as primary. */
        List<MoveAnswer> moves(ObjectMapper json) {
            List<MoveAnswer> moves = new ArrayList<>();
            JsonNode told = node;
            if (told != null) {
                told.path("moves").forEach(move -> moves.add(json.convertValue(move, MoveAnswer.class)));
            }
            return moves;
        }
    }

    /** Asks these members, all at once; answered within little more than a second, whoever does not. */
    public Future<List<Told>> ask(Map<String, View.Seen> members) {
        List<Future<Told>> answers = new ArrayList<>();
        members.forEach((name, seen) -> answers.add(ask(name, seen.address())));
        return Future.join(answers)
                .map(all -> answers.stream().map(Future::result).toList());
    }

    /** What these members move as primaries. */
    public Future<List<MoveAnswer>> moves(Map<String, View.Seen> members) {
        return ask(members)
                .map(told ->
                        told.stream().flatMap(each -> each.moves(json).stream()).toList());
    }

    private Future<Told> ask(String name, String address) {
        long now = System.nanoTime();
        return asked.compute(name, (same, before) -> {
                    boolean fresh = before != null
                            && before.address().equals(address)
                            && (now - before.atNanos() < TimeUnit.MILLISECONDS.toNanos(FRESH_MS)
                                    || !before.answer().isComplete());
                    return fresh ? before : new Asked(address, now, send(name, address));
                })
                .answer();
    }

    private Future<Told> send(String name, String address) {
        long askedMs = System.currentTimeMillis();
        int colon = address.lastIndexOf(':');
        if (colon < 0) {
            return Future.succeededFuture(new Told(name, address, askedMs, askedMs, null, "its address is not known"));
        }
        String host = address.substring(0, colon).replaceAll("[\\[\\]]", "");
        RequestOptions request = new RequestOptions()
                .setMethod(HttpMethod.GET)
                .setHost(host)
                .setPort(Integer.parseInt(address.substring(colon + 1)))
                .setURI(PATH)
                .setTimeout(ANSWER_MS);
        Future<Told> answer = http.request(request)
                .compose(open -> open.send().compose(this::body))
                .map(node -> new Told(name, address, askedMs, System.currentTimeMillis(), node, null))
                .timeout(ANSWER_MS, TimeUnit.MILLISECONDS);
        return answer.otherwise(
                failure -> new Told(name, address, askedMs, System.currentTimeMillis(), null, reason(failure)));
    }

    private Future<JsonNode> body(HttpClientResponse response) {
        return response.body().compose(body -> parsed(response.statusCode(), body));
    }

    private Future<JsonNode> parsed(int status, Buffer body) {
        if (status != OK) {
            return Future.failedFuture("it answered with status " + status);
        }
        try {
            return Future.succeededFuture(json.readTree(body.getBytes()));
        } catch (IOException e) {
            return Future.failedFuture("its answer is not JSON");
        }
    }

    private static String reason(Throwable failure) {
        return failure instanceof TimeoutException
                ? "no answer within " + ANSWER_MS + " ms"
                : String.valueOf(failure.getMessage());
    }
}
