package dev.kvstore.node.http;

import dev.kvstore.node.status.NodeAnswer;
import dev.kvstore.node.status.OtherNodes;
import dev.kvstore.node.status.Self;
import io.smallrye.common.annotation.NonBlocking;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import java.util.List;

/** How this node stands. */
@Path(OtherNodes.PATH)
@Produces(MediaType.APPLICATION_JSON)
@NonBlocking
class NodeResource {
    private final Self self;

    NodeResource(Self self) {
        this.self = self;
    }

    @GET
    public NodeAnswer node(@Context RoutingContext context) {
        Call.of(context).parameters().allow(List.of());
        NodeAnswer answer = self.answer();
        if (answer == null) {
            throw new ProblemException(ProblemCode.NO_PRIMARY, "this node is starting");
        }
        return answer;
    }
}
