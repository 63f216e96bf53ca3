package dev.kvstore.testkit.load;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kvstore.testkit.history.Condition;
import dev.kvstore.testkit.history.Operation;
import dev.kvstore.testkit.history.Outcome;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A client of the store's HTTP interface, for any number of nodes and threads. It follows no redirect and sends no write
 * twice, so that one write here is at most one write there; a read whose connection breaks may be sent again.
 */
public final class KvClient implements AutoCloseable {

    /** Where keys live. */
    public static final String KEYS_PATH = "/v1/keys";

    /** An answer with a larger body fails. */
    private static final long MAX_BODY_BYTES = 64L << 20;

    /** How many keys a scan asks for at a time. */
    private static final int SCAN_PAGE_KEYS = 500;

    /** How many times a page is asked for while some partition has no primary; a failover takes a few seconds. */
    private static final int SCAN_ATTEMPTS = 20;

    private static final long MS_PER_SECOND = 1_000;

    private final HttpClient http;
    private final Duration requestTimeout;
    private final KeyAddressing addressing;
    private final Connections connections;

    /** How a key is named in a request. */
    public enum KeyAddressing {
        /** Percent-encoded in the path. */
        PATH,
        /** As {@code ?key64=}, in base64url. */
        KEY64
    }

    /** How a client connects. */
    public enum Connections {
        /** Connections are used again. */
        KEPT_ALIVE,
        /**
         * Each call has a connection of its own. Needs the system property {@code
         * -Djdk.httpclient.allowRestrictedHeaders=connection}.
         */
        FRESH
    }

    /**
     * A client that names keys in the path.
     *
     * @param requestTimeout how long a call may take as a whole; a call that takes longer is given up
     */
    public KvClient(Duration requestTimeout) {
        this(requestTimeout, KeyAddressing.PATH);
    }

    /**
     * A client.
     *
     * @param requestTimeout how long a call may take as a whole; a call that takes longer is given up
     * @param addressing how it names keys
     */
    public KvClient(Duration requestTimeout, KeyAddressing addressing) {
        this(requestTimeout, addressing, Connections.KEPT_ALIVE);
    }

    /**
     * A client.
     *
     * @param requestTimeout how long a call may take as a whole; a call that takes longer is given up
     * @param addressing how it names keys
     * @param connections how it connects
     */
    public KvClient(Duration requestTimeout, KeyAddressing addressing, Connections connections) {
        this.requestTimeout = requestTimeout;
        this.addressing = addressing;
        this.connections = connections;
        this.http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                // answers need no thread of their own on their way to the caller
                .executor(Runnable::run)
                // a first packet that was lost is sent again after a second
                .connectTimeout(requestTimeout.multipliedBy(3).dividedBy(4))
                .build();
    }

    /**
     * Does an operation and says what came of it. Never throws for a failing node.
     *
     * @param baseUrl the node, such as {@code http://localhost:8001}
     * @param operation what; key and value are sent as UTF-8
     * @return the outcome; a caller that was interrupted finds its interrupt flag set and the outcome unknown
     * @throws UnexpectedReplyException when the answer is none of the interface's
     */
    public Outcome execute(URI baseUrl, Operation operation) {
        try {
            return Outcomes.of(operation, exchange(baseUrl, operation));
        } catch (IOException e) {
            return Outcomes.of(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Outcomes.of(e);
        }
    }

    private Reply exchange(URI baseUrl, Operation operation) throws IOException, InterruptedException {
        Bytes key = Bytes.of(operation.key());
        return switch (operation) {
            case Operation.Get get -> get(baseUrl, key, get.stale());
            case Operation.Put put -> put(baseUrl, key, Bytes.of(put.value()), put.ttlMs(), put.condition());
            case Operation.Delete delete -> delete(baseUrl, key, delete.condition());
        };
    }

    /**
     * Reads a key.
     *
     * @param baseUrl the node
     * @param key the key
     * @param stale whether any replica may answer
     * @return the answer
     * @throws IOException when there is none
     * @throws InterruptedException when the caller is interrupted; the exchange is given up
     */
    public Reply get(URI baseUrl, Bytes key, boolean stale) throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(keyUri(baseUrl, key, stale ? "consistency=stale" : ""))
                .GET());
    }

    /**
     * Writes a key.
     *
     * @param baseUrl the node
     * @param key the key
     * @param value the value
     * @param ttlMs how long it lives, in milliseconds; {@link Operation#NO_TTL} for ever
     * @param condition what must hold
     * @return the answer
     * @throws IOException when there is none
     * @throws InterruptedException when the caller is interrupted; the exchange is given up
     */
    public Reply put(URI baseUrl, Bytes key, Bytes value, long ttlMs, Condition condition)
            throws IOException, InterruptedException {
        String query = ttlMs == Operation.NO_TTL ? "" : "ttl=" + ttl(ttlMs);
        HttpRequest.Builder request =
                HttpRequest.newBuilder(keyUri(baseUrl, key, query)).PUT(BodyPublishers.ofByteArray(value.toArray()));
        return send(conditional(request, condition));
    }

    /**
     * Deletes a key.
     *
     * @param baseUrl the node
     * @param key the key
     * @param condition what must hold
     * @return the answer
     * @throws IOException when there is none
     * @throws InterruptedException when the caller is interrupted; the exchange is given up
     */
    public Reply delete(URI baseUrl, Bytes key, Condition condition) throws IOException, InterruptedException {
        return send(conditional(HttpRequest.newBuilder(keyUri(baseUrl, key, "")).DELETE(), condition));
    }

    /**
     * Reads anything else, by its path.
     *
     * @param baseUrl the node
     * @param pathAndQuery what to read, encoded already, such as {@code /v1/cluster}
     * @return the answer
     * @throws IOException when there is none
     * @throws InterruptedException when the caller is interrupted; the exchange is given up
     */
    public Reply getPath(URI baseUrl, String pathAndQuery) throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(URI.create(baseUrl + pathAndQuery)).GET());
    }

    /**
     * Reads all keys whose names begin with a prefix, page after page. A page that is answered 503 is asked for again, a second
     * later, twenty times at most.
     *
     * @param baseUrl the node
     * @param prefix what the keys begin with; empty for all
     * @return each key, by its {@link Bytes#name}, with value and version, in the order of the pages
     * @throws IOException when a page has no answer
     * @throws InterruptedException when the caller is interrupted; the exchange is given up
     * @throws UnexpectedReplyException when a page is refused or not as the interface says
     */
    public Map<String, Outcome.Value> scan(URI baseUrl, Bytes prefix) throws IOException, InterruptedException {
        Map<String, Outcome.Value> found = new LinkedHashMap<>();
        String after = "";
        while (true) {
            String query = "?values=true&limit=" + SCAN_PAGE_KEYS + "&prefix=" + prefix.toPercentEncoded() + after;
            Reply reply = page(baseUrl, KEYS_PATH + query);
            if (reply.status() != 200) {
                throw new UnexpectedReplyException("a scan that failed", reply);
            }
            JsonNode page = reply.json();
            for (JsonNode entry : page.path("keys")) {
                Outcome.Value value = new Outcome.Value(
                        name(entry, "value", reply), entry.path("version").asLong());
                if (found.put(name(entry, "key", reply), value) != null) {
                    throw new UnexpectedReplyException("a page that repeats a key: " + entry, reply);
                }
            }
            if (page.has("next")) {
                after = "&after=" + Bytes.of(page.path("next").asText()).toPercentEncoded();
            } else if (page.has("next64")) {
                after = "&after64=" + page.path("next64").asText();
            } else {
                return found;
            }
        }
    }

    private Reply page(URI baseUrl, String pathAndQuery) throws IOException, InterruptedException {
        Reply reply = getPath(baseUrl, pathAndQuery);
        for (int attempt = 1; reply.status() == 503 && attempt < SCAN_ATTEMPTS; attempt++) {
            Thread.sleep(MS_PER_SECOND);
            reply = getPath(baseUrl, pathAndQuery);
        }
        return reply;
    }

    private static String name(JsonNode entry, String field, Reply reply) {
        if (entry.has(field)) {
            return entry.path(field).asText();
        }
        if (entry.has(field + "64")) {
            return Bytes.ofBase64Url(entry.path(field + "64").asText()).name();
        }
        throw new UnexpectedReplyException("an entry without " + field + ": " + entry, reply);
    }

    private URI keyUri(URI baseUrl, Bytes key, String query) {
        return switch (addressing) {
            case PATH ->
                URI.create(baseUrl + KEYS_PATH + "/" + key.toPercentEncoded() + (query.isEmpty() ? "" : "?" + query));
            case KEY64 ->
                URI.create(baseUrl + KEYS_PATH + "?key64=" + key.toBase64Url() + (query.isEmpty() ? "" : "&" + query));
        };
    }

    private static HttpRequest.Builder conditional(HttpRequest.Builder request, Condition condition) {
        return switch (condition) {
            case Condition.None _ -> request;
            case Condition.IfAbsent _ -> request.header("If-None-Match", "*");
            case Condition.IfVersion ifVersion -> request.header("If-Match", "\"" + ifVersion.version() + "\"");
        };
    }

    private static String ttl(long ttlMs) {
        return ttlMs % MS_PER_SECOND == 0 ? ttlMs / MS_PER_SECOND + "s" : ttlMs + "ms";
    }

    private Reply send(HttpRequest.Builder builder) throws IOException, InterruptedException {
        if (connections == Connections.FRESH) {
            builder.setHeader("Connection", "close");
        }
        CompletableFuture<HttpResponse<byte[]>> exchange =
                http.sendAsync(builder.build(), BodyHandlers.limiting(BodyHandlers.ofByteArray(), MAX_BODY_BYTES));
        try {
            // a request's own timeout ends with the headers; this one holds a body that never comes, too
            return Reply.of(exchange.get(requestTimeout.toNanos(), TimeUnit.NANOSECONDS));
        } catch (TimeoutException _) {
            throw new HttpTimeoutException("no answer within " + requestTimeout);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException failure) {
                throw failure;
            }
            throw new IllegalStateException("an exchange that the HTTP client could not do", e.getCause());
        } finally {
            exchange.cancel(true);
        }
    }

    /** Gives up what runs and closes the connections. */
    @Override
    public void close() {
        http.shutdownNow();
        http.close();
    }
}
