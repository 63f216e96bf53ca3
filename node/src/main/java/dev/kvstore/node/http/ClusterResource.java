package dev.kvstore.node.http;

import dev.kvstore.core.ring.Ring;
import dev.kvstore.node.codec.RingJson;
import dev.kvstore.node.engine.Engine;
import dev.kvstore.node.engine.EngineSource;
import io.smallrye.common.annotation.NonBlocking;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How the cluster stands and where keys live, as this node sees it. */
@Path("/v1/cluster")
@Produces(MediaType.APPLICATION_JSON)
@NonBlocking
class ClusterResource {
    private final EngineSource node;

    ClusterResource(EngineSource node) {
        this.node = node;
    }

    @GET
    public ClusterAnswer cluster(@Context RoutingContext context) {
        Call.of(context).parameters().allow(List.of());
        Engine engine = node.engine();
        if (engine == null) {
            throw noRing();
        }
        return ClusterAnswer.of(engine.view(), engine.desired());
    }

    @GET
    @Path("ring")
    public String ring(@Context RoutingContext context) {
        Call.of(context).parameters().allow(List.of());
        return RingJson.write(requireRing());
    }

    @GET
    @Path("locate/{key}")
    public LocateAnswer locate(@Context RoutingContext context) {
        Call call = Call.of(context);
        call.parameters().allow(List.of(Key.KEY64));
        return LocateAnswer.of(call.requireKey(), requireRing());
    }

    @GET
    @Path("locate")
    public LocateAnswer locateNothing(@Context RoutingContext context) {
        return locate(context);
    }

    private Ring requireRing() {
        Engine engine = node.engine();
        @Nullable Ring ring = engine == null ? null : engine.view().ring();
        if (ring == null) {
            throw noRing();
        }
        return ring;
    }

    private static ProblemException noRing() {
        return new ProblemException(ProblemCode.NO_PRIMARY, "this node knows of no ring yet; the cluster is forming");
    }
}
