package dev.kvstore.cli.client;

import dev.kvstore.cli.model.NodeAddress;
import dev.kvstore.cli.model.Problem;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Why a request has no result. */
public abstract sealed class ClientException extends RuntimeException {
    private ClientException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    @Override
    public String getMessage() {
        String message = super.getMessage();
        return message == null ? "" : message;
    }

    /** A node understood the request and said no. */
    public static final class Refused extends ClientException {
        private final transient Problem problem;
        private final boolean write;

        Refused(Problem problem, boolean write) {
            super(problem.detail(), null);
            this.problem = problem;
            this.write = write;
        }

        /** Whether the request would have changed something. */
        public boolean write() {
            return write;
        }

        /** What it said. */
        public Problem problem() {
            return problem;
        }
    }

    /** No node that is known could be asked. Nothing was written. */
    public static final class Unreachable extends ClientException {
        Unreachable(List<NoAnswerException> tries, boolean write) {
            super(
                    "No node answers: "
                            + tries.stream()
                                    .map(t -> t.node() + " (" + t.reason() + ")")
                                    .collect(Collectors.joining(", "))
                            + (write ? ". Nothing was written." : "."),
                    tries.isEmpty() ? null : tries.getLast());
        }
    }

    /** A write was handed to a node that did not say what became of it. */
    public static final class OutcomeUnknown extends ClientException {
        OutcomeUnknown(NodeAddress node, String reason, @Nullable Throwable cause) {
            super(node + " did not say what became of it: " + reason, cause);
        }
    }

    /** Something answers there, but not as a node of this store does. */
    public static final class Foreign extends ClientException {
        Foreign(NodeAddress node, String what) {
            super(node + " does not answer like a kvstore node: " + what, null);
        }
    }
}
