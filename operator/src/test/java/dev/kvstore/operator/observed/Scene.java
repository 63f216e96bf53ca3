package dev.kvstore.operator.observed;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.kvstore.operator.api.KVCluster;
import dev.kvstore.operator.api.KVClusterSpec;
import dev.kvstore.operator.observed.Ring.Member;
import dev.kvstore.operator.observed.Ring.Partition;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSetBuilder;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** A cluster named demo as tests want it: begins as three healthy members that are as ordered, and is then changed. */
public final class Scene {
    public static final String OLD = "demo-old";
    public static final String NEW = "demo-new";

    private static final Instant ACCOUNT_MADE = Instant.parse("2026-01-01T00:00:00Z");

    private final KVCluster cluster = new KVCluster();
    private final Map<String, Pod> pods = new TreeMap<>();
    private final Map<String, Machine> machines = new HashMap<>();
    private final List<PersistentVolumeClaim> claims = new ArrayList<>();
    private @Nullable StatefulSet set;
    private @Nullable Ring ring;
    private @Nullable Config config;
    private @Nullable String leader = "demo-0";

    private Scene(String spec) {
        cluster.getMetadata().setName("demo");
        cluster.getMetadata().setNamespace("ns");
        cluster.getMetadata().setUid("cluster-uid");
        cluster.getMetadata().setGeneration(1L);
        spec(spec);
    }

    /** Only the order is there. */
    public static Scene empty(String spec) {
        Scene scene = new Scene(spec);
        scene.leader = null;
        return scene;
    }

    /** All is well. */
    public static Scene running(int members) {
        Scene scene = new Scene("{\"replicas\":" + members + ",\"partitions\":4}");
        scene.set(members);
        for (int ordinal = 0; ordinal < members; ordinal++) {
            scene.pod(ordinal, NEW, true);
            scene.claim(ordinal);
        }
        scene.ring(members);
        scene.told(members);
        return scene;
    }

    public Scene spec(String json) {
        try {
            cluster.setSpec(JsonMapper.builder()
                    .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                    .build()
                    .readValue(json, KVClusterSpec.class));
        } catch (JacksonException e) {
            throw new IllegalArgumentException(json, e);
        }
        return this;
    }

    public Scene annotated(String name, String value) {
        cluster.getMetadata().setAnnotations(Map.of(name, value));
        return this;
    }

    public Scene set(int replicas) {
        set = new StatefulSetBuilder()
                .withNewMetadata()
                .withName("demo")
                .withNamespace("ns")
                .withGeneration(2L)
                .endMetadata()
                .withNewSpec()
                .withReplicas(replicas)
                .withVolumeClaimTemplates(claimNamed("data"))
                .endSpec()
                .withNewStatus()
                .withObservedGeneration(2L)
                .withUpdateRevision(NEW)
                .endStatus()
                .build();
        return this;
    }

    public Scene withoutSet() {
        set = null;
        return this;
    }

    /** Kubernetes has not seen the StatefulSet's last change. */
    public Scene setNotObserved() {
        if (set != null) {
            set.getStatus().setObservedGeneration(1L);
        }
        return this;
    }

    /** A pod that the ring knows, if the ring names its member. */
    public Scene pod(int ordinal, String revision, boolean ready) {
        return put(ordinal, revision, ready, true, null, "uid-" + ordinal);
    }

    /** A pod that was made anew, which the ring does not know yet. */
    public Scene newPod(int ordinal, String revision, boolean ready) {
        return put(ordinal, revision, ready, true, null, "uid-new-" + ordinal);
    }

    /** A pod whose program does not run. */
    public Scene waiting(int ordinal, String revision, String reason) {
        return put(ordinal, revision, false, false, reason, "uid-new-" + ordinal);
    }

    public Scene terminating(int ordinal) {
        return terminatingUntil(ordinal, ACCOUNT_MADE);
    }

    public Scene terminatingUntil(int ordinal, Instant end) {
        pod(ordinal).getMetadata().setDeletionTimestamp(end.toString());
        return this;
    }

    public Scene at(int ordinal, String address) {
        pod(ordinal).getStatus().setPodIP(address);
        return this;
    }

    /** The pod goes when its StatefulSet goes. */
    public Scene ownedByASet(int ordinal) {
        pod(ordinal)
                .getMetadata()
                .setOwnerReferences(List.of(new OwnerReferenceBuilder()
                        .withKind("StatefulSet")
                        .withController(true)
                        .build()));
        return this;
    }

    /** The ServiceAccount was made anew after this pod. */
    public Scene withVoidToken(int ordinal) {
        pod(ordinal).getMetadata().setCreationTimestamp("2025-12-31T23:59:59Z");
        return this;
    }

    public Scene withoutPod(int ordinal) {
        pods.remove("demo-" + ordinal);
        return this;
    }

    public Scene onMachine(int ordinal, String name, Machine machine) {
        pod(ordinal).getSpec().setNodeName(name);
        machines.put(name, machine);
        return this;
    }

    private Pod pod(int ordinal) {
        return Objects.requireNonNull(pods.get("demo-" + ordinal), "the scene has that pod");
    }

    private Scene put(
            int ordinal, String revision, boolean ready, boolean running, @Nullable String reason, String uid) {
        var container = new PodBuilder()
                .withNewMetadata()
                .withName("demo-" + ordinal)
                .withNamespace("ns")
                .withUid(uid)
                .withCreationTimestamp(ACCOUNT_MADE.toString())
                .addToLabels("controller-revision-hash", revision)
                .endMetadata()
                .withNewSpec()
                .endSpec()
                .withNewStatus()
                .addNewCondition()
                .withType("Ready")
                .withStatus(ready ? "True" : "False")
                .endCondition()
                .addNewContainerStatus()
                .withName("node");
        pods.put(
                "demo-" + ordinal,
                (running
                                ? container
                                        .withNewState()
                                        .withNewRunning()
                                        .endRunning()
                                        .endState()
                                : container
                                        .withNewState()
                                        .withNewWaiting()
                                        .withReason(reason)
                                        .endWaiting()
                                        .endState())
                        .endContainerStatus()
                        .endStatus()
                        .build());
        return this;
    }

    public Scene claim(int ordinal) {
        claims.add(claimNamed("data-demo-" + ordinal));
        return this;
    }

    private static PersistentVolumeClaim claimNamed(String name) {
        return new PersistentVolumeClaimBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace("ns")
                .endMetadata()
                .withNewSpec()
                .withNewResources()
                .addToRequests("storage", new Quantity("10Gi"))
                .endResources()
                .endSpec()
                .build();
    }

    /** A ring of members 0, 1, ... with two copies of each of four partitions. */
    public Scene ring(int members) {
        List<String> names =
                IntStream.range(0, members).mapToObj(each -> "demo-" + each).toList();
        List<Partition> partitions = IntStream.range(0, 4)
                .mapToObj(each -> List.of(names.get(each % members), names.get((each + 1) % members)))
                .map(copies -> new Partition(5, copies.getFirst(), copies, copies, false))
                .toList();
        ring = new Ring(
                "id",
                7,
                IntStream.range(0, members)
                        .mapToObj(each -> new Member("demo-" + each, "uid-" + each, false))
                        .toList(),
                partitions);
        return this;
    }

    public Scene withoutRing() {
        ring = null;
        return this;
    }

    public Scene ringVersion(long version) {
        Ring before = ring();
        ring = new Ring(before.clusterId(), version, before.members(), before.partitions());
        return this;
    }

    /** Other copies of one partition. */
    public Scene partition(int number, List<String> inSync, List<String> replicas, boolean lost) {
        List<Partition> partitions = new ArrayList<>(ring().partitions());
        partitions.set(number, new Partition(6, inSync.isEmpty() ? "" : inSync.getFirst(), inSync, replicas, lost));
        ring = new Ring(ring().clusterId(), ring().version() + 1, ring().members(), partitions);
        return this;
    }

    private Ring ring() {
        if (ring == null) {
            throw new IllegalStateException("this scene has no ring");
        }
        return ring;
    }

    /** What the nodes were told last. */
    public Scene told(int members) {
        return told(members, Map.of(), Map.of());
    }

    public Scene told(int members, Map<String, String> zones, Map<Integer, Long> acceptLoss) {
        config = new Config(members, zones, 4, acceptLoss);
        return this;
    }

    public Scene leader(String name) {
        leader = name;
        return this;
    }

    public KVCluster cluster() {
        return cluster;
    }

    public Observed observed() {
        return new Observed(
                cluster,
                set,
                pods.values().stream().map(Node::new).toList(),
                List.copyOf(claims),
                Optional.ofNullable(config),
                Optional.ofNullable(ring),
                leader,
                Optional.of(ACCOUNT_MADE),
                Map.copyOf(machines));
    }
}
