package dev.kvstore.node.transport.connection;

import dev.kvstore.core.message.PeerId;
import dev.kvstore.node.transport.LocalPeer;
import dev.kvstore.node.transport.codec.Introduction;
import dev.kvstore.node.transport.codec.Protocol;
import dev.kvstore.node.transport.codec.Refusal;
import dev.kvstore.node.transport.codec.Refusal.Reason;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Decides from its greeting whether this node talks to another one. Both sides of a connection decide for themselves. */
public final class Admission {
    /** How many stores' boots are remembered; of more, those seen first are forgotten. */
    private static final int MAX_STORES = 4_096;

    private record Store(String name, String storeId) {}

    private final LocalPeer local;
    private final PeerId self;
    private String clusterId;
    private final Map<Store, Long> boots = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Store, Long> eldest) {
            return size() > MAX_STORES;
        }
    };

    /** With who this node is, and the cluster that it belongs to, empty while there is none. */
    public Admission(LocalPeer local, String clusterId) {
        this.local = local;
        this.self = local.id();
        this.clusterId = clusterId;
    }

    /** What this node says of itself. */
    Introduction introduction() {
        return new Introduction(local.version(), clusterId, self, local.peerAddress(), local.place());
    }

    /** The version of the protocol that the two speak with each other. */
    int common(Introduction other) {
        return Math.min(local.version(), other.version());
    }

    /** The cluster that this node belongs to; empty while there is none. */
    public String clusterId() {
        return clusterId;
    }

    /** This node belongs to that cluster from now on. */
    public void clusterId(String id) {
        clusterId = id;
    }

    /**
     * What speaks against a node because of its cluster. One that belongs to no cluster yet fits every one that coordinates at
     * its place.
     */
    @Nullable
    Refusal judgeCluster(Introduction other) {
        String otherCluster = other.clusterId();
        if (!local.place().isEmpty()
                && !other.place().isEmpty()
                && !local.place().equals(other.place())) {
            return new Refusal(
                    Reason.CLUSTER,
                    "%s coordinates with its cluster by %s, %s by %s"
                            .formatted(other.id().name(), other.place(), self.name(), local.place()));
        }
        if (clusterId.isEmpty() || otherCluster.isEmpty() || clusterId.equals(otherCluster)) {
            return null;
        }
        return new Refusal(
                Reason.CLUSTER,
                "%s belongs to cluster %s, %s to cluster %s"
                        .formatted(other.id().name(), otherCluster, self.name(), clusterId));
    }

    /**
     * What speaks against a connection.
     *
     * @param live who is connected under that name at this moment, in the same direction
     * @return null when nothing does
     */
    @Nullable
    Refusal judge(Introduction other, @Nullable PeerId live) {
        PeerId id = other.id();
        if (common(other) < Protocol.OLDEST) {
            return new Refusal(
                    Reason.VERSION,
                    "%s speaks protocol version %d, %s needs %d or newer"
                            .formatted(id.name(), other.version(), self.name(), Protocol.OLDEST));
        }
        if (id.equals(self)) {
            return new Refusal(Reason.SELF, "%s has dialled itself".formatted(self.name()));
        }
        Refusal cluster = judgeCluster(other);
        if (cluster != null) {
            return cluster;
        }
        if (id.name().equals(self.name())) {
            return new Refusal(
                    Reason.NAME,
                    "another process is called %s too (store %s, boot %d; here store %s, boot %d)"
                            .formatted(self.name(), id.storeId(), id.boot(), self.storeId(), self.boot()));
        }
        long seen = boots.getOrDefault(new Store(id.name(), id.storeId()), 0L);
        if (id.boot() < seen) {
            return new Refusal(
                    Reason.BOOT,
                    "a younger process of %s has been seen (boot %d, this one %d)"
                            .formatted(id.name(), seen, id.boot()));
        }
        // boots of different stores say nothing about each other; the first one stays as long as it is there
        if (live != null && !live.storeId().equals(id.storeId())) {
            return new Refusal(
                    Reason.NAME,
                    "another process called %s is connected (store %s, this one %s)"
                            .formatted(id.name(), live.storeId(), id.storeId()));
        }
        return null;
    }

    /** A connection to this process is in use: older ones of the same store are refused from now on. */
    void seen(PeerId id) {
        boots.merge(new Store(id.name(), id.storeId()), id.boot(), Math::max);
    }
}
