package dev.kvstore.operator.observed;

import dev.kvstore.operator.api.KVCluster;
import dev.kvstore.operator.api.KVClusterSpec;
import dev.kvstore.operator.api.KVClusterStatus;
import dev.kvstore.operator.resources.Documents;
import dev.kvstore.operator.resources.ObjectNames;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * A cluster at one time.
 *
 * @param nodes its pods, by their numbers
 * @param claims its volume claims
 * @param config the config that the nodes were last given
 * @param leader the member that holds the Lease
 * @param accountMade when the nodes' ServiceAccount was made; tokens of pods before that are void
 * @param machines the machines on which its pods run, by name
 */
public record Observed(
        KVCluster cluster,
        @Nullable StatefulSet set,
        List<Node> nodes,
        List<PersistentVolumeClaim> claims,
        Optional<Config> config,
        Optional<Ring> ring,
        @Nullable String leader,
        Optional<Instant> accountMade,
        Map<String, Machine> machines) {
    /** Puts together what was read from Kubernetes, of which some may be of other objects. */
    public static Observed of(
            KVCluster cluster,
            Collection<StatefulSet> sets,
            Collection<Pod> pods,
            Collection<PersistentVolumeClaim> claims,
            Collection<ConfigMap> documents,
            Collection<Lease> leases,
            Collection<ServiceAccount> accounts,
            Map<String, Machine> machines) {
        ObjectNames names = ObjectNames.of(cluster);
        return new Observed(
                cluster,
                sets.stream()
                        .filter(each -> names.nodes().equals(each.getMetadata().getName()))
                        .findFirst()
                        .orElse(null),
                pods.stream()
                        .filter(each -> names.ordinalOfMember(each.getMetadata().getName())
                                .isPresent())
                        .sorted(Comparator.comparingInt(
                                each -> names.ordinalOfMember(each.getMetadata().getName())
                                        .orElseThrow()))
                        .map(Node::new)
                        .toList(),
                claims.stream()
                        .filter(each -> names.ordinalOfClaim(each.getMetadata().getName())
                                .isPresent())
                        .toList(),
                document(documents, names.config(), Documents.DESIRED).flatMap(Config::read),
                document(documents, names.ring(), Documents.RING)
                        .flatMap(Ring::read)
                        .filter(ring -> isNewest(ring, cluster.getStatus())),
                leases.stream()
                        .filter(each -> names.lease().equals(each.getMetadata().getName()))
                        .filter(each -> each.getSpec() != null)
                        .map(each -> each.getSpec().getHolderIdentity())
                        .filter(holder -> holder != null && !holder.isEmpty())
                        .findFirst()
                        .orElse(null),
                accounts.stream()
                        .filter(each -> names.nodes().equals(each.getMetadata().getName()))
                        .findFirst()
                        .map(each -> Instant.parse(each.getMetadata().getCreationTimestamp())),
                machines);
    }

    /** A ring that was put back by hand counts as none: by an older one, members would seem not to have anything. */
    private static boolean isNewest(Ring ring, @Nullable KVClusterStatus known) {
        return known == null
                || known.ringVersion() == null
                || !Objects.equals(known.clusterId(), ring.clusterId())
                || ring.version() >= known.ringVersion();
    }

    private static Optional<String> document(Collection<ConfigMap> documents, String name, String key) {
        return documents.stream()
                .filter(each -> name.equals(each.getMetadata().getName()))
                .filter(each -> each.getData() != null)
                .findFirst()
                .map(each -> each.getData().get(key));
    }

    /** The same cluster, with another order than its own. */
    public Observed under(KVClusterSpec order) {
        KVCluster other = new KVCluster();
        other.setMetadata(cluster.getMetadata());
        other.setSpec(order);
        other.setStatus(cluster.getStatus());
        return new Observed(other, set, nodes, claims, config, ring, leader, accountMade, machines);
    }

    public KVClusterSpec spec() {
        return cluster.getSpec();
    }

    public ObjectNames names() {
        return ObjectNames.of(cluster);
    }

    /** How many pods the StatefulSet is told to have; empty when there is none. */
    public OptionalInt pods() {
        return set == null ? OptionalInt.empty() : OptionalInt.of(set.getSpec().getReplicas());
    }

    /** The revision that new pods have, once Kubernetes has seen the present template. */
    public Optional<String> revision() {
        if (set == null
                || set.getStatus() == null
                || !set.getMetadata().getGeneration().equals(set.getStatus().getObservedGeneration())) {
            return Optional.empty();
        }
        return Optional.ofNullable(set.getStatus().getUpdateRevision());
    }

    /** Why a pod is to be made anew, if it is. */
    public Optional<String> outdated(Node node) {
        if (revision().filter(node::isOfOtherTemplate).isPresent()) {
            return Optional.of("its template is an older one");
        }
        return accountMade.filter(node::isOlderThan).map(_ -> "its token is of a ServiceAccount that was deleted");
    }

    /** The pods with the numbers of wanted members. */
    public List<Node> members() {
        return nodes.stream()
                .filter(each -> names().ordinalOfMember(each.name()).orElseThrow() < spec().replicas())
                .toList();
    }

    /** Whether every wanted member is there, ready, and known to the ring under its present pod. */
    public boolean allBack() {
        return members().stream().filter(each -> each.back(ring)).count() == spec().replicas();
    }

    /** Whether every partition has its full number of copies. */
    public boolean fullyInSync() {
        return ring.map(each -> each.fullyInSync(spec().replicationFactor())
                        == each.partitions().size())
                .orElse(false);
    }
}
