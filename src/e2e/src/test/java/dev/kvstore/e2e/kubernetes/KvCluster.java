package dev.kvstore.e2e.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.kvstore.e2e.chart.Checkout;
import dev.kvstore.e2e.chart.Command;
import dev.kvstore.testkit.load.KvClient;
import dev.kvstore.testkit.process.Await;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;

/** A KVCluster named demo in a namespace of its own, which goes with it. */
final class KvCluster implements AutoCloseable {
    static final String NAME = "demo";

    /** All pods one after the other, each with the minute that it may take to stop, on a machine that is busy. */
    private static final Duration START = Duration.ofMinutes(6);

    private static final Duration ANSWER = Duration.ofSeconds(5);

    private final String namespace;

    private KvCluster(String namespace) {
        this.namespace = namespace;
    }

    /** Makes the namespace and the cluster; the fields of its spec are given as YAML in flow style, such as {replicas: 3}. */
    static KvCluster create(String namespace, String spec) {
        Kubectl.run("create", "namespace", namespace);
        KvCluster cluster = new KvCluster(namespace);
        cluster.apply(spec);
        return cluster;
    }

    /** Makes the sample that the README names, in a namespace that is there already. */
    static KvCluster sample(String namespace) {
        Kubectl.run(
                "apply",
                "-n",
                namespace,
                "-f",
                Checkout.deploy().resolve("samples/demo.yaml").toString());
        return new KvCluster(namespace);
    }

    String namespace() {
        return namespace;
    }

    void apply(String spec) {
        Kubectl.apply(namespace, """
                apiVersion: kvstore.dev/v1
                kind: KVCluster
                metadata: {name: %s}
                spec: %s
                """.formatted(NAME, spec));
    }

    /** Changes fields of the resource, given as a JSON merge patch. */
    void patch(String patch) {
        Kubectl.run("patch", "kvcluster", NAME, "-n", namespace, "--type", "merge", "-p", patch);
    }

    JsonNode resource() {
        return Kubectl.get("kvcluster", NAME, "-n", namespace);
    }

    JsonNode status() {
        return resource().path("status");
    }

    /** Waits until the operator has seen the newest spec, and everything is as that wants it. */
    JsonNode awaitReady(int replicas) throws TimeoutException, InterruptedException {
        return awaitStatus("ready with " + replicas, START, resource -> {
            JsonNode status = resource.path("status");
            return status.path("observedGeneration").asLong(-1)
                            == resource.path("metadata").path("generation").asLong()
                    && isTrue(resource, "Ready")
                    && !isTrue(resource, "Progressing")
                    && status.path("readyReplicas").asInt() == replicas
                    && status.path("replicas").asInt() == replicas
                    && status.path("partitions").path("fullyInSync").asInt(-1)
                            == status.path("partitions").path("total").asInt();
        });
    }

    JsonNode awaitStatus(String what, Duration timeout, Predicate<JsonNode> wanted)
            throws TimeoutException, InterruptedException {
        return Kubectl.await(what, timeout, wanted, "kvcluster", NAME, "-n", namespace);
    }

    static boolean isTrue(JsonNode resource, String condition) {
        return condition(resource, condition).path("status").asText().equals("True");
    }

    static JsonNode condition(JsonNode resource, String type) {
        for (JsonNode condition : resource.path("status").path("conditions")) {
            if (condition.path("type").asText().equals(type)) {
                return condition;
            }
        }
        return resource.path("status").path("no such condition");
    }

    /** Where clients connect. */
    URI url() {
        return URI.create("http://"
                + Kubectl.get("service", NAME, "-n", namespace)
                        .path("spec")
                        .path("clusterIP")
                        .asText() + ":8080");
    }

    /** The addresses of the pods that are ready, by name. */
    Map<String, URI> readyPods() {
        return addresses(pods());
    }

    private static Map<String, URI> addresses(Iterable<JsonNode> pods) {
        Map<String, URI> urls = new LinkedHashMap<>();
        for (JsonNode pod : pods) {
            if (ready(pod)) {
                urls.put(
                        pod.path("metadata").path("name").asText(),
                        URI.create("http://" + pod.path("status").path("podIP").asText() + ":8080"));
            }
        }
        return urls;
    }

    JsonNode pods() {
        return Kubectl.get("pods", "-n", namespace, "-l", "kvstore.dev/cluster=" + NAME)
                .path("items");
    }

    JsonNode pod(String name) {
        return Kubectl.get("pod", name, "-n", namespace);
    }

    static boolean ready(JsonNode pod) {
        for (JsonNode condition : pod.path("status").path("conditions")) {
            if (condition.path("type").asText().equals("Ready")) {
                return condition.path("status").asText().equals("True");
            }
        }
        return false;
    }

    /** The UIDs of the pods, by name. */
    Map<String, String> uids() {
        Map<String, String> uids = new LinkedHashMap<>();
        for (JsonNode pod : pods()) {
            uids.put(
                    pod.path("metadata").path("name").asText(),
                    pod.path("metadata").path("uid").asText());
        }
        return uids;
    }

    /** Waits until each of these pods is another one than it was. */
    void awaitReplaced(Map<String, String> before, Duration timeout) throws TimeoutException, InterruptedException {
        List<String> same = new ArrayList<>();
        long startNs = System.nanoTime();
        Await.until(
                "other pods than " + before,
                timeout,
                () -> {
                    Map<String, String> now = uids();
                    same.clear();
                    before.forEach((pod, uid) -> {
                        if (now.getOrDefault(pod, uid).equals(uid)) {
                            same.add(pod);
                        }
                    });
                    if (!same.isEmpty()) {
                        Kubectl.pause(startNs);
                    }
                    return same.isEmpty();
                },
                () -> same + " are as they were");
    }

    /** The member that holds the Lease; empty when nobody does. */
    String leaseHolder() {
        return Kubectl.get("lease", NAME + "-leader", "-n", namespace)
                .path("spec")
                .path("holderIdentity")
                .asText("");
    }

    /**
     * Waits until the pods that are there now, and no others, are ready and known to the ring, every partition has all its
     * copies in sync and the primary that it shall have, and the status says so.
     */
    void awaitWhole(int members) throws TimeoutException, InterruptedException {
        // the operator says so last, and is cheaper to wait for than all the others are to ask
        awaitReady(members);
        List<String> missing = new ArrayList<>();
        long startNs = System.nanoTime();
        Await.until(
                members + " pods, all known to the ring, and all copies in sync",
                START,
                () -> {
                    missing.clear();
                    missing.addAll(missing(members));
                    if (!missing.isEmpty()) {
                        Kubectl.pause(startNs);
                    }
                    return missing.isEmpty();
                },
                () -> String.join("; ", missing));
        awaitReady(members);
    }

    private List<String> missing(int members) throws InterruptedException {
        // one question for all of it
        JsonNode objects =
                Kubectl.get("kvclusters,pods,configmaps", "-n", namespace).path("items");
        List<JsonNode> pods = new ArrayList<>();
        JsonNode resource = MissingNode.getInstance();
        JsonNode ring = MissingNode.getInstance();
        for (JsonNode object : objects) {
            JsonNode metadata = object.path("metadata");
            switch (object.path("kind").asText()) {
                case "Pod" -> {
                    if (metadata.path("labels")
                            .path("kvstore.dev/cluster")
                            .asText()
                            .equals(NAME)) {
                        pods.add(object);
                    }
                }
                case "KVCluster" -> resource = object;
                default -> ring = metadata.path("name").asText().equals(NAME + "-ring") ? ring(object) : ring;
            }
        }
        Map<String, String> present = new TreeMap<>();
        List<String> missing = new ArrayList<>();
        for (JsonNode pod : pods) {
            String name = pod.path("metadata").path("name").asText();
            present.put(name, pod.path("metadata").path("uid").asText());
            if (!ready(pod) || pod.path("metadata").has("deletionTimestamp")) {
                missing.add(name + " is not ready");
            }
        }
        Map<String, String> named = new TreeMap<>();
        for (JsonNode member : ring.path("members")) {
            named.put(member.path("name").asText(), member.path("instance").asText());
        }
        if (present.size() != members || !named.equals(present)) {
            missing.add("pods " + present + ", the ring names " + named);
        }
        int copies = Math.min(resource.path("spec").path("replicationFactor").asInt(), members);
        int behind = 0;
        for (JsonNode partition : ring.path("partitions")) {
            if (!names(partition.path("inSync")).equals(names(partition.path("replicas")))
                    || partition.path("inSync").size() != copies) {
                behind++;
            }
        }
        if (behind > 0 || ring.path("partitions").isEmpty()) {
            missing.add(behind + " partitions do not have " + copies + " copies");
        }
        // asked last, since each pod is: it may be that one has not heard of the newest order
        return missing.isEmpty() ? unsettled(pods) : missing;
    }

    private static Set<String> names(JsonNode list) {
        Set<String> names = new TreeSet<>();
        list.forEach(name -> names.add(name.asText()));
        return names;
    }

    /** What each pod says of partitions that are not where the order wants them, their primaries included. */
    private List<String> unsettled(List<JsonNode> pods) throws InterruptedException {
        List<String> unsettled = new ArrayList<>();
        try (KvClient http = new KvClient(ANSWER)) {
            for (Map.Entry<String, URI> pod : addresses(pods).entrySet()) {
                try {
                    JsonNode partitions =
                            http.getPath(pod.getValue(), "/v1/cluster").json().path("partitions");
                    if (partitions.path("toMove").asInt(-1) != 0) {
                        unsettled.add(pod.getKey() + " says " + partitions);
                    }
                } catch (IOException away) {
                    unsettled.add(pod.getKey() + " does not answer: " + away);
                }
            }
        }
        return unsettled;
    }

    /** The ring as its ConfigMap has it; empty where it has none that can be read. */
    JsonNode ring() {
        Command read = Kubectl.attempt("get", "configmap", NAME + "-ring", "-n", namespace, "-o", "json");
        return read.exitCode() == 0 ? ring(Kubectl.json(read.out())) : MissingNode.getInstance();
    }

    static JsonNode ring(JsonNode map) {
        try {
            return Kubectl.json(map.path("data").path("ring.json").asText());
        } catch (AssertionError notYet) {
            return MissingNode.getInstance();
        }
    }

    /**
     * Waits, asking the nodes themselves, until each partition has all its copies where they should be and every member is up.
     */
    void awaitInSync(KvClient http, int members) throws TimeoutException, InterruptedException {
        List<String> last = new ArrayList<>();
        URI url = url();
        long startNs = System.nanoTime();
        Await.until(
                members + " members, all copies in sync",
                START,
                () -> {
                    try {
                        JsonNode cluster = http.getPath(url, "/v1/cluster").json();
                        last.clear();
                        last.add(cluster.toString());
                        JsonNode partitions = cluster.path("partitions");
                        boolean up = cluster.path("members").size() == members;
                        for (JsonNode member : cluster.path("members")) {
                            up &= member.path("state").asText().equals("up");
                        }
                        if (up
                                && partitions.path("toMove").asInt(-1) == 0
                                && partitions.path("fullyInSync").asInt(-1)
                                        == partitions.path("total").asInt()) {
                            return true;
                        }
                    } catch (IOException | RuntimeException unreachable) {
                        last.clear();
                        last.add(unreachable.toString());
                    }
                    Kubectl.pause(startNs);
                    return false;
                },
                () -> String.join("", last));
    }

    /** A key of each partition, found by asking a node where keys belong. */
    List<String> keyOfEachPartition(KvClient http) throws IOException, InterruptedException {
        URI url = url();
        int total = http.getPath(url, "/v1/cluster")
                .json()
                .path("partitions")
                .path("total")
                .asInt();
        Map<Integer, String> keys = new LinkedHashMap<>();
        for (int i = 0; keys.size() < total && i < 100 * total; i++) {
            String key = "user" + i;
            keys.putIfAbsent(
                    http.getPath(url, "/v1/cluster/locate/" + key)
                            .json()
                            .path("partition")
                            .asInt(),
                    key);
        }
        return List.copyOf(keys.values());
    }

    /** Deletes cluster, volumes and namespace. */
    @Override
    public void close() {
        // an operator that was just installed waits for the Lease of the one before
        Kubectl.run("delete", "kvcluster", "--all", "-n", namespace, "--ignore-not-found", "--timeout=200s");
        Kubectl.run("delete", "namespace", namespace, "--ignore-not-found", "--timeout=120s");
    }
}
