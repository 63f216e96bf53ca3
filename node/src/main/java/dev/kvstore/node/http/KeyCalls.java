package dev.kvstore.node.http;

import dev.kvstore.core.data.Operation;
import dev.kvstore.core.data.Outcome;
import dev.kvstore.core.data.Stored;
import dev.kvstore.node.engine.Engine;
import dev.kvstore.node.engine.EngineSource;
import dev.kvstore.node.metrics.Requests;
import io.vertx.core.Context;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Calls on one key. They are most of what a node does, and need nothing of what a framework for resources offers: they go from
 * the raw request straight to the core, and from its outcome straight to the response.
 */
@ApplicationScoped
class KeyCalls {
    private static final List<String> GET_PARAMETERS = List.of("consistency", Key.KEY64);
    private static final List<String> PUT_PARAMETERS = List.of("ttl", Key.KEY64);
    private static final List<String> DELETE_PARAMETERS = List.of(Key.KEY64);
    private static final String ALLOWED = "GET, HEAD, PUT, DELETE";
    private static final String E_TAG = "ETag";
    private static final Outcome NO_PRIMARY = Outcome.failed(Outcome.Failure.NO_PRIMARY);

    private final EngineSource node;
    private final HttpSettings settings;
    private final Requests requests;
    private final Answers answers;

    KeyCalls(EngineSource node, HttpSettings settings, Requests requests, Answers answers) {
        this.node = node;
        this.settings = settings;
        this.requests = requests;
        this.answers = answers;
    }

    /**
     * Begins a call and sees to its answer, on the request's event loop.
     *
     * @throws ProblemException when it is not one that a key takes; nothing was answered then
     */
    void begin(RoutingContext context, Call call) {
        HttpMethod method = context.request().method();
        MultiMap headers = context.request().headers();
        if (method.equals(HttpMethod.GET) || method.equals(HttpMethod.HEAD)) {
            call.parameters().allow(GET_PARAMETERS);
            long known = Conditions.ofGet(headers);
            var get = new Operation.Get(call.requireKey(), stale(call.parameters()));
            execute(context, call, get, Requests.Kind.GET, outcome -> answerGet(context, outcome, known));
        } else if (method.equals(HttpMethod.PUT)) {
            call.parameters().allow(PUT_PARAMETERS);
            long ttlMs = TimeToLive.ms(call.parameters().text("ttl"));
            var put = new Operation.Put(call.requireKey(), call.body(), ttlMs, Conditions.ofPut(headers));
            execute(context, call, put, Requests.Kind.PUT, outcome -> answerPut(context, outcome));
        } else if (method.equals(HttpMethod.DELETE)) {
            call.parameters().allow(DELETE_PARAMETERS);
            var delete = new Operation.Delete(call.requireKey(), Conditions.ofDelete(headers));
            execute(context, call, delete, Requests.Kind.DELETE, outcome -> answerDelete(context, outcome));
        } else {
            throw new ProblemException(
                    Problem.of(ProblemCode.METHOD_NOT_ALLOWED, "the path takes " + ALLOWED, Map.of("Allow", ALLOWED)));
        }
    }

    private static boolean stale(Parameters parameters) {
        String consistency = parameters.text("consistency");
        if (consistency != null && !consistency.equals("stale")) {
            throw new ProblemException(
                    ProblemCode.BAD_QUERY, "'consistency' is stale, or not given for a linearizable read");
        }
        return consistency != null;
    }

    private void execute(
            RoutingContext context,
            Call call,
            Operation.Keyed operation,
            Requests.Kind kind,
            Consumer<Outcome> answer) {
        Engine engine = node.engine();
        if (engine == null) {
            end(context, call, NO_PRIMARY, kind, answer);
            return;
        }
        Context loop = context.vertx().getOrCreateContext();
        // the core's thread completes the stage, never exceptionally, and has better to do than to write answers
        var _ = engine.execute(operation, settings.requestTimeoutMs())
                .thenAccept(outcome -> loop.runOnContext(ignored -> end(context, call, outcome, kind, answer)));
    }

    private void end(RoutingContext context, Call call, Outcome outcome, Requests.Kind kind, Consumer<Outcome> answer) {
        requests.ended(kind, outcome, call.sinceNanos());
        HttpServerResponse response = context.response();
        if (response.ended() || response.closed()) {
            return;
        }
        try {
            answer.accept(outcome);
        } catch (RuntimeException e) {
            context.fail(e);
        }
    }

    /** The answer to a GET or HEAD whose client has the value of version {@code known} already, 0 for none. */
    private void answerGet(RoutingContext context, Outcome outcome, long known) {
        if (!(outcome instanceof Outcome.Found found)) {
            answers.send(context, Outcomes.problem(outcome));
            return;
        }
        Stored stored = found.stored();
        HttpServerResponse response = context.response().putHeader(E_TAG, Conditions.tag(stored.version()));
        if (stored.version() == known) {
            response.setStatusCode(304).end();
            return;
        }
        response.putHeader("Content-Type", "application/octet-stream")
                .putHeader("Content-Length", Integer.toString(stored.value().size()));
        if (context.request().method().equals(HttpMethod.HEAD)) {
            response.end();
        } else {
            response.end(Buffer.buffer(stored.value().array()));
        }
    }

    private void answerPut(RoutingContext context, Outcome outcome) {
        if (outcome instanceof Outcome.Written written) {
            context.response()
                    .setStatusCode(written.created() ? 201 : 204)
                    .putHeader(E_TAG, Conditions.tag(written.version()))
                    .end();
        } else {
            answers.send(context, Outcomes.problem(outcome));
        }
    }

    private void answerDelete(RoutingContext context, Outcome outcome) {
        if (outcome instanceof Outcome.Deleted) {
            context.response().setStatusCode(204).end();
        } else {
            answers.send(context, Outcomes.problem(outcome));
        }
    }
}
