package dev.kvstore.operator.reconciler;

import dev.kvstore.operator.api.KVCluster;
import dev.kvstore.operator.status.Announcement;
import io.fabric8.kubernetes.api.model.EventBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes events, to Kubernetes and to the log. */
final class EventLog {
    private static final Logger LOG = LoggerFactory.getLogger(EventLog.class);
    private static final String COMPONENT = "kvstore-operator";

    /** The API server's own bound. */
    private static final int MAX_MESSAGE_LENGTH = 1024;

    private final KubernetesClient client;
    private final InstantSource clock;

    EventLog(KubernetesClient client, InstantSource clock) {
        this.client = client;
        this.clock = clock;
    }

    void write(KVCluster cluster, Announcement event) {
        String namespace = cluster.getMetadata().getNamespace();
        String name = cluster.getMetadata().getName();
        LOG.info("{}/{}: {}: {}", namespace, name, event.reason(), event.message());
        String now = clock.instant().truncatedTo(ChronoUnit.SECONDS).toString();
        String message = event.message();
        try {
            client.v1()
                    .events()
                    .resource(new EventBuilder()
                            .withNewMetadata()
                            .withNamespace(namespace)
                            .withGenerateName(name + "-")
                            .endMetadata()
                            .withNewInvolvedObject()
                            .withApiVersion(cluster.getApiVersion())
                            .withKind(cluster.getKind())
                            .withNamespace(namespace)
                            .withName(name)
                            .withUid(cluster.getMetadata().getUid())
                            .endInvolvedObject()
                            .withType(event.warning() ? "Warning" : "Normal")
                            .withReason(event.reason())
                            .withMessage(
                                    message.length() > MAX_MESSAGE_LENGTH
                                            ? message.substring(0, MAX_MESSAGE_LENGTH)
                                            : message)
                            .withFirstTimestamp(now)
                            .withLastTimestamp(now)
                            .withCount(1)
                            .withNewSource(COMPONENT, null)
                            .withReportingComponent(COMPONENT)
                            .withReportingInstance(COMPONENT)
                            .build())
                    .create();
        } catch (KubernetesClientException e) {
            // the event is in the log, and no work may fail for it
            LOG.warn("cannot write an event about {}/{}: {}", namespace, name, e.getMessage());
        }
    }
}
