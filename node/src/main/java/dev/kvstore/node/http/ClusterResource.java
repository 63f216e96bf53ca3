package dev.kvstore.node.http;

import dev.kvstore.core.io.View;
import dev.kvstore.core.ring.Ring;
import dev.kvstore.node.codec.RingJson;
import dev.kvstore.node.engine.Engine;
import dev.kvstore.node.engine.EngineSource;
import dev.kvstore.node.status.MoveAnswer;
import dev.kvstore.node.status.Moves;
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
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** How the cluster stands and where keys live, as this node sees it. */
@Path("/v1/cluster")
@Produces(MediaType.APPLICATION_JSON)
@NonBlocking
class ClusterResource {
    private final EngineSource node;
    private final Self self;
    private final OtherNodes others;
    private final Moves moves;

    ClusterResource(EngineSource node, Self self, OtherNodes others, Moves moves) {
        this.node = node;
        this.self = self;
        this.others = others;
        this.moves = moves;
    }

    @GET
    public CompletionStage<ClusterAnswer> cluster(@Context RoutingContext context) {
        Call.of(context).parameters().allow(List.of());
        Engine engine = requireEngine();
        View view = engine.view();
        List<MoveAnswer> mine = self.moves();
        Map<String, View.Seen> senders = new TreeMap<>();
        Ring ring = view.ring();
        for (MoveAnswer move : ring == null ? List.<MoveAnswer>of() : MoveAnswer.of(ring)) {
            View.Seen sender = view.members().get(move.from());
            if (sender != null
                    && sender.state() != View.State.DOWN
                    && !move.from().equals(self.name())) {
                senders.put(move.from(), sender);
            }
        }
        int toMove = moves.partitionsToMove(view, engine.desired());
        return others.moves(senders)
                .map(theirs -> ClusterAnswer.of(
                        view,
                        engine.desired(),
                        toMove,
                        Stream.concat(mine.stream(), theirs.stream()).toList()))
                .toCompletionStage();
    }

    @GET
    @Path("nodes")
    public CompletionStage<NodesAnswer> nodes(@Context RoutingContext context) {
        Call.of(context).parameters().allow(List.of());
        View view = requireEngine().view();
        NodeAnswer mine = self.answer();
        if (mine == null) {
            throw noRing();
        }
        Map<String, View.Seen> members = new TreeMap<>(view.members());
        members.remove(mine.name());
        return others.ask(members)
                .map(told -> new NodesAnswer(mine.name(), mine, told))
                .toCompletionStage();
    }

    /**
     * What all nodes say of themselves.
     *
     * @param asked the node that was asked, and has asked the others
     * @param node what that node says
     * @param others what the others say
     */
    record NodesAnswer(String asked, NodeAnswer node, List<OtherNodes.Told> others) {}

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

    private Engine requireEngine() {
        Engine engine = node.engine();
        if (engine == null) {
            throw noRing();
        }
        return engine;
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
