package dev.kvstore.operator.reconciler;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kvstore.operator.observed.Observed;
import dev.kvstore.operator.status.Situation.Remark;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether members may leave: those that stay must be there, and have room for what comes to them. Only the nodes know that, and
 * they judge it as they judge such an order of a local cluster. They are asked before they are told of the order, and not
 * again while it is carried out.
 */
final class Departure {
    private static final Logger LOG = LoggerFactory.getLogger(Departure.class);
    private static final JsonMapper MAPPER = new JsonMapper();

    /** A node asks the others first, which takes a second where one does not answer. */
    private static final Duration ANSWER = Duration.ofSeconds(3);

    /** So many nodes are asked at most, until one answers. */
    private static final int ASKED = 2;

    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(1)).build();
    private final int port;

    Departure(int port) {
        this.port = port;
    }

    /** Why the nodes would not have it; empty when nobody is to leave, they would, or no node can be asked. */
    Optional<Remark> refusal(Observed observed) {
        Set<String> leaving = leaving(observed);
        if (leaving.isEmpty()) {
            return Optional.empty();
        }
        ObjectNode order = MAPPER.createObjectNode();
        ObjectNode members = order.putObject("members");
        leaving.forEach(members::putNull);
        List<String> addresses = observed.members().stream()
                .filter(each -> each.ready() && !each.terminating())
                .flatMap(each -> each.address().stream())
                .limit(ASKED)
                .toList();
        for (String address : addresses) {
            try {
                return judged(address, order);
            } catch (IOException e) {
                LOG.warn(
                        "{}: {} does not say whether {} may leave: {}",
                        observed.names(),
                        address,
                        leaving,
                        e.toString());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                break;
            }
        }
        // the nodes keep their rules without being asked: what finds no room stays where it is
        return Optional.empty();
    }

    private static Set<String> leaving(Observed observed) {
        Set<String> leaving = observed.config()
                .map(config -> new TreeSet<>(config.members().keySet()))
                .orElseGet(TreeSet::new);
        leaving.removeAll(IntStream.range(0, observed.spec().replicas())
                .mapToObj(observed.names()::member)
                .collect(Collectors.toSet()));
        return leaving;
    }

    private Optional<Remark> judged(String address, ObjectNode order) throws IOException, InterruptedException {
        String host = address.contains(":") ? "[" + address + "]" : address;
        HttpResponse<String> answer = http.send(
                HttpRequest.newBuilder(URI.create("http://" + host + ":" + port + "/v1/cluster/desired?dryRun=true"))
                        .timeout(ANSWER)
                        .method("PATCH", HttpRequest.BodyPublishers.ofString(order.toString()))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        return switch (answer.statusCode()) {
            case HttpURLConnection.HTTP_OK -> Optional.empty();
            case HttpURLConnection.HTTP_CONFLICT ->
                Optional.of(new Remark("MembersCannotLeave", detail(answer.body())));
            default -> throw new IOException("status " + answer.statusCode());
        };
    }

    private static String detail(String problem) throws IOException {
        try {
            return MAPPER.readTree(problem).path("detail").asText();
        } catch (JacksonException e) {
            throw new IOException("no problem document", e);
        }
    }
}
