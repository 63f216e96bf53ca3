package dev.kvstore.cli.client;

import dev.kvstore.cli.client.NodeHttp.Call;
import dev.kvstore.cli.model.NodeAddress;
import dev.kvstore.cli.model.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Asks nodes in turn until one answers. A read may go to the next node after any failure. A write goes on only when it was
 * surely not sent, or was answered with "no primary", which promises that nothing was written; after any other failure its
 * outcome is unknown, and a second node could do it twice or undo what others wrote meanwhile.
 */
final class NodeCalls {
    private static final int MAX_NODES_ASKED = 16;
    private static final int STATUS_UNAVAILABLE = 503;

    private final NodeHttp http;
    private final List<NodeAddress> nodes;
    private final LearnedNodes learned;
    private final Consumer<String> trace;
    private @Nullable NodeAddress answered;

    NodeCalls(NodeHttp http, List<NodeAddress> nodes, LearnedNodes learned, Consumer<String> trace) {
        this.http = http;
        this.nodes = nodes;
        this.learned = learned;
        this.trace = trace;
    }

    /** The node that answered last. */
    Optional<NodeAddress> answered() {
        return Optional.ofNullable(answered);
    }

    Answer read(Call call) throws InterruptedException {
        return ask(call, false);
    }

    Answer write(Call call) throws InterruptedException {
        return ask(call, true);
    }

    private Answer ask(Call call, boolean write) throws InterruptedException {
        List<NoAnswerException> failed = new ArrayList<>();
        Optional<Answer> noPrimary = Optional.empty();
        for (NodeAddress node : candidates()) {
            try {
                Answer answer = write ? sendWrite(node, call) : http.send(node, call);
                answered = node;
                if (!answer.isProblem(STATUS_UNAVAILABLE, Problem.NO_PRIMARY)) {
                    return answer;
                }
                trace.accept(node + " knows no primary, asking the next node");
                noPrimary = noPrimary.or(() -> Optional.of(answer));
            } catch (NoAnswerException e) {
                trace.accept(node + ": " + e.reason() + ", asking the next node");
                failed.add(e);
            }
        }
        return noPrimary.orElseThrow(() -> new ClientException.Unreachable(failed, write));
    }

    private Answer sendWrite(NodeAddress node, Call call) throws NoAnswerException {
        try {
            return http.send(node, call);
        } catch (NoAnswerException e) {
            if (e.surelyNotSent()) {
                throw e;
            }
            throw new ClientException.OutcomeUnknown(node, e.reason(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ClientException.OutcomeUnknown(node, "interrupted while waiting for its answer", e);
        }
    }

    private List<NodeAddress> candidates() {
        return Stream.concat(nodes.stream(), learned.together(nodes).stream())
                .distinct()
                .limit(MAX_NODES_ASKED)
                .toList();
    }
}
