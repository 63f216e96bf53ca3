package dev.kvstore.node.http;

import dev.kvstore.core.data.Bytes;
import dev.kvstore.node.clients.Connections;
import dev.kvstore.node.clients.Unread;
import dev.kvstore.node.engine.Admission;
import dev.kvstore.node.engine.EngineSource;
import dev.kvstore.node.engine.Limits;
import dev.kvstore.node.engine.LimitsSource;
import dev.kvstore.node.status.OtherNodes;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.Base64;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads keys and queries from the raw request before routing, which decodes, splits and normalises paths, so that {@code a/},
 * {@code a//b}, {@code ..} or {@code %FF} would not stay themselves. A call on a key is carried out from here ({@link KeyCalls});
 * a question where a key lives is routed under the key's base64url form, which nothing alters. What a request names is attached
 * to it as {@link Call}.
 */
@ApplicationScoped
class RawPaths {
    /** The path of the list; a key's is below it. */
    static final String KEYS = "/v1/keys";

    private static final int BEFORE_EVERYTHING = 10_000;
    private static final String LOCATE = "/v1/cluster/locate";
    private static final String CLUSTER = "/v1/cluster";
    private static final Set<String> ASKED =
            Set.of(CLUSTER, CLUSTER + "/ring", CLUSTER + "/nodes", CLUSTER + "/desired", OtherNodes.PATH);
    private static final Bytes NO_BODY = Bytes.EMPTY;

    private final Answers answers;
    private final KeyCalls keyCalls;
    private final HttpSettings settings;
    private final EngineSource node;
    private final LimitsSource limits;
    private final Admission receiving;
    private final Connections connections;
    private final Unread unread;

    RawPaths(
            Answers answers,
            KeyCalls keyCalls,
            HttpSettings settings,
            EngineSource node,
            LimitsSource limits,
            Connections connections,
            Unread unread,
            MeterRegistry registry) {
        this.answers = answers;
        this.keyCalls = keyCalls;
        this.connections = connections;
        this.unread = unread;
        this.settings = settings;
        this.node = node;
        this.limits = limits;
        this.receiving = new Admission(settings.receivingRequests(), settings.receivingBytes());
        Gauge.builder("kvstore.receiving.requests", receiving, Admission::ops)
                .description("Requests whose bodies are arriving")
                .register(registry);
        Gauge.builder("kvstore.receiving.bytes", receiving, Admission::bytes)
                .description("Bytes of these")
                .register(registry);
    }

    void register(@Observes Filters filters) {
        filters.register(this::handle, BEFORE_EVERYTHING);
    }

    private void handle(RoutingContext context) {
        if (node.leaving()) {
            context.response().putHeader("Connection", "close");
        }
        if (Call.attached(context) != null) {
            context.next();
        } else if (connections.refuses(context.request())) {
            answers.sendAndClose(
                    context,
                    Problem.of(ProblemCode.OVERLOADED, "this node has too many connections; nothing was written"));
        } else {
            unread.whenRead(context, () -> begin(context));
        }
    }

    private void begin(RoutingContext context) {
        try {
            route(context, originForm(context.request().uri()));
        } catch (ProblemException e) {
            refuse(context, e.problem());
        }
    }

    private void route(RoutingContext context, String uri) {
        int mark = uri.indexOf('?');
        String path = mark < 0 ? uri : uri.substring(0, mark);
        String query = mark < 0 ? null : uri.substring(mark + 1);
        if (path.equals(KEYS) || path.startsWith(KEYS + "/")) {
            keyed(context, KEYS, path, query);
        } else if (path.equals(LOCATE) || path.startsWith(LOCATE + "/")) {
            keyed(context, LOCATE, path, query);
        } else {
            if (ASKED.contains(path)) {
                call(null, query).attach(context);
            }
            context.next();
        }
    }

    private void refuse(RoutingContext context, Problem problem) {
        if (hasBody(context)) {
            answers.sendAndClose(context, problem);
        } else {
            answers.send(context, problem);
        }
    }

    private static boolean hasBody(RoutingContext context) {
        MultiMap headers = context.request().headers();
        return headers.contains("Transfer-Encoding") || headers.contains("Content-Length");
    }

    private void keyed(RoutingContext context, String collection, String path, @Nullable String query) {
        Parameters parameters = Parameters.of(query);
        Bytes key = path.length() > collection.length()
                ? Key.ofPath(path.substring(collection.length() + 1), parameters)
                : Key.ofParameter(parameters);
        if (unread.tooMuch()) {
            throw new ProblemException(
                    ProblemCode.OVERLOADED, "clients have not taken too many answers yet; nothing was written");
        }
        Call call = new Call(key, parameters, NO_BODY, System.nanoTime());
        if (key == null) {
            call.attach(context);
            context.next();
            return;
        }
        if (!collection.equals(KEYS)) {
            call.attach(context);
            context.reroute(
                    context.request().method(),
                    collection + "/" + Base64.getUrlEncoder().withoutPadding().encodeToString(key.array()));
            return;
        }
        boolean put = context.request().method().equals(HttpMethod.PUT);
        if (put || hasBody(context)) {
            Limits now = limits.limits();
            if (put) {
                Key.checkLength(key, now.maxKeyBytes());
            }
            Body.read(
                    context,
                    settings,
                    now.maxValueBytes(),
                    receiving,
                    body -> begin(context, call.withBody(body)),
                    problem -> answers.sendAndClose(context, problem));
        } else {
            keyCalls.begin(context, call);
            context.request().resume();
        }
    }

    private void begin(RoutingContext context, Call call) {
        try {
            keyCalls.begin(context, call);
        } catch (ProblemException e) {
            // the body is read: the connection can go on
            answers.send(context, e.problem());
        }
    }

    private static Call call(@Nullable Bytes key, @Nullable String query) {
        return new Call(key, Parameters.of(query), NO_BODY, System.nanoTime());
    }

    /** A request to a proxy has scheme and authority before the path (RFC 9112 section 3.2.2). */
    private static String originForm(String uri) {
        int scheme = uri.startsWith("/") ? -1 : uri.indexOf("://");
        if (scheme < 0) {
            return uri;
        }
        int slash = uri.indexOf('/', scheme + 3);
        return slash < 0 ? "/" : uri.substring(slash);
    }
}
