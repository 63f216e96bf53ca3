package dev.kvstore.operator.resources;

import dev.kvstore.operator.api.KVCluster;
import dev.kvstore.operator.api.KVClusterSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The pods' template as it was made when the user last changed something about pods, and the digest of what it was made of.
 * Both stand on the StatefulSet. As long as the digest is the same the template is kept, so that another version of the
 * operator, which may have another default image or make other pods, restarts nothing.
 */
public record RenderedPods(String digest, PodTemplateSpec template, String json) {
    private static final String DIGEST_ANNOTATION = "kvstore.dev/pods-digest";
    private static final String TEMPLATE_ANNOTATION = "kvstore.dev/pods-template";
    private static final KubernetesSerialization JSON = new KubernetesSerialization();

    /** The template that the StatefulSet has if it is of the same order, else a new one. */
    public static RenderedPods keepOrRender(KVCluster cluster, @Nullable StatefulSet present, String defaultImage) {
        String digest = digest(cluster.getSpec());
        return kept(present, digest).orElseGet(() -> {
            PodTemplateSpec template = NodePods.template(cluster, defaultImage);
            return new RenderedPods(digest, template, JSON.asJson(template));
        });
    }

    private static Optional<RenderedPods> kept(@Nullable StatefulSet present, String digest) {
        Map<String, String> annotations =
                present == null || present.getMetadata().getAnnotations() == null
                        ? Map.of()
                        : present.getMetadata().getAnnotations();
        String json = annotations.get(TEMPLATE_ANNOTATION);
        if (json == null || !digest.equals(annotations.get(DIGEST_ANNOTATION))) {
            return Optional.empty();
        }
        try {
            return Optional.of(new RenderedPods(digest, JSON.unmarshal(json, PodTemplateSpec.class), json));
        } catch (RuntimeException e) {
            // edited by hand into something else: made anew
            return Optional.empty();
        }
    }

    Map<String, String> annotations() {
        return Map.of(DIGEST_ANNOTATION, digest, TEMPLATE_ANNOTATION, json);
    }

    private static String digest(KVClusterSpec spec) {
        String order = JSON.asJson(Arrays.asList(spec.image(), spec.imagePullPolicy(), spec.resources(), spec.pod()));
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(order.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
