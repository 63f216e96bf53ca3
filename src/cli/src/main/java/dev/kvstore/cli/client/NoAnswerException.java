package dev.kvstore.cli.client;

import dev.kvstore.cli.model.Durations;
import dev.kvstore.cli.model.NodeAddress;
import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.Objects;

/** One node gave no answer to one request. */
final class NoAnswerException extends IOException {
    private final transient NodeAddress node;
    private final String reason;
    private final boolean surelyNotSent;

    private NoAnswerException(NodeAddress node, String reason, boolean surelyNotSent, Throwable cause) {
        super(node + ": " + reason, cause);
        this.node = node;
        this.reason = reason;
        this.surelyNotSent = surelyNotSent;
    }

    static NoAnswerException of(NodeAddress node, IOException cause, Duration timeout) {
        return switch (cause) {
            case HttpConnectTimeoutException e -> new NoAnswerException(node, "it takes no connection", true, e);
            case ConnectException e -> new NoAnswerException(node, connectReason(e), true, e);
            case HttpTimeoutException e ->
                new NoAnswerException(node, "no answer within %s".formatted(Durations.text(timeout)), false, e);
            default ->
                new NoAnswerException(
                        node,
                        "the connection broke (%s)".formatted(Objects.requireNonNullElse(cause.getMessage(), "closed")),
                        false,
                        cause);
        };
    }

    private static String connectReason(ConnectException e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof UnresolvedAddressException) {
                return "unknown host";
            }
        }
        // the HTTP client drops the system's words for this most common case
        return Objects.requireNonNullElse(e.getMessage(), "connection refused");
    }

    NodeAddress node() {
        return node;
    }

    String reason() {
        return reason;
    }

    /** Not a byte of the request reached the node, so it may be sent to another one. */
    boolean surelyNotSent() {
        return surelyNotSent;
    }
}
