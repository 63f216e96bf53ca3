package dev.kvstore.node;

import dev.kvstore.core.io.Effect;
import dev.kvstore.core.io.Input;
import dev.kvstore.core.io.Recovered;
import dev.kvstore.core.io.Time;
import dev.kvstore.core.io.View;
import dev.kvstore.core.message.Message;
import dev.kvstore.core.message.PeerId;
import dev.kvstore.core.node.NodeCore;
import dev.kvstore.core.ring.Ring;
import dev.kvstore.node.coordination.Coordination;
import dev.kvstore.node.coordination.CoordinationException;
import dev.kvstore.node.coordination.folder.FolderCoordination;
import dev.kvstore.node.coordination.folder.FolderSettings;
import dev.kvstore.node.coordination.kubernetes.KubernetesCoordination;
import dev.kvstore.node.coordination.kubernetes.KubernetesSettings;
import dev.kvstore.node.engine.Admission;
import dev.kvstore.node.engine.Clocks;
import dev.kvstore.node.engine.Core;
import dev.kvstore.node.engine.Defect;
import dev.kvstore.node.engine.Engine;
import dev.kvstore.node.engine.Inbox;
import dev.kvstore.node.engine.Limits;
import dev.kvstore.node.engine.Ports;
import dev.kvstore.node.status.Identity;
import dev.kvstore.node.storage.Owner;
import dev.kvstore.node.storage.Storage;
import dev.kvstore.node.storage.StorageException;
import dev.kvstore.node.storage.StorageSettings;
import dev.kvstore.node.transport.LocalPeer;
import dev.kvstore.node.transport.Loop;
import dev.kvstore.node.transport.TlsSettings;
import dev.kvstore.node.transport.Transport;
import dev.kvstore.node.transport.TransportException;
import dev.kvstore.node.transport.TransportSettings;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/**
 * A node that runs: the core with its engine, and disk, transport and coordination around it. It ends in the order engine,
 * transport, coordination, which releases the leader's Lease, and the disk last.
 */
final class Node implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(Node.class);

    /** Inputs that wait for the core, above which the transport reads no more until they are fewer. */
    private static final int CONGESTED_INPUTS = 16_384;

    private final Deque<AutoCloseable> open = new ArrayDeque<>();
    private final Storage storage;
    private final Coordination coordination;
    private final Transport transport;
    private final Engine engine;
    private final Identity identity;

    /**
     * Starts a node.
     *
     * @param kubernetes asked only where members coordinate through Kubernetes
     * @param onLimits told when bounds change
     * @param onDefect told when the node can no longer be trusted; it must end the process
     * @throws UserError when the node cannot run and its user can do something about it; nothing is left open then
     */
    Node(
            NodeSettings settings,
            Supplier<KubernetesClient> kubernetes,
            Consumer<Limits> onLimits,
            Consumer<String> onDefect) {
        settings.bind().requireFree("the port for clients");
        settings.bindPeers().requireFree("the port for members");
        Inbox inbox = new Inbox();
        Clocks clocks = Clocks.system();
        if (!clocks.countsSuspension()) {
            LOG.debug("this system has no clock that counts a suspended machine's sleep; do not suspend it");
        }
        try {
            // what may be refused without touching any data comes first
            Admission admission = new Admission(
                    settings.limits().inFlightOps(), settings.limits().inFlightBytes());
            coordination = opened(coordination(settings, kubernetes, clocks, limits -> {
                LOG.infof("the limits are others now: %s", limits);
                admission.limit(limits.inFlightOps(), limits.inFlightBytes());
                onLimits.accept(limits);
            }));
            Optional<Ring> ring = coordination.ringInRegister();
            Owner owner = new Owner(settings.name(), ring.map(Ring::clusterId).orElse(""));
            if (settings.config().refill()) {
                requireOtherCopies(settings.name(), ring);
                Storage.discard(settings.data(), owner, storageSettings(settings));
                LOG.warnf("the data in %s was thrown away as ordered; it is filled again", settings.data());
            }
            storage = Storage.open(settings.data(), owner, inbox::post, storageSettings(settings));
            open.addLast(storage);
            Recovered recovered = storage.recovered();
            identity = new Identity(settings.name(), settings.self().zone(), recovered.storeId(), recovered.boot());
            Loop loop = opened(new Loop("core"));
            transport = opened(transport(loop, settings, recovered, inbox));
            NodeCore core = new NodeCore(
                    settings.self(),
                    settings.core(),
                    recovered,
                    UUID.randomUUID().toString(),
                    clocks.now());
            engine = opened(new Engine(
                    core(core),
                    ports(storage, transport, coordination),
                    loop.thread(),
                    clocks,
                    inbox,
                    admission,
                    defect -> onDefect.accept(describe(defect))));
            engine.start();
            coordination.start(
                    settings.kubernetes() == null
                            ? inbox::post
                            : input -> {
                                dialNamed(settings, input);
                                inbox.post(input);
                            });
            coordination.declare(settings.declaration().withReturning(recovered.ring() != null));
        } catch (StorageException | TransportException | CoordinationException e) {
            close();
            throw UserError.unable(String.valueOf(e.getMessage()));
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    /** What is thrown away must be somewhere else, as far as the cluster knows. */
    private static void requireOtherCopies(String name, Optional<Ring> registered) {
        Ring ring = registered.orElseThrow(() -> UserError.unable(
                "the coordination holds no ring that can be read, so nobody knows whether this node's data has other copies;"
                        + " nothing was thrown away"));
        List<Integer> last = new ArrayList<>();
        for (int partition = 0; partition < ring.partitions().size(); partition++) {
            if (ring.partition(partition).inSync().equals(List.of(name))) {
                last.add(partition);
            }
        }
        if (!last.isEmpty()) {
            throw UserError.unable(last.size() + " of " + ring.partitions().size()
                    + " partitions have their last up-to-date copy on this node (the first is " + last.getFirst()
                    + "), and would be lost; nothing was thrown away. If other nodes hold them, start those first");
        }
    }

    Engine engine() {
        return engine;
    }

    Coordination coordination() {
        return coordination;
    }

    Identity identity() {
        return identity;
    }

    Storage storage() {
        return storage;
    }

    Transport transport() {
        return transport;
    }

    @Override
    public void close() {
        for (AutoCloseable each = open.pollFirst(); each != null; each = open.pollFirst()) {
            try {
                each.close();
            } catch (Exception e) {
                // the others are to be closed all the same
                LOG.errorf(e, "%s cannot be closed", each.getClass().getSimpleName());
            }
        }
    }

    private <T extends AutoCloseable> T opened(T resource) {
        open.addFirst(resource);
        return resource;
    }

    private static Coordination coordination(
            NodeSettings settings, Supplier<KubernetesClient> client, Clocks clocks, Consumer<Limits> onLimits)
            throws CoordinationException {
        KubernetesSettings kubernetes = settings.kubernetes();
        return kubernetes == null
                ? FolderCoordination.open(
                        settings.coordination(), settings.name(), FolderSettings.DEFAULT, clocks::monoMs)
                : new KubernetesCoordination(
                        client.get(),
                        settings.name(),
                        kubernetes,
                        clocks::monoMs,
                        Clock.systemUTC(),
                        settings.limits(),
                        onLimits);
    }

    /** Members are found by the names that the desired state gives them. */
    private void dialNamed(NodeSettings settings, Input input) {
        if (input instanceof Input.DesiredIs wanted) {
            try {
                transport.peers(settings.peersWith(wanted.desired().names()));
            } catch (TransportException e) {
                LOG.errorf("the members cannot be reached: %s", e.getMessage());
            }
        }
    }

    private static StorageSettings storageSettings(NodeSettings settings) {
        StorageSettings storage = StorageSettings.DEFAULT
                .withLockWaitMs(settings.config().dataLockWait().toMillis())
                .withMinFreeBytes(settings.config().limits().minFreeDiskBytes());
        return settings.config()
                .nativeLibrary()
                .map(folder -> storage.withLibraryFolder(Path.of(folder)))
                .orElse(storage);
    }

    private static Transport transport(Loop loop, NodeSettings settings, Recovered recovered, Inbox inbox)
            throws TransportException {
        TransportSettings plain = TransportSettings.of(
                settings.bindPeers().host(),
                settings.bindPeers().port(),
                // not what is allowed now: that may be more tomorrow, and another member may allow more already
                Limits.MAX_VALUE_BYTES);
        TlsSettings tls = settings.tls();
        KubernetesSettings kubernetes = settings.kubernetes();
        return Transport.open(
                loop,
                new LocalPeer(
                        new PeerId(settings.name(), recovered.storeId(), recovered.boot()),
                        settings.peerAddress().toString(),
                        settings.protocol(),
                        kubernetes == null ? "" : kubernetes.place()),
                recovered.clusterId(),
                settings.peersWith(List.of()),
                tls == null ? plain : plain.withTls(tls),
                inbox::post,
                () -> inbox.size() > CONGESTED_INPUTS);
    }

    private static Core core(NodeCore core) {
        return new Core() {
            @Override
            public List<Effect> on(List<Input> inputs, Time now) {
                return core.on(inputs, now);
            }

            @Override
            public View view() {
                return core.view();
            }
        };
    }

    private static Ports ports(Storage storage, Transport transport, Coordination coordination) {
        return new Ports() {
            @Override
            public void store(Effect effect) {
                storage.add(effect);
            }

            @Override
            public void send(String to, Message message) {
                transport.send(to, message);
            }

            @Override
            public void flush() {
                storage.flush();
                transport.flush();
            }

            @Override
            public void propose(Effect.ProposeRing proposal) {
                coordination.propose(proposal);
            }

            @Override
            public void resign(long forMs) {
                coordination.resign(forMs);
            }

            @Override
            public void ring(Ring ring) {
                transport.clusterId(ring.clusterId());
                transport.ring(ring);
            }
        };
    }

    private static String describe(Defect defect) {
        LOG.error("the core has failed; what it was given last:\n" + defect.lastInputs(), defect.cause());
        return "this is a defect of the program: its core has failed (" + defect.cause()
                + "). The node stops, since it cannot trust its own state; no data was changed by that, and it can be"
                + " started again. Please report what the log says";
    }
}
