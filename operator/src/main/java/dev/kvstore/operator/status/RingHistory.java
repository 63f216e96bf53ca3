package dev.kvstore.operator.status;

import dev.kvstore.operator.observed.Ring;
import dev.kvstore.operator.resources.Documents;
import dev.kvstore.operator.resources.ObjectNames;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What happened to rings between two passes: members may put back what was edited or deleted by hand before the next pass
 * looks, and it is worth an event all the same. Told by the watch of the ConfigMaps; callable on any thread.
 */
public final class RingHistory {
    /** Most events that wait for a pass. */
    private static final int MAX_NEWS = 16;

    private final Map<ResourceID, Past> clusters = new HashMap<>();

    private static final class Past {
        private String clusterId = "";
        private long version;
        private boolean harmed;
        private final List<Announcement> news = new ArrayList<>();

        void tell(boolean warning, String reason, String message) {
            harmed = warning;
            if (news.size() < MAX_NEWS) {
                news.add(new Announcement(warning, reason, message));
            }
        }
    }

    /** A ConfigMap, which may be none of a ring, is now so. */
    public synchronized void seen(ConfigMap map) {
        ResourceID cluster = cluster(map).orElse(null);
        if (cluster == null) {
            return;
        }
        String text = map.getData() == null ? null : map.getData().get(Documents.RING);
        Ring ring = Ring.read(text).orElse(null);
        Past past = clusters.get(cluster);
        if (past == null) {
            if (ring != null) {
                know(clusters.computeIfAbsent(cluster, _ -> new Past()), ring);
            }
            return;
        }
        if (ring == null) {
            if (!past.harmed) {
                past.tell(
                        true,
                        text == null ? "RingMissing" : "RingUnreadable",
                        "the ring's ConfigMap " + (text == null ? "has no ring" : "holds something else than a ring")
                                + goOn(past));
            }
        } else if (!Objects.equals(ring.clusterId(), past.clusterId) || ring.version() < past.version) {
            if (!past.harmed) {
                past.tell(
                        true,
                        "RingWentBack",
                        "the ring's ConfigMap went from version " + past.version + " back to " + ring.version()
                                + goOn(past));
            }
        } else {
            if (past.harmed) {
                past.tell(
                        false,
                        "RingRestored",
                        "the members have written their newest ring back, as version " + ring.version());
            }
            know(past, ring);
        }
    }

    /** A ConfigMap is deleted. */
    public synchronized void gone(ConfigMap map) {
        cluster(map)
                .map(clusters::get)
                .filter(past -> !past.harmed)
                .ifPresent(past -> past.tell(true, "RingMissing", "the ring's ConfigMap is gone" + goOn(past)));
    }

    private static String goOn(Past past) {
        return "; the members go on with version " + past.version + " and write the newest one back";
    }

    private static void know(Past past, Ring ring) {
        past.clusterId = Objects.requireNonNullElse(ring.clusterId(), "");
        past.version = ring.version();
    }

    /** What happened since the last call. */
    public synchronized List<Announcement> news(ResourceID cluster) {
        Past past = clusters.get(cluster);
        if (past == null) {
            return List.of();
        }
        List<Announcement> news = List.copyOf(past.news);
        past.news.clear();
        return news;
    }

    /** A cluster is deleted. */
    public synchronized void forget(ResourceID cluster) {
        clusters.remove(cluster);
    }

    private static Optional<ResourceID> cluster(ConfigMap map) {
        Map<String, String> labels =
                Objects.requireNonNullElse(map.getMetadata().getLabels(), Map.of());
        return Optional.ofNullable(labels.get(ObjectNames.CLUSTER_LABEL))
                .filter(name -> new ObjectNames(map.getMetadata().getNamespace(), name)
                        .ring()
                        .equals(map.getMetadata().getName()))
                .map(name -> new ResourceID(name, map.getMetadata().getNamespace()));
    }
}
