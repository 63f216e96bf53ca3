package dev.kvstore.node;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What a node can be told, as {@code kvstore.*}: by the command line's arguments, system properties, or environment variables
 * ({@code kvstore.peer-port} is {@code KVSTORE_PEER_PORT}), in this order of precedence.
 */
@ConfigMapping(prefix = "kvstore")
public interface NodeConfig {
    /** The member's stable name: its identity. Lower-case letters, digits, hyphens and dots. Required. */
    Optional<String> name();

    /**
     * What tells this running instance from others of the name to whoever runs them, as a pod's UID. The ring shows it beside the
     * member.
     */
    Optional<String> instance();

    /** The host under which clients and other members reach this node. */
    @WithDefault("localhost")
    String host();

    /** The address to listen on, where that is another than {@link #host}; 0.0.0.0 for all. */
    Optional<String> bind();

    /** The port for clients. */
    @WithDefault("8001")
    int port();

    /** The port for other members; that for clients + 10000 unless given. */
    OptionalInt peerPort();

    /**
     * Other members to begin with, as host:port of their port for clients; the port for members is 10000 above it, or given as
     * host:port/peer-port. More become known from these and from the ring.
     */
    Optional<List<String>> peers();

    /** The folder of this node's data; .kvstore/NAME in the project unless given. */
    Optional<String> data();

    /** The folder by which members on one machine coordinate; .kvstore/coordination in the project unless given. */
    Optional<String> coordination();

    /** The failure zone; copies of a partition are spread over zones. None unless given. */
    Optional<String> zone();

    /**
     * The domain below which every member is found by its name, as that of a headless Service: the names come from the desired
     * state, the port is this node's own for members.
     */
    Optional<String> peersDomain();

    /** Where nodes coordinate through a Kubernetes cluster instead of a folder. */
    Kubernetes kubernetes();

    /** How many members a new cluster waits for; this one and its peers unless given. */
    OptionalInt members();

    /** Copies of each partition of a new cluster; 2 unless given. */
    OptionalInt replicationFactor();

    /** Partitions of a new cluster, a power of two from 1 to 1024; 128 unless given. They stay what they are afterwards. */
    OptionalInt partitions();

    /** In a new cluster, writes are refused while fewer members than this are in sync; 1 unless given. */
    OptionalInt minInSync();

    /** How long a failed member's copies wait for it in a new cluster before they are rebuilt elsewhere; 5m unless given. */
    Optional<Duration> replaceAfter();

    /** How long an operation may take before its client is told that it failed. */
    @WithDefault("5s")
    Duration requestTimeout();

    /** How long the body of a request may take to arrive. */
    @WithDefault("30s")
    Duration bodyTimeout();

    /** A client that takes nothing of its answer for so long is disconnected. */
    @WithDefault("30s")
    Duration readTimeout();

    /** How long a node that is to stop takes at most to hand its primaries over. */
    @WithDefault("10s")
    Duration drainTimeout();

    /**
     * How long a node that is to stop goes on as before, but not ready any more, so that clients and load balancers notice before
     * it hands over.
     */
    @WithDefault("0s")
    Duration linger();

    /** How long a starting node waits for another process to leave the data folder. */
    @WithDefault("2s")
    Duration dataLockWait();

    /** The folder where RocksDB's native library is kept, unpacked once; in the data folder unless given. */
    Optional<String> nativeLibrary();

    /**
     * Newest version of the protocol between members that this one speaks; the newest that it knows unless given. For trying
     * how members of two versions work together.
     */
    OptionalInt protocol();

    /**
     * Whether to throw the data away that this node has, and be filled from the other copies: for a damaged store. Refused
     * where the last copy of a partition would go. Every start with it does so again: to be given for one start.
     */
    @WithDefault("false")
    boolean refill();

    /** TLS between members; clients are not concerned. */
    Tls tls();

    /** Bounds. */
    Limits limits();

    /**
     * Names of the objects by which nodes coordinate in a Kubernetes cluster. The API server and how to reach it are what
     * kubectl would use, or what a pod's service account gives. Somebody else creates the objects and writes the ConfigMap of
     * {@link #config}: {@code desired.json} says what the cluster should be, {@code limits.json} what kvstore.limits.max-key-bytes,
     * max-value-bytes, in-flight-ops and in-flight-bytes should be; both count without a restart.
     */
    interface Kubernetes {
        /** The Lease of the leader; when it is given nodes coordinate through Kubernetes, and the others must be given too. */
        Optional<String> lease();

        /** Where the objects are. */
        Optional<String> namespace();

        /** The ConfigMap with the ring. */
        Optional<String> ring();

        /** The ConfigMap with the desired state. */
        Optional<String> config();
    }

    /**
     * Mutual TLS between members: each shows its certificate, and the other takes it when the authority has signed it. All three
     * files or none, and the same choice at all members. They are read at the start.
     */
    interface Tls {
        /** This member's certificate, or chain of them, as PEM. */
        Optional<String> certificate();

        /** Its private key, PKCS 8 as PEM, without a password. */
        Optional<String> key();

        /** The certificates, as PEM, of those who may sign members' certificates. */
        Optional<String> trust();
    }

    /** Bounds; whoever exceeds one is told at once. */
    interface Limits {
        /** Bytes of a key that is written; at most 1024. */
        @WithDefault("1024")
        int maxKeyBytes();

        /** Bytes of a value; at most 16 MiB. The same at all members. */
        @WithDefault("1048576")
        int maxValueBytes();

        /** Clients' operations under way. */
        @WithDefault("4096")
        int inFlightOps();

        /** Bytes of clients' operations under way. */
        @WithDefault("268435456")
        long inFlightBytes();

        /** Connections of clients. A further one is refused at its first request. */
        @WithDefault("12000")
        int connections();

        /** Connections of clients, those included that are refused; what comes beyond is closed without an answer. */
        @WithDefault("16384")
        int sockets();

        /** Bytes of answers that clients have not taken yet; above it requests are refused. */
        @WithDefault("67108864")
        long unreadBytes();

        /** Requests whose bodies are arriving. */
        @WithDefault("12000")
        int receivingRequests();

        /** Bytes of bodies that are arriving. */
        @WithDefault("134217728")
        long receivingBytes();

        /** Bytes of keys and values of one page of a list. */
        @WithDefault("8388608")
        long listBytes();

        /** Below this free space the disk takes no more writes. */
        @WithDefault("67108864")
        long minFreeDiskBytes();

        /** How long the core may stand still, or a write wait for the disk, before the node counts as dead. */
        @WithDefault("10s")
        Duration progress();
    }
}
