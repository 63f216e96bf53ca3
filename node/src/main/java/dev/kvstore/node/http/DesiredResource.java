package dev.kvstore.node.http;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kvstore.core.io.View;
import dev.kvstore.core.ring.Desired;
import dev.kvstore.node.coordination.Coordination;
import dev.kvstore.node.coordination.CoordinationException;
import dev.kvstore.node.coordination.DesiredFormatException;
import dev.kvstore.node.coordination.DesiredJson;
import dev.kvstore.node.coordination.OrderRefusedException;
import dev.kvstore.node.engine.Engine;
import dev.kvstore.node.engine.EngineSource;
import dev.kvstore.node.order.DesiredPatch;
import dev.kvstore.node.order.OrderDesk;
import dev.kvstore.node.order.OrderRules;
import dev.kvstore.node.order.OrderRules.Room;
import dev.kvstore.node.status.NodeAnswer;
import dev.kvstore.node.status.OtherNodes;
import dev.kvstore.node.status.Self;
import io.smallrye.common.annotation.NonBlocking;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** What the cluster should be, and orders that change it where no operator of Kubernetes gives them. */
@Path("/v1/cluster/desired")
@Produces(MediaType.APPLICATION_JSON)
@NonBlocking
class DesiredResource {
    private static final String DRY_RUN = "dryRun";

    private final EngineSource node;
    private final OrderDesk desk;
    private final Self self;
    private final OtherNodes others;

    DesiredResource(EngineSource node, OrderDesk desk, Self self, OtherNodes others) {
        this.node = node;
        this.desk = desk;
        this.self = self;
        this.others = others;
    }

    @GET
    public String desired(@Context RoutingContext context) {
        Call.of(context).parameters().allow(List.of());
        return DesiredJson.write(present());
    }

    private Desired present() {
        Desired desired = requireEngine().desired();
        if (desired == null) {
            throw new ProblemException(
                    ProblemCode.NO_PRIMARY, "this node does not know yet what the cluster should be");
        }
        return desired;
    }

    @PATCH
    @Consumes(MediaType.WILDCARD)
    public CompletionStage<String> order(@Context RoutingContext context, String body) {
        Parameters parameters = Call.of(context).parameters();
        parameters.allow(List.of(DRY_RUN));
        boolean dryRun = parameters.flag(DRY_RUN);
        DesiredPatch patch = readable(() -> DesiredPatch.read(body));
        View view = requireEngine().view();
        NodeAnswer mine = self.answer();
        Map<String, View.Seen> members = new TreeMap<>(view.members());
        members.remove(self.name());
        return others.ask(members)
                .map(told -> new OrderRules(view, rooms(mine, told)))
                .toCompletionStage()
                .thenCompose(rules -> {
                    Coordination.Order order = present -> {
                        Desired wanted = readable(() -> patch.apply(present));
                        rules.check(present, wanted);
                        return wanted;
                    };
                    return dryRun ? tried(order) : desk.order(order);
                })
                .handle(DesiredResource::answer);
    }

    /** What would become of an order that nobody gives. */
    private CompletionStage<Desired> tried(Coordination.Order order) {
        try {
            return CompletableFuture.completedStage(order.amend(present()));
        } catch (OrderRefusedException e) {
            return CompletableFuture.failedStage(e);
        }
    }

    private static String answer(@Nullable Desired desired, @Nullable Throwable failure) {
        if (desired != null) {
            return DesiredJson.write(desired);
        }
        Throwable cause = failure instanceof CompletionException wrapped ? wrapped.getCause() : failure;
        throw switch (cause) {
            case OrderRefusedException refusal ->
                new ProblemException(ProblemCode.ORDER_REFUSED, String.valueOf(refusal.getMessage()));
            case CoordinationException unable ->
                new ProblemException(ProblemCode.NO_PRIMARY, String.valueOf(unable.getMessage()));
            case ProblemException problem -> problem;
            case null -> new IllegalStateException("an order has ended in nothing");
            default -> new IllegalStateException("an order has failed", cause);
        };
    }

    private static Map<String, Room> rooms(@Nullable NodeAnswer mine, List<OtherNodes.Told> told) {
        Map<String, Room> rooms = new HashMap<>();
        if (mine != null && mine.disk().freeBytes() >= 0) {
            NodeAnswer.Disk disk = mine.disk();
            rooms.put(mine.name(), new Room(disk.dataBytes(), disk.freeBytes() - disk.leastFreeBytes()));
        }
        for (OtherNodes.Told each : told) {
            JsonNode answer = each.node();
            JsonNode disk = answer == null ? null : answer.path("disk");
            if (disk != null && disk.path("freeBytes").asLong(-1) >= 0) {
                long spare = disk.path("freeBytes").asLong()
                        - disk.path("leastFreeBytes").asLong();
                rooms.put(each.name(), new Room(disk.path("dataBytes").asLong(), spare));
            }
        }
        return rooms;
    }

    private interface Reading<T> {
        T read() throws DesiredFormatException;
    }

    private static <T> T readable(Reading<T> reading) {
        try {
            return reading.read();
        } catch (DesiredFormatException e) {
            throw new ProblemException(ProblemCode.BAD_REQUEST, String.valueOf(e.getMessage()));
        }
    }

    private Engine requireEngine() {
        Engine engine = node.engine();
        if (engine == null) {
            throw new ProblemException(ProblemCode.NO_PRIMARY, "this node is starting");
        }
        return engine;
    }
}
