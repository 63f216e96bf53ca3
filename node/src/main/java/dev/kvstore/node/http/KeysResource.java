package dev.kvstore.node.http;

import dev.kvstore.core.data.Bytes;
import dev.kvstore.node.engine.Listing;
import dev.kvstore.node.metrics.Requests;
import io.smallrye.mutiny.Uni;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** The list of keys. Calls on one key do not come here, see {@link KeyCalls}. */
@Path("/v1/keys")
class KeysResource {
    private static final int DEFAULT_LIMIT = 100;
    private static final int MAX_LIMIT = 1_000;
    private static final List<String> LIST_PARAMETERS =
            List.of("prefix", "prefix64", "after", "after64", "limit", "values");

    private final Operations operations;
    private final Requests requests;

    KeysResource(Operations operations, Requests requests) {
        this.operations = operations;
        this.requests = requests;
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
}
