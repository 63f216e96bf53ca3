package dev.kvstore.node;

import dev.kvstore.core.io.Self;
import dev.kvstore.core.io.Settings;
import dev.kvstore.node.clients.ClientSettings;
import dev.kvstore.node.coordination.Declaration;
import dev.kvstore.node.coordination.kubernetes.KubernetesSettings;
import dev.kvstore.node.engine.Limits;
import dev.kvstore.node.http.HttpSettings;
import dev.kvstore.node.transport.TlsSettings;
import dev.kvstore.node.transport.codec.Protocol;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The configuration, checked and made concrete.
 *
 * @param name the member's name
 * @param bind where to listen for clients
 * @param bindPeers where to listen for members
 * @param address what clients are told
 * @param peerAddress what members are told
 * @param peers where other members listen for members
 * @param limits the bounds that may change later
 * @param kubernetes null where members coordinate by a folder
 * @param tls null where members talk in clear
 */
record NodeSettings(
        String name,
        String zone,
        Endpoint bind,
        Endpoint bindPeers,
        Endpoint address,
        Endpoint peerAddress,
        List<Endpoint> peers,
        Path data,
        Path coordination,
        Declaration declaration,
        Settings core,
        HttpSettings http,
        Limits limits,
        @Nullable KubernetesSettings kubernetes,
        @Nullable TlsSettings tls,
        NodeConfig config) {
    private static final Pattern NAME = Pattern.compile("[a-z0-9]([a-z0-9.-]{0,61}[a-z0-9])?");
    private static final int MAX_PARTITIONS = 1_024;
    private static final int MAX_COPIES = 7;
    private static final int MAX_MEMBERS = 1_000;

    /** Names the folder that relative folders and defaults are below, where the program's own script has started the node. */
    private static final String HOME_VARIABLE = "KVSTORE_HOME";

    private static final String DEFAULT_FOLDER = ".kvstore";

    /**
     * Checks.
     *
     * @throws UserError when something is wrong
     */
    static NodeSettings of(NodeConfig config) {
        String name = config.name()
                .orElseThrow(
                        () -> UserError.usage("the node has no name: give it as first argument, or as kvstore.name"));
        require(
                NAME.matcher(name).matches(),
                "the name '" + name
                        + "' is not usable: up to 63 lower-case letters, digits, hyphens and dots, beginning and ending with a"
                        + " letter or digit");
        int port = Endpoint.checkedPort(config.port(), "kvstore.port");
        int peerPort = config.peerPort().isPresent()
                ? Endpoint.checkedPort(config.peerPort().getAsInt(), "kvstore.peer-port")
                : Endpoint.peerPort(port, "kvstore.port");
        require(port != peerPort, "clients and members need two ports, not " + port + " for both");
        String bind = config.bind().orElse(config.host());
        List<Endpoint> peers = config.peers().orElse(List.of()).stream()
                .map(String::strip)
                .filter(peer -> !peer.isEmpty())
                .map(Endpoint::parsePeer)
                .toList();
        return new NodeSettings(
                name,
                config.zone().orElse(""),
                new Endpoint(bind, port),
                new Endpoint(bind, peerPort),
                new Endpoint(config.host(), port),
                new Endpoint(config.host(), peerPort),
                peers,
                folder(config.data(), name),
                folder(config.coordination(), "coordination"),
                declaration(config, name, peers.size()),
                core(config.limits()),
                http(config),
                limits(config.limits()),
                kubernetes(config),
                tls(config.tls()),
                config);
    }

    /** Who this member is, for the core. */
    Self self() {
        return new Self(name, config.instance().orElse(""), address.toString(), peerAddress.toString(), zone);
    }

    private static Declaration declaration(NodeConfig config, String name, int peersNamed) {
        int members = config.members().orElse(peersNamed + 1);
        OptionalInt copies = config.replicationFactor();
        OptionalInt partitions = config.partitions();
        OptionalInt minInSync = config.minInSync();
        require(within(members, 1, MAX_MEMBERS), "kvstore.members is from 1 to " + MAX_MEMBERS);
        require(
                copies.isEmpty() || within(copies.getAsInt(), 1, MAX_COPIES),
                "kvstore.replication-factor is from 1 to " + MAX_COPIES);
        require(
                partitions.isEmpty()
                        || (within(partitions.getAsInt(), 1, MAX_PARTITIONS)
                                && Integer.bitCount(partitions.getAsInt()) == 1),
                "kvstore.partitions is a power of two from 1 to " + MAX_PARTITIONS);
        require(
                minInSync.isEmpty() || within(minInSync.getAsInt(), 1, copies.orElse(MAX_COPIES)),
                "kvstore.min-in-sync is from 1 to the replication factor");
        Optional<Long> replaceAfterMs = config.replaceAfter().map(duration -> positive(duration, "replace-after"));
        return new Declaration(
                name,
                config.zone().orElse(null),
                members - 1,
                boxed(copies),
                boxed(minInSync),
                boxed(partitions),
                replaceAfterMs.orElse(null),
                false);
    }

    private static boolean within(int number, int min, int max) {
        return number >= min && number <= max;
    }

    private static @Nullable Integer boxed(OptionalInt number) {
        return number.isPresent() ? (Integer) number.getAsInt() : null;
    }

    private static Limits limits(NodeConfig.Limits limits) {
        try {
            return new Limits(
                    limits.maxKeyBytes(), limits.maxValueBytes(), limits.inFlightOps(), limits.inFlightBytes());
        } catch (IllegalArgumentException e) {
            throw UserError.usage("kvstore.limits: " + e.getMessage());
        }
    }

    private static @Nullable KubernetesSettings kubernetes(NodeConfig config) {
        NodeConfig.Kubernetes kubernetes = config.kubernetes();
        if (kubernetes.lease().isEmpty()) {
            return null;
        }
        require(
                kubernetes.namespace().isPresent()
                        && kubernetes.ring().isPresent()
                        && kubernetes.config().isPresent(),
                "with kvstore.kubernetes.lease also kvstore.kubernetes.namespace, kvstore.kubernetes.ring and"
                        + " kvstore.kubernetes.config are needed");
        return KubernetesSettings.of(
                kubernetes.namespace().get(),
                kubernetes.lease().get(),
                kubernetes.ring().get(),
                kubernetes.config().get());
    }

    private static @Nullable TlsSettings tls(NodeConfig.Tls tls) {
        Set<Boolean> given = new HashSet<>(List.of(
                tls.certificate().isPresent(),
                tls.key().isPresent(),
                tls.trust().isPresent()));
        require(
                given.size() == 1,
                "kvstore.tls.certificate, kvstore.tls.key and kvstore.tls.trust are given together or not");
        return given.contains(false)
                ? null
                : new TlsSettings(
                        Path.of(tls.certificate().orElseThrow()),
                        Path.of(tls.key().orElseThrow()),
                        Path.of(tls.trust().orElseThrow()));
    }

    /** Where other members listen for members: those that were given, and these in the domain that all share, if there is one. */
    List<String> peersWith(Collection<String> names) {
        Stream<String> given = peers.stream().map(Endpoint::toString);
        Stream<String> named = config.peersDomain().stream()
                .flatMap(domain -> names.stream()
                        .filter(each -> !each.equals(name))
                        .map(each -> new Endpoint(each + "." + domain, peerAddress.port()).toString()));
        return Stream.concat(given, named).toList();
    }

    private static Settings core(NodeConfig.Limits limits) {
        Settings base = Settings.DEFAULT;
        return new Settings(
                base.heartbeatMs(),
                base.leaseMs(),
                base.graceMs(),
                base.failureMs(),
                base.refusedMs(),
                base.resendMs(),
                base.pauseMs(),
                base.pauseBackoffMs(),
                base.ringIntervalMs(),
                base.firstRingWaitMs(),
                base.leaderAbsenceMs(),
                base.sweepMs(),
                base.sweepKeys(),
                base.appendBytes(),
                base.windowBytes(),
                base.cacheBytes(),
                base.logRetainBytes(),
                base.closeEntries(),
                base.steadyMs(),
                base.warmUpMs(),
                base.snapshots(),
                limits.inFlightOps(),
                limits.inFlightBytes());
    }

    private static HttpSettings http(NodeConfig config) {
        NodeConfig.Limits limits = config.limits();
        require(limits.receivingRequests() >= 1, "kvstore.limits.receiving-requests is at least 1");
        require(
                limits.receivingBytes() >= limits.maxValueBytes(),
                "kvstore.limits.receiving-bytes is at least kvstore.limits.max-value-bytes");
        require(limits.listBytes() >= 1 << 16, "kvstore.limits.list-bytes is at least 65536");
        return new HttpSettings(
                positive(config.requestTimeout(), "request-timeout"),
                positive(config.bodyTimeout(), "body-timeout"),
                limits.listBytes(),
                limits.receivingRequests(),
                limits.receivingBytes());
    }

    /** The newest version of the protocol between members that this one speaks. */
    int protocol() {
        int version = config.protocol().orElse(Protocol.VERSION);
        require(
                within(version, Protocol.OLDEST, Protocol.VERSION),
                "kvstore.protocol is from " + Protocol.OLDEST + " to " + Protocol.VERSION);
        return version;
    }

    /** The bounds on clients' connections. */
    ClientSettings clients() {
        NodeConfig.Limits limits = config.limits();
        require(limits.connections() >= 1, "kvstore.limits.connections is at least 1");
        require(
                limits.sockets() > limits.connections(),
                "kvstore.limits.sockets is above kvstore.limits.connections (" + limits.connections() + ")");
        require(limits.unreadBytes() >= 1 << 20, "kvstore.limits.unread-bytes is at least 1048576");
        return new ClientSettings(
                limits.connections(), limits.unreadBytes(), positive(config.readTimeout(), "read-timeout"));
    }

    private static long positive(Duration duration, String name) {
        require(duration.toMillis() >= 1, "kvstore." + name + " is at least 1ms");
        return duration.toMillis();
    }

    private static Path folder(Optional<String> given, String otherwise) {
        Path home = Path.of(Optional.ofNullable(System.getenv(HOME_VARIABLE)).orElse("."));
        return given.map(Path::of)
                .orElseGet(() -> home.resolve(DEFAULT_FOLDER).resolve(otherwise))
                .toAbsolutePath()
                .normalize();
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw UserError.usage(otherwise);
        }
    }
}
