package dev.kvstore.node.transport.connection;

import dev.kvstore.core.io.Input;
import dev.kvstore.core.message.Message;
import dev.kvstore.core.message.Message.Forwarded;
import dev.kvstore.core.message.Message.NotAppended;
import dev.kvstore.core.message.PeerId;
import dev.kvstore.node.transport.codec.Introduction;
import dev.kvstore.node.transport.codec.MessageType;
import dev.kvstore.node.transport.codec.Refusal;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.DecoderException;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** The connections that other nodes have opened. Lives on one event loop: only its thread calls. */
public final class Callers {
    private static final Logger LOG = Logger.getLogger(Callers.class);

    private final Context context;
    private final Connections own;
    private final BackPressure backPressure;
    private final Complaints complaints = new Complaints(LOG);
    private final Set<Incoming> all = new HashSet<>();
    private final Map<String, Incoming> started = new HashMap<>();
    private boolean closed;

    /** With this node's own connections, and whether reading should pause. */
    public Callers(Context context, Connections own, BooleanSupplier congested) {
        this.context = context;
        this.own = own;
        this.backPressure = new BackPressure(context, congested, all);
    }

    Context context() {
        return context;
    }

    /** A socket has come in. */
    public void initialise(SocketChannel channel) {
        Tls tls = context.tls();
        if (tls != null) {
            channel.pipeline().addLast(tls.server().newHandler(channel.alloc()));
        }
        channel.pipeline().addLast(new Incoming(this, channel));
    }

    /** A connection has come in; false when there are too many. */
    boolean accept(Incoming connection) {
        if (all.size() >= context.settings().maxIncoming()) {
            complaints.about("incoming connections", "there are " + all.size() + ", and no more are taken");
            return false;
        }
        return !closed && all.add(connection);
    }

    /** What speaks against a node that has dialled this one. */
    @Nullable
    Refusal judge(Introduction other) {
        Incoming live = started.get(other.id().name());
        return context.admission().judge(other, live == null ? null : live.peer());
    }

    void refused(Introduction caller, Refusal refusal) {
        context.metrics().countRefusal();
        if (refusal.reason() != Refusal.Reason.SELF) {
            complaints.about(
                    "node " + caller.id().name() + " at " + caller.peerAddress(), "refused: " + refusal.text());
        }
    }

    /** The greeting of a connection went well: it replaces an older one. */
    void started(Incoming connection) {
        PeerId peer = connection.peer();
        context.admission().seen(peer);
        Incoming older = started.put(peer.name(), connection);
        if (older != null) {
            older.close();
        }
        connection.reading(!backPressure.paused());
        own.called(peer, connection.caller().peerAddress());
    }

    void received(Incoming connection, Message message) {
        context.metrics().countReceived(MessageType.of(message));
        String from = connection.peer().name();
        if (message instanceof Forwarded forwarded) {
            own.answered(from, forwarded.attempt());
        } else if (message instanceof NotAppended notAppended) {
            own.answered(from, notAppended.attempt());
        }
        context.sink().accept(new Input.Received(connection.peer(), message));
    }

    void hasRead() {
        backPressure.check();
    }

    /** What came over a connection was wrong. */
    void broken(Incoming connection, String reason) {
        context.metrics().countBroken();
        complaints.about(connection.describe(), "closed: " + reason);
    }

    void failed(Incoming connection, Throwable cause) {
        if (cause instanceof IOException) {
            LOG.debugf("%s: %s", connection.describe(), reason(cause));
        } else {
            broken(connection, reason(cause));
        }
    }

    /** In words, why a connection failed. */
    static String reason(Throwable cause) {
        Throwable root = cause instanceof DecoderException && cause.getCause() != null ? cause.getCause() : cause;
        return root.getMessage() == null ? root.getClass().getSimpleName() : root.getMessage();
    }

    void hungUp(Incoming connection) {
        all.remove(connection);
        if (connection.started() && started.remove(connection.peer().name(), connection)) {
            own.hungUp(connection.peer());
        }
    }

    /** This node belongs to a cluster by now: nodes of others do not belong here. */
    public void refuseForeigners() {
        List.copyOf(started.values()).forEach(Incoming::refuseIfForeign);
    }

    /** To be called at every beat: looks for connections that are dead, and shows that this node is not. */
    public void beat() {
        for (Incoming each : List.copyOf(all)) {
            if (!each.beat()) {
                each.close();
            }
        }
    }

    /** Ends all connections. */
    public void close() {
        closed = true;
        backPressure.close();
        List.copyOf(all).forEach(Incoming::close);
    }
}
