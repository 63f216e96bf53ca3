package dev.kvstore.node.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import org.jboss.resteasy.reactive.RestResponse;

/** The one place where problems become answers, whoever has found them. */
@ApplicationScoped
class Answers {
    private static final int CLIENT_CLOSED_MS = 2_000;

    private final ObjectMapper json;

    Answers(ObjectMapper json) {
        this.json = json;
    }

    /** The answer of a resource. */
    static RestResponse<Object> rest(Problem problem) {
        RestResponse.ResponseBuilder<Object> answer = RestResponse.ResponseBuilder.create(problem.status());
        problem.headers().forEach(answer::header);
        return answer.entity(problem).type(Problem.MEDIA_TYPE).build();
    }

    /** Answers a request that no resource sees. */
    void send(RoutingContext context, Problem problem) {
        HttpServerResponse response = context.response();
        if (response.ended() || response.closed()) {
            return;
        }
        response.setStatusCode(problem.status());
        response.putHeader("Content-Type", Problem.MEDIA_TYPE);
        problem.headers().forEach(response::putHeader);
        Buffer document = Buffer.buffer(document(problem));
        if (context.request().method().equals(HttpMethod.HEAD)) {
            response.putHeader("Content-Length", Integer.toString(document.length()));
            response.end();
        } else {
            response.end(document);
        }
    }

    /**
     * Answers a request without waiting for its body, and closes the connection. What still arrives is thrown away for a
     * moment: a connection that is closed on a client that is still sending can take the answer with it.
     */
    void sendAndClose(RoutingContext context, Problem problem) {
        HttpServerRequest request = context.request();
        context.response().putHeader("Connection", "close");
        if (!request.isEnded()) {
            request.handler(ignored -> {});
            request.endHandler(ended -> request.connection().close());
            context.vertx()
                    .setTimer(CLIENT_CLOSED_MS, timer -> request.connection().close());
            request.resume();
        }
        send(context, problem);
    }

    private byte[] document(Problem problem) {
        try {
            return json.writeValueAsBytes(problem);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a problem cannot be written as JSON", e);
        }
    }
}
