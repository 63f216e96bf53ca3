package dev.kvstore.node.http;

import dev.kvstore.core.data.Bytes;
import dev.kvstore.core.data.Operation;
import dev.kvstore.node.engine.Listing;
import dev.kvstore.node.metrics.Requests;
import io.smallrye.mutiny.Uni;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** Keys and their values. The key comes from the raw path, see {@link RawPaths}; the path's parameter is not looked at. */
@Path("/v1/keys")
class KeysResource {
    private static final int DEFAULT_LIMIT = 100;
    private static final int MAX_LIMIT = 1_000;
    private static final List<String> GET_PARAMETERS = List.of("consistency", Key.KEY64);
    private static final List<String> PUT_PARAMETERS = List.of("ttl", Key.KEY64);
    private static final List<String> DELETE_PARAMETERS = List.of(Key.KEY64);
    private static final List<String> LIST_PARAMETERS =
            List.of("prefix", "prefix64", "after", "after64", "limit", "values");

    private final Operations operations;
    private final Requests requests;

    KeysResource(Operations operations, Requests requests) {
        this.operations = operations;
        this.requests = requests;
    }

    @GET
    @Path("{key}")
    public Uni<RestResponse<Object>> get(@Context RoutingContext context) {
        Call call = Call.of(context);
        call.parameters().allow(GET_PARAMETERS);
        long known = Conditions.ofGet(context.request().headers());
        return operations
                .execute(new Operation.Get(call.requireKey(), stale(call.parameters())))
                .invoke(outcome -> requests.ended(Requests.Kind.GET, outcome, call.sinceNanos()))
                .map(outcome -> Outcomes.ofGet(outcome, known));
    }

    @PUT
    @Path("{key}")
    public Uni<RestResponse<Object>> put(@Context RoutingContext context) {
        Call call = Call.of(context);
        call.parameters().allow(PUT_PARAMETERS);
        long ttlMs = TimeToLive.ms(call.parameters().text("ttl"));
        var condition = Conditions.ofPut(context.request().headers());
        return operations
                .execute(new Operation.Put(call.requireKey(), call.body(), ttlMs, condition))
                .invoke(outcome -> requests.ended(Requests.Kind.PUT, outcome, call.sinceNanos()))
                .map(Outcomes::ofPut);
    }

    @DELETE
    @Path("{key}")
    public Uni<RestResponse<Object>> delete(@Context RoutingContext context) {
        Call call = Call.of(context);
        call.parameters().allow(DELETE_PARAMETERS);
        var condition = Conditions.ofDelete(context.request().headers());
        return operations
                .execute(new Operation.Delete(call.requireKey(), condition))
                .invoke(outcome -> requests.ended(Requests.Kind.DELETE, outcome, call.sinceNanos()))
                .map(Outcomes::ofDelete);
    }

    @GET
    @Produces(MediaType.APPLICATION_JSON)
    public Uni<RestResponse<Object>> list(@Context RoutingContext context) {
        Call call = Call.of(context);
        Listing.Query query = query(call.parameters());
        return operations
                .list(query)
                .invoke(outcome -> requests.ended(Requests.Kind.LIST, outcome, call.sinceNanos()))
                .map(outcome -> Outcomes.ofList(outcome, query.values()));
    }

    private static Listing.Query query(Parameters parameters) {
        parameters.allow(LIST_PARAMETERS);
        Bytes prefix = keyPart(parameters, "prefix");
        return new Listing.Query(
                prefix == null ? Bytes.EMPTY : prefix,
                keyPart(parameters, "after"),
                parameters.number("limit", DEFAULT_LIMIT, 1, MAX_LIMIT),
                parameters.flag("values"));
    }

    private static @Nullable Bytes keyPart(Parameters parameters, String name) {
        Bytes part = parameters.bytesOr64(name);
        if (part != null && part.size() > Key.MAX_BYTES) {
            throw new ProblemException(
                    ProblemCode.BAD_QUERY,
                    "'" + name + "' has " + part.size() + " bytes; a key has up to " + Key.MAX_BYTES);
        }
        return part;
    }

    private static boolean stale(Parameters parameters) {
        String consistency = parameters.text("consistency");
        if (consistency != null && !consistency.equals("stale")) {
            throw new ProblemException(
                    ProblemCode.BAD_QUERY, "'consistency' is stale, or not given for a linearizable read");
        }
        return consistency != null;
    }
}
