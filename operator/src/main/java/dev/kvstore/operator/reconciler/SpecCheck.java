package dev.kvstore.operator.reconciler;

import dev.kvstore.operator.api.KVClusterSpec;
import dev.kvstore.operator.observed.Observed;
import dev.kvstore.operator.resources.Documents;
import dev.kvstore.operator.status.Situation.Remark;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.storage.StorageClass;
import java.math.BigDecimal;
import java.time.format.DateTimeParseException;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Whether an order can be followed at all. Most of this the API server checks too, by the schema and its rules; before
 * Kubernetes 1.25 it does not know rules, and what exists already it never knows.
 */
final class SpecCheck {
    private static final String NAME = "[a-z]([-a-z0-9]*[a-z0-9])?";
    private static final int MAX_NAME_LENGTH = 40;
    private static final int MAX_PARTITIONS = 1024;

    private SpecCheck() {}

    /**
     * The first thing that is wrong.
     *
     * @param storageClass the class that the order names, or the default one; null when there is none
     */
    static Optional<Remark> check(Observed observed, @Nullable StorageClass storageClass) {
        return Stream.<Optional<Remark>>of(
                        name(observed), numbers(observed.spec()), partitions(observed), storage(observed, storageClass))
                .flatMap(Optional::stream)
                .findFirst();
    }

    private static Optional<Remark> name(Observed observed) {
        String name = observed.names().cluster();
        return refuse(
                name.length() > MAX_NAME_LENGTH || !name.matches(NAME),
                "InvalidName",
                "the name must start with a letter, have only lower case letters, digits and hyphens, and be at most "
                        + MAX_NAME_LENGTH + " characters long: delete this KVCluster and create one with another name");
    }

    private static Optional<Remark> numbers(KVClusterSpec spec) {
        return Stream.<Optional<Remark>>of(
                        refuse(
                                spec.replicas() < spec.replicationFactor(),
                                "ReplicasBelowReplicationFactor",
                                "replicas is " + spec.replicas() + ", below the replicationFactor "
                                        + spec.replicationFactor()
                                        + ": set replicas to at least that, or lower the replicationFactor first"),
                        refuse(
                                spec.minInSync() > spec.replicationFactor(),
                                "MinInSyncAboveReplicationFactor",
                                "minInSync is " + spec.minInSync() + ", above the replicationFactor "
                                        + spec.replicationFactor() + ": no write would ever be taken; lower it"),
                        refuse(
                                Integer.bitCount(spec.partitions()) != 1 || spec.partitions() > MAX_PARTITIONS,
                                "InvalidPartitions",
                                "partitions is " + spec.partitions() + ", not a power of two from 1 to "
                                        + MAX_PARTITIONS),
                        replaceAfter(spec),
                        rebalance(spec))
                .flatMap(Optional::stream)
                .findFirst();
    }

    private static Optional<Remark> replaceAfter(KVClusterSpec spec) {
        try {
            return refuse(
                    Documents.duration(spec.recovery().replaceAfter()).isNegative(),
                    "InvalidReplaceAfter",
                    "recovery.replaceAfter is negative");
        } catch (DateTimeParseException e) {
            return refuse(
                    true,
                    "InvalidReplaceAfter",
                    "recovery.replaceAfter is '" + spec.recovery().replaceAfter() + "', not such as 90s, 5m or 1h");
        }
    }

    private static Optional<Remark> rebalance(KVClusterSpec spec) {
        String wrong = "rebalance.maxBytesPerSecond is '" + spec.rebalance().maxBytesPerSecond()
                + "', not a whole number of bytes such as 50Mi, or 0 for no limit";
        try {
            long limit = Documents.bytes(spec.rebalance().maxBytesPerSecond());
            return refuse(limit < 0, "InvalidRebalance", wrong);
        } catch (IllegalArgumentException e) {
            return refuse(true, "InvalidRebalance", wrong);
        }
    }

    /** The ring knows how many partitions there are; before there is one, the config does. */
    private static Optional<Remark> partitions(Observed observed) {
        int wanted = observed.spec().partitions();
        int present = observed.ring()
                .map(ring -> ring.partitions().size())
                .or(() -> observed.config().map(config -> config.partitions()))
                .orElse(wanted);
        return refuse(
                wanted != present,
                "PartitionsChanged",
                "partitions is " + wanted + ", but this cluster has " + present
                        + " for good: set it back, or create another cluster");
    }

    private static Optional<Remark> storage(Observed observed, @Nullable StorageClass storageClass) {
        Optional<PersistentVolumeClaim> template = VolumeOrder.template(observed);
        if (template.isEmpty()) {
            String name = observed.spec().storage().storageClassName();
            return size(observed.spec().storage().size()).isEmpty()
                    ? refuse(true, "InvalidStorageSize", "storage.size is not a quantity such as 10Gi")
                    : refuse(
                            name != null && storageClass == null,
                            "StorageClassNotFound",
                            "there is no StorageClass " + name
                                    + ": create it, or name one of kubectl get storageclass");
        }
        PersistentVolumeClaim present = template.get();
        if (!Objects.equals(
                observed.spec().storage().storageClassName(), present.getSpec().getStorageClassName())) {
            return refuse(
                    true,
                    "StorageClassChanged",
                    "storage.storageClassName cannot be changed, since volumes do not move: set it back to "
                            + Objects.requireNonNullElse(present.getSpec().getStorageClassName(), "nothing"));
        }
        return growth(observed.spec().storage().size(), present, storageClass);
    }

    private static Optional<Remark> growth(
            String wanted, PersistentVolumeClaim present, @Nullable StorageClass storageClass) {
        String size = VolumeOrder.size(present).toString();
        int grows = size(wanted)
                .map(each -> each.compareTo(VolumeOrder.size(present).getNumericalAmount()))
                .orElse(-1);
        return refuse(
                        grows < 0,
                        "StorageShrunk",
                        "storage.size is " + wanted + ", but volumes have " + size + " and never shrink: set it back")
                .or(() -> refuse(
                        grows > 0
                                && (storageClass == null
                                        || !Boolean.TRUE.equals(storageClass.getAllowVolumeExpansion())),
                        "StorageCannotGrow",
                        "storage.size is " + wanted + ", but volumes have " + size
                                + " and their StorageClass does not allow expansion: set it back"));
    }

    private static Optional<BigDecimal> size(String text) {
        try {
            return Optional.of(new Quantity(text).getNumericalAmount()).filter(size -> size.signum() > 0);
        } catch (RuntimeException e) {
            return Optional.empty();
        }
    }

    private static Optional<Remark> refuse(boolean wrong, String reason, String message) {
        return wrong ? Optional.of(new Remark(reason, message)) : Optional.empty();
    }
}
