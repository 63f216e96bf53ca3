package dev.kvstore.node.http;

import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.ws.rs.NotAllowedException;
import jakarta.ws.rs.WebApplicationException;
import java.util.Map;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.RestResponse;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/** Turns what resources, the framework and the router throw into problem documents. */
@ApplicationScoped
class ErrorMapping {
    private static final Logger LOG = Logger.getLogger(ErrorMapping.class);

    /** Quarkus' own handler of failures comes last of all. */
    private static final int BEFORE_QUARKUS = 20_000;

    private final Answers answers;

    ErrorMapping(Answers answers) {
        this.answers = answers;
    }

    /** What the resources refuse. */
    @ServerExceptionMapper
    RestResponse<Object> refused(ProblemException e) {
        return Answers.rest(e.problem());
    }

    /** The path is one of ours, and does not take the method. */
    @ServerExceptionMapper
    RestResponse<Object> refused(NotAllowedException e) {
        String allow = "GET, HEAD";
        return Answers.rest(
                Problem.of(ProblemCode.METHOD_NOT_ALLOWED, "the path takes " + allow, Map.of("Allow", allow)));
    }

    /** What else the framework refuses: paths, media types. */
    @ServerExceptionMapper
    RestResponse<Object> refused(WebApplicationException e) {
        int status = e.getResponse().getStatus();
        return Answers.rest(Problem.ofStatus(status, detail(status), Map.of()));
    }

    /** What nobody meant to happen. */
    @ServerExceptionMapper
    RestResponse<Object> failed(Throwable e) {
        return Answers.rest(defect(e));
    }

    /** Failures of the router itself, outside of any resource. */
    void register(@Observes Router router) {
        router.route().order(BEFORE_QUARKUS).failureHandler(this::failed);
    }

    private void failed(RoutingContext context) {
        Throwable failure = context.failure();
        if (failure instanceof ProblemException refusal) {
            answers.send(context, refusal.problem());
        } else if (context.statusCode() >= 400 && context.statusCode() < 500) {
            answers.send(context, Problem.ofStatus(context.statusCode(), detail(context.statusCode()), Map.of()));
        } else {
            answers.send(context, defect(failure == null ? new IllegalStateException("no cause is known") : failure));
        }
    }

    private static Problem defect(Throwable e) {
        LOG.error("a request has failed by a defect", e);
        return Problem.of(ProblemCode.INTERNAL, "the node has failed on this request; its log says more");
    }

    private static String detail(int status) {
        return switch (status) {
            case 404 -> "the interface is under /v1/keys and /v1/cluster; /q/openapi describes it";
            case 406 -> "what the path answers is not of a type that the request accepts";
            default -> "the request cannot be carried out as it is";
        };
    }
}
