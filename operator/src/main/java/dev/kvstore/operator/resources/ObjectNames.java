package dev.kvstore.operator.resources;

import dev.kvstore.operator.api.KVCluster;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;

/**
 * The names and labels of the objects of one cluster.
 *
 * @param cluster the name of the KVCluster
 */
public record ObjectNames(String namespace, String cluster) {
    /** On everything that belongs to a cluster; its value is the cluster's name. */
    public static final String CLUSTER_LABEL = "kvstore.dev/cluster";

    /** Selects what operators of this kind made: their informers see nothing else. */
    public static final String MANAGED_SELECTOR = "app.kubernetes.io/managed-by=kvstore-operator";

    /** Names of the volume, the ports and the container in each pod. */
    public static final String DATA = "data";

    public static final String HTTP = "http";
    public static final String PEER = "peer";
    public static final String CONTAINER = "node";
    public static final int HTTP_PORT = 8080;
    public static final int PEER_PORT = 18080;

    public static ObjectNames of(HasMetadata cluster) {
        return new ObjectNames(
                cluster.getMetadata().getNamespace(), cluster.getMetadata().getName());
    }

    /** StatefulSet, Service for clients, budget, account and role all have the cluster's name. */
    public String nodes() {
        return cluster;
    }

    public String peers() {
        return cluster + "-peers";
    }

    public String config() {
        return cluster + "-config";
    }

    public String ring() {
        return cluster + "-ring";
    }

    public String lease() {
        return cluster + "-leader";
    }

    public String member(int ordinal) {
        return cluster + "-" + ordinal;
    }

    public String claim(int ordinal) {
        return DATA + "-" + member(ordinal);
    }

    /** The number at the end of a member's name; empty when it is none of this cluster. */
    public OptionalInt ordinalOfMember(String member) {
        return ordinal(member, cluster + "-");
    }

    /** The number at the end of a claim's name; empty when it is none of this cluster. */
    public OptionalInt ordinalOfClaim(String claim) {
        return ordinal(claim, DATA + "-" + cluster + "-");
    }

    private static OptionalInt ordinal(String name, String prefix) {
        String digits = name.startsWith(prefix) ? name.substring(prefix.length()) : "";
        return digits.matches("0|[1-9][0-9]{0,4}") ? OptionalInt.of(Integer.parseInt(digits)) : OptionalInt.empty();
    }

    /** What selects the pods; a StatefulSet's selector is never changed, so neither is this. */
    public Map<String, String> selector() {
        return Map.of("app.kubernetes.io/name", "kvstore", "app.kubernetes.io/instance", cluster);
    }

    /** The labels of every object. */
    public Map<String, String> labels() {
        Map<String, String> labels = new TreeMap<>(selector());
        labels.put("app.kubernetes.io/component", "node");
        labels.put("app.kubernetes.io/managed-by", "kvstore-operator");
        labels.put(CLUSTER_LABEL, cluster);
        return labels;
    }

    /** The metadata of an object that belongs to a cluster and goes with it. */
    static ObjectMeta metadata(KVCluster owner, String name) {
        ObjectNames names = of(owner);
        return new ObjectMetaBuilder()
                .withName(name)
                .withNamespace(names.namespace())
                .withLabels(names.labels())
                .addNewOwnerReference()
                .withApiVersion(owner.getApiVersion())
                .withKind(owner.getKind())
                .withName(names.cluster())
                .withUid(owner.getMetadata().getUid())
                .withController(true)
                .withBlockOwnerDeletion(true)
                .endOwnerReference()
                .build();
    }
}
