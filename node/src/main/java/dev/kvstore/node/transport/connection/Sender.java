package dev.kvstore.node.transport.connection;

import dev.kvstore.core.io.Input;
import dev.kvstore.core.message.Message;
import dev.kvstore.core.message.Message.Forward;
import dev.kvstore.core.message.Message.Forwarded;
import dev.kvstore.core.message.Message.NotAppended;
import dev.kvstore.node.transport.Drop;
import dev.kvstore.node.transport.codec.MessageCodec;
import dev.kvstore.node.transport.codec.MessageType;
import java.util.ArrayList;
import java.util.List;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Collects what is sent in one turn of the engine, and writes it once for each member. On the event loop. */
public final class Sender {
    private static final Logger LOG = Logger.getLogger(Sender.class);

    private final Context context;
    private final Connections connections;
    private final MessageCodec codec = new MessageCodec();
    private final List<Link> open = new ArrayList<>();

    /** Sends over a node's own connections. */
    public Sender(Context context, Connections connections) {
        this.context = context;
        this.connections = connections;
    }

    /**
     * Takes a message. Of a {@link Forward} that is dropped the sink is told before this returns; whoever waits for what was read
     * for it, and did not fit into the queue, is told to ask again.
     */
    public void send(String to, Message message) {
        MessageType type = MessageType.of(message);
        Link link = connections.link(to);
        Drop drop = link == null ? Drop.NO_CONNECTION : offer(link, message, type);
        if (drop != null) {
            context.metrics().countDropped(type, drop, 1);
            if (drop == Drop.TOO_LARGE) {
                LOG.errorf("a message for %s is too large for a frame and was not sent: %s", to, type);
            }
            if (message instanceof Forward forward) {
                context.sink().accept(new Input.Undelivered(forward.attempt(), false));
            }
            if (drop == Drop.QUEUE_FULL && message instanceof Forwarded answer && MessageType.isRead(answer)) {
                send(to, new NotAppended(answer.attempt(), 0));
            }
        }
    }

    private @Nullable Drop offer(Link link, Message message, MessageType type) {
        boolean idle = !link.hasOpenBatch();
        Drop drop = link.offer(codec, message, type);
        if (idle && link.hasOpenBatch()) {
            open.add(link);
        }
        return drop;
    }

    /** Sends what was taken since the last time. */
    public void flush() {
        for (Link link : open) {
            link.flush();
        }
        open.clear();
    }
}
