package dev.kvstore.testkit.bench;

import dev.kvstore.testkit.bench.load.Kind;
import dev.kvstore.testkit.bench.load.Store;
import dev.kvstore.testkit.bench.report.Report;
import dev.kvstore.testkit.bench.report.Table;
import dev.kvstore.testkit.bench.store.EtcdCluster;
import dev.kvstore.testkit.bench.store.EtcdGrpc;
import dev.kvstore.testkit.bench.store.HttpStore;
import dev.kvstore.testkit.fault.NodeNetwork;
import dev.kvstore.testkit.process.Host;
import dev.kvstore.testkit.process.LocalCluster;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Carries a plan out, measurement after measurement, each with a cluster of its own. */
final class Bench {
    /** A request under load that takes longer has failed. */
    private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(20);

    private final Plan plan;
    private final Path folder;
    private final Consumer<String> progress;
    private final List<Table> tables = new ArrayList<>();
    private final List<String> remarks = new ArrayList<>();

    /** For a folder that is there and empty. */
    Bench(Plan plan, Path folder, Consumer<String> progress) {
        this.plan = plan;
        this.folder = folder;
        this.progress = progress;
    }

    Report run(String command) throws IOException, TimeoutException, InterruptedException {
        var machine = Machine.facts(folder);
        List<Kind> kinds = kinds();
        if (!kinds.isEmpty()) {
            load(kinds);
        }
        if (plan.what().contains(Plan.What.FAILOVER)) {
            failover();
        }
        if (plan.what().contains(Plan.What.MEMORY)) {
            try (LocalCluster cluster = Nodes.start(sub("memory"), plan.replication())) {
                tables.add(Footprint.memory(cluster));
            }
        }
        if (plan.what().contains(Plan.What.START)) {
            tables.add(new Footprint(plan, progress).start(sub("start")));
        }
        if (plan.what().contains(Plan.What.REFILL)) {
            // with three copies on three nodes the wiped one has to get everything
            Path refill = sub("refill");
            try (LocalCluster cluster = Nodes.start(refill, Nodes.COUNT)) {
                tables.add(Refill.run(plan, cluster, refill, progress));
            }
        }
        if (plan.what().contains(Plan.What.REBALANCE)) {
            tables.addAll(Rebalance.run(plan, sub("rebalance"), progress));
        }
        return new Report(command, machine, tables, remarks);
    }

    private List<Kind> kinds() {
        List<Kind> kinds = new ArrayList<>();
        if (plan.what().contains(Plan.What.PUT)) {
            kinds.add(Kind.PUT);
        }
        if (plan.what().contains(Plan.What.GET)) {
            kinds.add(Kind.GET);
        }
        return kinds;
    }

    private void load(List<Kind> kinds) throws IOException, TimeoutException, InterruptedException {
        try (LocalCluster own = plan.nodes().isEmpty() ? Nodes.start(sub("load"), plan.replication()) : null;
                EtcdCluster etcd = plan.peer() == null ? null : startEtcd()) {
            List<URI> nodes = own == null ? plan.nodes() : own.baseUrls();
            try (Store kvstore = HttpStore.kvstore(
                    "kvstore",
                    nodes,
                    plan.connections(),
                    plan.valueBytes(),
                    REQUEST_TIMEOUT,
                    own == null ? List.of() : Nodes.processes(own))) {
                if (etcd == null) {
                    compare(kinds, List.of(kvstore));
                } else {
                    compare(kinds, etcd, kvstore);
                }
            }
        }
    }

    private void compare(List<Kind> kinds, EtcdCluster etcd, Store kvstore)
            throws InterruptedException, TimeoutException {
        try (Store gateway = HttpStore.etcdGateway(
                        "etcd gateway",
                        etcd.clientUrls(),
                        plan.connections(),
                        plan.valueBytes(),
                        REQUEST_TIMEOUT,
                        etcd.processes());
                Store grpc = new EtcdGrpc("etcd gRPC", etcd.clientUrls(), plan.valueBytes(), etcd.processes())) {
            // the gateway and gRPC lead to the same keys
            Comparison.fill(grpc, plan, progress);
            compare(kinds, List.of(kvstore, gateway, grpc));
        }
    }

    private void compare(List<Kind> kinds, List<Store> stores) throws InterruptedException, TimeoutException {
        Comparison.fill(stores.getFirst(), plan, progress);
        Comparison comparison = new Comparison(plan, stores, kinds, progress);
        tables.addAll(comparison.run());
        remarks.addAll(comparison.remarks());
    }

    private void failover() throws IOException, TimeoutException, InterruptedException {
        try (NodeNetwork network = network()) {
            Map<String, Host> hosts = new HashMap<>();
            if (network != null) {
                Nodes.NAMES.forEach(name -> hosts.put(name, network.host(name)));
            }
            try (LocalCluster cluster = Nodes.start(Nodes.prepare(sub("failover"), plan.replication(), hosts))) {
                tables.add(new Failover(plan, cluster, network, progress).run());
            }
        }
    }

    /** A network that nodes can be cut off in, where this machine allows to make one. */
    private @Nullable NodeNetwork network() throws InterruptedException {
        try {
            return NodeNetwork.create(Nodes.NAMES);
        } catch (IOException e) {
            remarks.add("A node that is cut off was not measured, since no network could be made for it here: "
                    + e.getMessage());
            return null;
        }
    }

    private EtcdCluster startEtcd() throws IOException, TimeoutException, InterruptedException {
        Path program = EtcdCluster.program().orElseThrow(MissingProgramException::etcd);
        return EtcdCluster.start(program, sub("etcd"));
    }

    private Path sub(String name) throws IOException {
        return Files.createDirectories(folder.resolve(name));
    }
}
