package dev.kvstore.node.http;

import dev.kvstore.core.data.Bytes;
import dev.kvstore.node.engine.Admission;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads the body of one request into memory, within bounds: its size, the time that it takes, and what all requests together
 * may hold. A body that is cut short comes to nothing. Lives on the request's event loop.
 */
final class Body {
    private static final String CONTINUE = "100-continue";

    private final RoutingContext context;
    private final HttpSettings settings;
    private final int maxValueBytes;
    private final Admission receiving;
    private final Consumer<Bytes> whole;
    private final Consumer<Problem> refused;
    private final Buffer buffer = Buffer.buffer();
    private long heldBytes;
    private long timer = -1;
    private boolean done;

    private Body(
            RoutingContext context,
            HttpSettings settings,
            int maxValueBytes,
            Admission receiving,
            Consumer<Bytes> whole,
            Consumer<Problem> refused) {
        this.context = context;
        this.settings = settings;
        this.maxValueBytes = maxValueBytes;
        this.receiving = receiving;
        this.whole = whole;
        this.refused = refused;
    }

    /**
     * Reads.
     *
     * @param maxValueBytes bytes that the body may have
     * @param receiving what all requests together may hold
     * @param whole gets the body when all of it has arrived
     * @param refused gets what is wrong with it, when some of it may be unread; neither is called when the client goes away
     */
    static void read(
            RoutingContext context,
            HttpSettings settings,
            int maxValueBytes,
            Admission receiving,
            Consumer<Bytes> whole,
            Consumer<Problem> refused) {
        new Body(context, settings, maxValueBytes, receiving, whole, refused).begin();
    }

    private void begin() {
        HttpServerRequest request = context.request();
        long announced = announcedBytes(request.getHeader("Content-Length"));
        if (announced > maxValueBytes) {
            refused.accept(tooLarge());
            return;
        }
        // What is announced and does not come costs nothing: slow senders must not keep the others out.
        if (!receiving.enter(0)) {
            refused.accept(overloaded());
            return;
        }
        timer = context.vertx().setTimer(settings.bodyTimeoutMs(), fired -> refuse(late()));
        request.handler(this::take);
        request.endHandler(ended -> arrived());
        request.exceptionHandler(gone -> finish());
        if (CONTINUE.equalsIgnoreCase(request.getHeader("Expect"))) {
            context.response().writeContinue();
        }
        request.resume();
    }

    private void take(Buffer part) {
        if (done) {
            return;
        }
        if (buffer.length() + part.length() > maxValueBytes) {
            refuse(tooLarge());
            return;
        }
        long more = buffer.length() + part.length() - heldBytes;
        if (more > 0) {
            if (!receiving.grow(more)) {
                refuse(overloaded());
                return;
            }
            heldBytes += more;
        }
        buffer.appendBuffer(part);
    }

    private void arrived() {
        if (finish()) {
            whole.accept(Bytes.wrap(buffer.getBytes()));
        }
    }

    private void refuse(Problem problem) {
        if (finish()) {
            refused.accept(problem);
        }
    }

    private boolean finish() {
        if (done) {
            return false;
        }
        done = true;
        context.vertx().cancelTimer(timer);
        receiving.leave(heldBytes);
        return true;
    }

    private static long announcedBytes(@Nullable String contentLength) {
        // a malformed one does not get here: the HTTP decoder refuses it
        return contentLength == null ? 0 : Long.parseLong(contentLength);
    }

    private Problem tooLarge() {
        return Problem.of(
                ProblemCode.VALUE_TOO_LARGE, "a value has up to " + maxValueBytes + " bytes; nothing was written");
    }

    private Problem late() {
        return Problem.of(
                ProblemCode.BODY_TIMEOUT,
                "the body did not arrive within " + settings.bodyTimeoutMs() + " ms; nothing was written");
    }

    private static Problem overloaded() {
        return Problem.of(ProblemCode.OVERLOADED, "too many bodies are arriving at a time; nothing was written");
    }
}
