package dev.kvstore.cli.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kvstore.cli.client.NodeHttp.Call;
import dev.kvstore.cli.model.ClusterStatus;
import dev.kvstore.cli.model.Condition;
import dev.kvstore.cli.model.Json;
import dev.kvstore.cli.model.Key;
import dev.kvstore.cli.model.KeyPage;
import dev.kvstore.cli.model.NodeAddress;
import dev.kvstore.cli.model.Problem;
import dev.kvstore.cli.model.PutResult;
import dev.kvstore.cli.model.StoredValue;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * The store's HTTP interface, version 1, asked at whichever known node answers. All methods throw {@link ClientException}
 * when there is no result.
 */
public final class KvClient implements AutoCloseable {
    private static final String KEYS = "/v1/keys";
    private static final Target CLUSTER = Target.to("/v1/cluster");
    private static final Target DESIRED = Target.to("/v1/cluster/desired");
    private static final Duration LEARN_TIMEOUT = Duration.ofSeconds(1);
    private static final int OK = 200;
    private static final int CREATED = 201;
    private static final int NO_CONTENT = 204;
    private static final int NOT_FOUND = 404;
    private static final int INTERNAL = 500;

    private final NodeHttp http;
    private final NodeCalls calls;
    private final LearnedNodes learned;
    private final Clock clock;

    /**
     * A client of these nodes, which are asked in this order.
     *
     * @param timeout how long one node may take for one answer
     * @param trace is told when another node is asked, and why
     */
    public KvClient(
            List<NodeAddress> nodes, LearnedNodes learned, Duration timeout, Clock clock, Consumer<String> trace) {
        this.http = new NodeHttp(timeout);
        this.calls = new NodeCalls(http, nodes, learned, trace);
        this.learned = learned;
        this.clock = clock;
    }

    /** Writes a value. {@code ttl} as the interface takes it, for example {@code 30s}. */
    public PutResult put(Key key, byte[] value, Optional<String> ttl, Condition condition) throws InterruptedException {
        Target place = Target.key(KEYS, key);
        Target target = ttl.map(t -> place.with("ttl", t)).orElse(place);
        Answer answer = calls.write(Call.put(target, condition.headers(), value));
        return switch (answer.status()) {
            case CREATED -> new PutResult(true, answer.requireVersion());
            case NO_CONTENT -> new PutResult(false, answer.requireVersion());
            default -> throw writeFailure(answer);
        };
    }

    /** Reads a value; empty when the key is not there. {@code stale}: any copy will do. */
    public Optional<StoredValue> get(Key key, boolean stale) throws InterruptedException {
        Target place = Target.key(KEYS, key);
        Answer answer = calls.read(Call.read(stale ? place.with("consistency", "stale") : place));
        if (answer.status() == OK) {
            return Optional.of(new StoredValue(answer.body(), answer.requireVersion()));
        }
        if (answer.isProblem(NOT_FOUND, Problem.NOT_FOUND)) {
            return Optional.empty();
        }
        throw answer.failure(false);
    }

    /** Removes a key; false when it was not there. */
    public boolean delete(Key key, Condition condition) throws InterruptedException {
        Answer answer = calls.write(Call.delete(Target.key(KEYS, key), condition.headers()));
        if (answer.status() == NO_CONTENT) {
            return true;
        }
        if (answer.isProblem(NOT_FOUND, Problem.NOT_FOUND)) {
            return false;
        }
        throw writeFailure(answer);
    }

    /** One page of keys that start with {@code prefix} and come after {@code after}. */
    public KeyPage list(String prefix, Optional<Key> after, int limit, boolean values) throws InterruptedException {
        Target target = Target.to(KEYS);
        if (!prefix.isEmpty()) {
            target = target.with("prefix", prefix);
        }
        if (after.isPresent()) {
            target = target.with("after", after.get().bytes());
        }
        target = target.with("limit", Integer.toString(limit));
        if (values) {
            target = target.with("values", "true");
        }
        return document(target, KeyPage::of);
    }

    /** How the cluster stands, as the node wrote it; {@link ClusterStatus#of} reads it. */
    public ObjectNode cluster() throws InterruptedException {
        Answer answer = calls.read(Call.read(CLUSTER));
        if (answer.status() != OK) {
            throw answer.failure(false);
        }
        learned.learn(answer.node(), parse(answer, ClusterStatus::of), clock.millis());
        return parse(answer, Function.identity());
    }

    /** What all nodes say of themselves, as the node that was asked gathered it. */
    public ObjectNode nodes() throws InterruptedException {
        return document(Target.to("/v1/cluster/nodes"), Function.identity());
    }

    /** The ring, as the node wrote it. */
    public ObjectNode ring() throws InterruptedException {
        return document(Target.to("/v1/cluster/ring"), Function.identity());
    }

    /** The names of the members that the ring has. */
    public Set<String> ringMembers() throws InterruptedException {
        Set<String> names = new TreeSet<>();
        ring().path("members").forEach(member -> names.add(member.path("name").asText()));
        return names;
    }

    /** The names of the members that the cluster should have. */
    public List<String> desiredMembers() throws InterruptedException {
        List<String> names = new ArrayList<>();
        document(DESIRED, Function.identity()).path("members").fieldNames().forEachRemaining(names::add);
        return names;
    }

    /** Changes what the cluster should be, by a merge patch. Doing it twice is as good as once. */
    public ObjectNode order(JsonNode patch) throws InterruptedException {
        Answer answer = calls.read(Call.patch(DESIRED, Json.line(patch).getBytes(StandardCharsets.UTF_8)));
        if (answer.status() != OK) {
            throw answer.failure(false);
        }
        return parse(answer, Function.identity());
    }

    /** Where a key lives, as the node wrote it. */
    public ObjectNode locate(Key key) throws InterruptedException {
        return document(Target.key("/v1/cluster/locate", key), Function.identity());
    }

    /** The node that answered last. */
    public Optional<NodeAddress> answered() {
        return calls.answered();
    }

    /**
     * Learns from the node that answered which others there are, if that was not done lately, so that a later command finds
     * one when this node is away.
     */
    public void learnOthers() throws InterruptedException {
        Optional<NodeAddress> node = calls.answered().filter(n -> learned.isStale(n, clock.millis()));
        if (node.isEmpty()) {
            return;
        }
        try {
            Answer answer = http.send(node.get(), Call.read(CLUSTER), LEARN_TIMEOUT);
            if (answer.status() == OK) {
                learned.learn(node.get(), parse(answer, ClusterStatus::of), clock.millis());
            }
        } catch (NoAnswerException | ClientException.Foreign e) {
            // the command itself has its result; what is not learned now is learned by the next one
            return;
        }
    }

    @Override
    public void close() {
        http.close();
    }

    private <T> T document(Target target, Function<ObjectNode, T> reader) throws InterruptedException {
        Answer answer = calls.read(Call.read(target));
        if (answer.status() != OK) {
            throw answer.failure(false);
        }
        return parse(answer, reader);
    }

    private static <T> T parse(Answer answer, Function<ObjectNode, T> reader) {
        try {
            return reader.apply(Json.parseObject(answer.body())
                    .orElseThrow(() -> new IllegalArgumentException("its answer is no JSON object")));
        } catch (IllegalArgumentException e) {
            throw answer.foreign(String.valueOf(e.getMessage()));
        }
    }

    /** A failed write. What broke inside the node, or came from something between, does not say what became of it. */
    private static ClientException writeFailure(Answer answer) {
        ClientException failure = answer.failure(true);
        boolean vague = failure instanceof ClientException.Foreign ? answer.status() >= INTERNAL : isVague(answer);
        return vague ? new ClientException.OutcomeUnknown(answer.node(), failure.getMessage(), failure) : failure;
    }

    private static boolean isVague(Answer answer) {
        return switch (answer.problem().code()) {
            case Problem.NO_PRIMARY, Problem.PARTITION_LOST, Problem.OVERLOADED, Problem.DISK_FULL -> false;
            default -> answer.status() >= INTERNAL;
        };
    }
}
