package dev.kvstore.operator.reconciler;

import dev.kvstore.operator.status.Situation.Remark;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.OwnerReference;
import org.jspecify.annotations.Nullable;

/** An object of a name that a cluster needs belongs to somebody else, or to a cluster of the same name before it. */
final class ForeignObject extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ForeignObject(HasMetadata object, @Nullable OwnerReference owner) {
        super("the " + object.getKind() + " " + object.getMetadata().getName() + " is there already and belongs to "
                + (owner == null ? "nobody that is known" : owner.getKind() + " " + owner.getName())
                + ": rename the KVCluster or remove the object; one of a cluster before goes by itself");
    }

    Remark remark() {
        return new Remark("ObjectNotOurs", String.valueOf(getMessage()));
    }
}
