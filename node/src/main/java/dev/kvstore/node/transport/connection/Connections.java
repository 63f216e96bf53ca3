package dev.kvstore.node.transport.connection;

import dev.kvstore.core.io.Input;
import dev.kvstore.core.message.PeerId;
import dev.kvstore.core.ring.Member;
import dev.kvstore.core.ring.Ring;
import dev.kvstore.node.transport.codec.Introduction;
import dev.kvstore.node.transport.codec.Refusal;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The connections that a node has opened itself, and the addresses that it dials. Lives on one event loop: only its thread
 * calls, except where a method says otherwise.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a write that fails ends the connection, and of that end we hear
public final class Connections {
    private static final Logger LOG = Logger.getLogger(Connections.class);

    /** So long after an own connection has ended, answers over the other side's are waited for. */
    private static final long ANSWERS_MS = 1_000;

    private static final String REPLACED = "a younger process has taken its place";

    private final Context context;
    private final String selfName;
    private final Bootstrap bootstrap;
    private final Addresses addresses;
    private final Complaints complaints = new Complaints(LOG);
    private final Map<HostPort, Dialler> diallers = new HashMap<>();
    private final Map<String, Link> links = new ConcurrentHashMap<>();
    private final Map<String, PeerId> callers = new HashMap<>();
    private final Set<Link> awaitingAnswers = new HashSet<>();
    private boolean closed;

    /** With this node's name and the addresses that it was given. */
    public Connections(Context context, String selfName, Set<HostPort> peers) {
        this.context = context;
        this.selfName = selfName;
        this.addresses = new Addresses(peers);
        this.bootstrap = new Bootstrap()
                .group(context.loop())
                .channel(NioSocketChannel.class)
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.SO_KEEPALIVE, true)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, context.settings().connectTimeoutMs());
    }

    Context context() {
        return context;
    }

    // --- which nodes there are -------------------------------------------------------------------------------------

    /** Begins to dial the nodes that are known. */
    public void start() {
        dialWhatIsWanted();
    }

    /** The nodes to begin with are these now. */
    public void peers(Set<HostPort> peers) {
        addresses.given(peers);
        dialWhatIsWanted();
    }

    /** The members' addresses are these now. */
    public void ring(Ring ring) {
        Map<HostPort, String> members = new HashMap<>();
        for (Member member : ring.members()) {
            boolean other = !member.name().equals(selfName);
            HostPort address = other ? parse(member.name(), member.peerAddress()) : null;
            if (address != null) {
                members.put(address, member.name());
            }
        }
        addresses.members(members);
        dialWhatIsWanted();
    }

    private @Nullable HostPort parse(String name, String address) {
        try {
            return HostPort.parse(address);
        } catch (IllegalArgumentException e) {
            complaints.about(name, String.valueOf(e.getMessage()));
            return null;
        }
    }

    private void dialWhatIsWanted() {
        Set<HostPort> wanted = addresses.wanted();
        diallers.values().removeIf(each -> !wanted.contains(each.address()) && each.retire());
        for (HostPort address : wanted) {
            if (!closed && !diallers.containsKey(address)) {
                Dialler dialler = new Dialler(this, address);
                diallers.put(address, dialler);
                dialler.dial();
            }
        }
    }

    boolean wants(HostPort address) {
        return !closed && addresses.wanted().contains(address);
    }

    void forget(Dialler dialler) {
        diallers.remove(dialler.address());
    }

    /** A node has opened a connection to this one; so it is there, and an older process of its name is not. */
    void called(PeerId peer, String peerAddress) {
        Link link = links.get(peer.name());
        if (link != null && !link.peer().equals(peer)) {
            link.close(REPLACED);
        }
        PeerId before = callers.put(peer.name(), peer);
        if (before != null && !before.equals(peer)) {
            awaitNoMore(before);
        }
        HostPort address = peerAddress.isEmpty() ? null : parse(peer.name(), peerAddress);
        if (address != null) {
            addresses.called(peer.name(), address);
            dialWhatIsWanted();
            for (Dialler each : List.copyOf(diallers.values())) {
                if (address.equals(each.address()) || peer.name().equals(each.name())) {
                    each.hurry();
                }
            }
        }
    }

    /** A node's connection to this one has ended. */
    void hungUp(PeerId peer) {
        callers.remove(peer.name(), peer);
        awaitNoMore(peer);
        addresses.hungUp(peer.name());
        dialWhatIsWanted();
    }

    /** A node has answered a forwarded operation. */
    void answered(String name, long attempt) {
        Link link = links.get(name);
        if (link != null) {
            link.answered(attempt);
        }
        for (Link each : awaitingAnswers) {
            if (each.peer().name().equals(name)) {
                each.answered(attempt);
            }
        }
    }

    // --- own connections -------------------------------------------------------------------------------------------

    /** The own connection to a node, or null. On any thread. */
    @Nullable
    Link link(String name) {
        return links.get(name);
    }

    ChannelFuture connect(Dialler dialler, InetSocketAddress to) {
        return bootstrap
                .clone()
                .handler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                        Tls tls = context.tls();
                        if (tls != null) {
                            channel.pipeline().addLast(tls.client().newHandler(channel.alloc()));
                        }
                        channel.pipeline().addLast(new Outgoing(Connections.this, dialler));
                    }
                })
                .connect(to);
    }

    /** What speaks against a node that has answered. */
    @Nullable
    Refusal judge(Introduction other) {
        Link live = links.get(other.id().name());
        return context.admission().judge(other, live == null ? null : live.peer());
    }

    /** Whether there is an own connection to this very process. */
    boolean isConnected(PeerId peer) {
        Link live = links.get(peer.name());
        return live != null && live.peer().equals(peer);
    }

    /** The greeting of an own connection went well. */
    Link connected(Dialler dialler, Introduction other, Channel channel) {
        PeerId peer = other.id();
        context.admission().seen(peer);
        context.metrics().countConnect();
        complaints.settled(subject(dialler));
        dialler.connected(peer.name());
        Link link = new Link(peer, context.admission().common(other), channel, context);
        Link older = links.put(peer.name(), link);
        if (older != null) {
            older.close(REPLACED);
        }
        LOG.infof("connected to %s at %s", peer.name(), dialler.address());
        context.sink().accept(new Input.PeerSeen(peer.name()));
        return link;
    }

    void disconnected(Dialler dialler, Link link, String reason) {
        context.metrics().countDisconnect();
        links.remove(link.peer().name(), link);
        // Who stops closes both connections. What it answered may be there already and not read yet.
        if (link.peer().equals(callers.get(link.peer().name()))) {
            awaitingAnswers.add(link);
            context.loop().schedule(() -> awaitNoMore(link), ANSWERS_MS, TimeUnit.MILLISECONDS);
        } else {
            link.closed();
        }
        LOG.infof("connection to %s at %s is gone: %s", link.peer().name(), dialler.address(), reason);
        List.copyOf(diallers.values()).forEach(each -> each.unpark(link.peer().name()));
    }

    private void awaitNoMore(PeerId peer) {
        for (Link each : List.copyOf(awaitingAnswers)) {
            if (each.peer().equals(peer)) {
                awaitNoMore(each);
            }
        }
    }

    private void awaitNoMore(Link link) {
        if (awaitingAnswers.remove(link)) {
            link.closed();
        }
    }

    /** Something answers there, but there is no talking to it. */
    void notConnected(Dialler dialler, String reason) {
        complaints.about(subject(dialler), "not connected: " + reason);
    }

    /** Nothing answers there. */
    void unreachable(Dialler dialler, String reason) {
        complaints.note(subject(dialler), reason);
    }

    /** Every address behind the name has refused the connection. */
    void nobodyListens(Dialler dialler) {
        String known = dialler.name() == null ? addresses.memberAt(dialler.address()) : dialler.name();
        if (known != null && !links.containsKey(known)) {
            context.sink().accept(new Input.PeerRefused(known));
        }
    }

    private static String subject(Dialler dialler) {
        return "node at " + dialler.address();
    }

    // --- time and end ----------------------------------------------------------------------------------------------

    /** Tells all nodes which cluster this one belongs to. */
    public void tellCluster(String clusterId) {
        links.values().forEach(each -> each.tellCluster(clusterId));
    }

    /** To be called at every beat: looks for connections that are dead. */
    public void beat() {
        for (Link link : links.values()) {
            if (!link.beat()) {
                link.close("it has been silent for too long");
            }
        }
    }

    /** Ends all connections once what was handed to them is written; returns those that are ending. */
    public List<ChannelFuture> close() {
        closed = true;
        diallers.values().forEach(Dialler::retire);
        List<ChannelFuture> ending = new ArrayList<>();
        links.values().forEach(each -> ending.add(each.finish()));
        return ending;
    }
}
