package dev.kvstore.operator.status;

import dev.kvstore.operator.api.KVClusterSpec;
import dev.kvstore.operator.api.KVClusterStatus;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The newest spec that could be followed, which a cluster's status remembers. */
public final class FollowedSpec {
    private static final KubernetesSerialization JSON = new KubernetesSerialization();

    private FollowedSpec() {}

    static String write(KVClusterSpec spec) {
        return JSON.asJson(spec);
    }

    /** Empty when none was followed yet, or another version of the operator wrote what cannot be read here. */
    public static Optional<KVClusterSpec> of(@Nullable KVClusterStatus status) {
        if (status == null || status.followedSpec() == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(JSON.unmarshal(status.followedSpec(), KVClusterSpec.class));
        } catch (RuntimeException e) {
            return Optional.empty();
        }
    }
}
