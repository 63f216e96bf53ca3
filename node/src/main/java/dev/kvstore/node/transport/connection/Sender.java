package dev.kvstore.node.transport.connection;

import dev.kvstore.core.io.Input;
import dev.kvstore.core.message.Message;
import dev.kvstore.core.message.Message.Forward;
import dev.kvstore.node.transport.Drop;
import dev.kvstore.node.transport.codec.MessageCodec;
import dev.kvstore.node.transport.codec.MessageType;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** The engine's side of sending: encodes on its thread, and hands over to the event loop once for all members. */
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

    /** Takes a message; of a {@link Forward} that is dropped the sink is told before this returns. */
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

    private record Handover(Link link, Batch batch) {}

    /** Sends what was taken since the last time. */
    public void flush() {
        if (open.isEmpty()) {
            return;
        }
        List<Handover> handovers = new ArrayList<>(open.size());
        for (Link link : open) {
            Batch batch = link.take();
            if (batch != null) {
                handovers.add(new Handover(link, batch));
            }
        }
        open.clear();
        try {
            context.loop().execute(() -> handovers.forEach(each -> each.link().write(each.batch())));
        } catch (RejectedExecutionException e) {
            LOG.debug("the transport is closed", e);
            handovers.forEach(each -> each.link().giveUp(each.batch()));
        }
    }
}
