package dev.kvstore.testkit.load;

/** A node answered what the HTTP interface does not know: a defect of the node, or of the client that asked. */
public final class UnexpectedReplyException extends RuntimeException {

    private static final long serialVersionUID = 1L;
    private static final int MAX_BODY_CHARS = 300;

    UnexpectedReplyException(String what, Reply reply) {
        super(message(what, reply));
    }

    UnexpectedReplyException(String what, Reply reply, Throwable cause) {
        super(message(what, reply), cause);
    }

    private static String message(String what, Reply reply) {
        String body = reply.body().name();
        return "%s (status %d, headers %s, body %s)"
                .formatted(
                        what,
                        reply.status(),
                        reply.headers().map(),
                        body.length() <= MAX_BODY_CHARS ? body : body.substring(0, MAX_BODY_CHARS) + "...");
    }
}
