package dev.kvstore.operator.reconciler;

import dev.kvstore.operator.api.KVCluster;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.javaoperatorsdk.operator.processing.event.source.filter.OnUpdateFilter;
import java.util.Objects;

/** Whether a KVCluster's order changed: its spec, its annotations, or that it shall go. Its status is the operator's own. */
public final class OrderChanged implements OnUpdateFilter<KVCluster> {
    @Override
    public boolean accept(KVCluster now, KVCluster before) {
        ObjectMeta present = now.getMetadata();
        ObjectMeta former = before.getMetadata();
        return !Objects.equals(present.getGeneration(), former.getGeneration())
                || !Objects.equals(present.getAnnotations(), former.getAnnotations())
                || !Objects.equals(present.getDeletionTimestamp(), former.getDeletionTimestamp())
                || !Objects.equals(present.getFinalizers(), former.getFinalizers());
    }
}
