package dev.kvstore.operator.api;

import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Kind;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Singular;
import io.fabric8.kubernetes.model.annotation.Version;
import org.jspecify.annotations.Nullable;

/** A replicated key-value store: what is wanted (spec) and how it stands (status). */
@Group("kvstore.dev")
@Version("v1")
@Kind("KVCluster")
@Singular("kvcluster")
@Plural("kvclusters")
@ShortNames("kv")
@ValidationRule(
        value = "self.metadata.name.size() <= 40 && self.metadata.name.matches('^[a-z]([-a-z0-9]*[a-z0-9])?$')",
        message = "the name must start with a letter, have only lower case letters, digits and hyphens, and be at most"
                + " 40 characters long, because pods and Services are named after it")
@AdditionalPrinterColumn(name = "Ready", jsonPath = ".status.ready", type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(name = "Leader", jsonPath = ".status.leader", type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(name = "Phase", jsonPath = ".status.phase", type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(
        name = "Age",
        jsonPath = ".metadata.creationTimestamp",
        type = AdditionalPrinterColumn.Type.DATE)
@AdditionalPrinterColumn(
        name = "Copies",
        jsonPath = ".spec.replicationFactor",
        type = AdditionalPrinterColumn.Type.INTEGER,
        priority = 1)
@AdditionalPrinterColumn(
        name = "Partitions",
        jsonPath = ".status.partitions.total",
        type = AdditionalPrinterColumn.Type.INTEGER,
        priority = 1)
@AdditionalPrinterColumn(
        name = "In-Sync",
        jsonPath = ".status.partitions.fullyInSync",
        type = AdditionalPrinterColumn.Type.INTEGER,
        priority = 1)
@AdditionalPrinterColumn(
        name = "No-Primary",
        jsonPath = ".status.partitions.withoutPrimary",
        type = AdditionalPrinterColumn.Type.INTEGER,
        priority = 1)
@AdditionalPrinterColumn(
        name = "Lost",
        jsonPath = ".status.partitions.lost",
        type = AdditionalPrinterColumn.Type.INTEGER,
        priority = 1)
@AdditionalPrinterColumn(
        name = "To-Move",
        jsonPath = ".status.partitionsToMove",
        type = AdditionalPrinterColumn.Type.INTEGER,
        priority = 1)
@AdditionalPrinterColumn(
        name = "Ring",
        jsonPath = ".status.ringVersion",
        type = AdditionalPrinterColumn.Type.INTEGER,
        priority = 1)
public class KVCluster extends CustomResource<KVClusterSpec, KVClusterStatus> implements Namespaced {
    private static final long serialVersionUID = 1L;

    @Override
    protected @Nullable KVClusterSpec initSpec() {
        return null;
    }

    @Override
    protected @Nullable KVClusterStatus initStatus() {
        return null;
    }
}
