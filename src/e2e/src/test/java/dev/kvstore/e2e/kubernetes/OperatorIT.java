package dev.kvstore.e2e.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kvstore.e2e.chart.Command;
import dev.kvstore.testkit.history.Condition;
import dev.kvstore.testkit.history.Operation;
import dev.kvstore.testkit.history.Outcome;
import dev.kvstore.testkit.load.Bytes;
import dev.kvstore.testkit.load.KvClient;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/** What the operator does about changes, wanted and unwanted ones, and what it leaves alone. */
@OnKubernetes
@Timeout(value = 12, unit = TimeUnit.MINUTES)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OperatorIT {
    private static final int MEMBERS = SharedCluster.MEMBERS;
    private static final int KEYS = 100;

    /** A StatefulSet comes back when the pods of the one before are gone, which have a minute to stop. */
    private static final Duration BACK = Duration.ofMinutes(3);

    private static final Duration SAID = Duration.ofMinutes(3);

    // what is found counts here, not how soon
    private final KvClient http = new KvClient(Duration.ofSeconds(60));
    private KvCluster cluster;

    @BeforeAll
    void create() throws Exception {
        cluster = SharedCluster.ready();
        URI url = cluster.url();
        for (int i = 0; i < KEYS; i++) {
            assertThat(http.put(url, key(i), Bytes.of("value " + i), Operation.NO_TTL, Condition.NONE)
                            .status())
                    .isEqualTo(201);
        }
    }

    @AfterAll
    void delete() {
        http.close();
    }

    @Test
    void eachObjectThatIsDeletedComesBack() throws Exception {
        for (String object : OwnedObjects.all()) {
            String uid = uid(Kubectl.get(object, "-n", cluster.namespace()));
            Kubectl.run("delete", object, "-n", cluster.namespace());
            Kubectl.await(
                    object + " is back", BACK, found -> !uid(found).equals(uid), object, "-n", cluster.namespace());
            cluster.awaitReady(MEMBERS);
        }
        cluster.awaitInSync(http, MEMBERS);
        assertAllKeysAreThere();
    }

    @Test
    void whatIsEditedByHandIsPutRight() throws Exception {
        putRight(
                "statefulset/demo",
                "{\"spec\": {\"updateStrategy\": {\"type\": \"RollingUpdate\"}}}",
                "/spec/updateStrategy");
        putRight(
                "service/demo",
                "{\"spec\": {\"selector\": {\"app.kubernetes.io/instance\": \"other\"}}}",
                "/spec/selector");
        putRight(
                "service/demo-peers",
                "{\"spec\": {\"publishNotReadyAddresses\": false}}",
                "/spec/publishNotReadyAddresses");
        putRight("configmap/demo-config", "{\"data\": {\"desired.json\": \"{}\"}}", "/data");
        putRight("role/demo", "{\"rules\": []}", "/rules");
        putRight("rolebinding/demo", "{\"subjects\": []}", "/subjects");
        cluster.awaitReady(MEMBERS);
        assertAllKeysAreThere();
    }

    private void putRight(String object, String patch, String where) throws Exception {
        JsonNode before = Kubectl.get(object, "-n", cluster.namespace()).at(where);
        Kubectl.run("patch", object, "-n", cluster.namespace(), "--type", "merge", "-p", patch);
        Kubectl.await(
                object + " as before",
                BACK,
                found -> found.at(where).equals(before),
                object,
                "-n",
                cluster.namespace());
    }

    @Test
    void whatIsChangedByHandIsPutRightAlsoWhileTheOrderIsRefused() throws Exception {
        cluster.awaitWhole(MEMBERS);
        // the class of the volumes does not let them grow, which only the operator knows
        cluster.patch("{\"spec\": {\"storage\": {\"size\": \"20Gi\"}}}");
        awaitPhase("Invalid");
        putRight("configmap/demo-config", "{\"data\": {\"desired.json\": \"{}\"}}", "/data");
        String uid = uid(Kubectl.get("service/demo-peers", "-n", cluster.namespace()));
        Kubectl.run("delete", "service/demo-peers", "-n", cluster.namespace());
        Kubectl.await(
                "the Service is back",
                BACK,
                found -> !uid(found).equals(uid),
                "service/demo-peers",
                "-n",
                cluster.namespace());
        cluster.patch("{\"spec\": {\"storage\": {\"size\": \"10Gi\"}}}");
        cluster.awaitWhole(MEMBERS);
        assertAllKeysAreThere();
    }

    private void awaitPhase(String phase) throws Exception {
        cluster.awaitStatus(
                "phase " + phase,
                SAID,
                resource -> resource.path("status").path("phase").asText().equals(phase));
    }

    @Test
    void ofARingThatIsEditedDeletedOrPutBackByHandTheNewestOneOfTheMembersWins() throws Exception {
        cluster.awaitWhole(MEMBERS);
        String backup = Kubectl.get("configmap/demo-ring", "-n", cluster.namespace())
                .path("data")
                .path("ring.json")
                .asText();
        cluster.patch("{\"spec\": {\"replicationFactor\": 3}}");
        cluster.awaitWhole(MEMBERS);
        cluster.patch("{\"spec\": {\"replicationFactor\": 2}}");
        cluster.awaitWhole(MEMBERS);

        long restored = cluster.ring().path("version").asLong();
        assertThat(restored)
                .isGreaterThan(Kubectl.JSON.readTree(backup).path("version").asLong());
        restored = ringIsWrittenAgain(restored, "RingWentBack", () -> putRing(backup));
        restored = ringIsWrittenAgain(restored, "RingUnreadable", () -> putRing("not a ring"));
        ringIsWrittenAgain(
                restored, "RingMissing", () -> Kubectl.run("delete", "configmap/demo-ring", "-n", cluster.namespace()));
        assertAllKeysAreThere();
    }

    private void putRing(String text) {
        String patch = Kubectl.JSON
                .createObjectNode()
                .set("data", Kubectl.JSON.createObjectNode().put("ring.json", text))
                .toString();
        Kubectl.run("patch", "configmap/demo-ring", "-n", cluster.namespace(), "--type", "merge", "-p", patch);
    }

    /** Harms the ring's ConfigMap, and waits until the members have written theirs again and an event says what was. */
    private long ringIsWrittenAgain(long version, String reason, Runnable harm) throws Exception {
        long eventsBefore = events(reason);
        harm.run();
        JsonNode map = Kubectl.await(
                "a ring of at least version " + version,
                BACK,
                found -> KvCluster.ring(found).path("version").asLong(-1) >= version,
                "configmap/demo-ring",
                "-n",
                cluster.namespace());
        cluster.awaitWhole(MEMBERS);
        Kubectl.awaitList(
                "an event with reason " + reason,
                BACK,
                events -> count(events) > eventsBefore,
                "events",
                "-n",
                cluster.namespace(),
                "--field-selector",
                "reason=" + reason);
        return KvCluster.ring(map).path("version").asLong();
    }

    private long events(String reason) {
        return count(Kubectl.get("events", "-n", cluster.namespace(), "--field-selector", "reason=" + reason));
    }

    private static long count(JsonNode events) {
        long count = 0;
        for (JsonNode event : events.path("items")) {
            count += Math.max(1, event.path("count").asLong(1));
        }
        return count;
    }

    @Test
    void anImageThatDoesNotExistStopsTheRollAndIsRevertedWithoutLoss() throws Exception {
        cluster.awaitReady(MEMBERS);
        cluster.patch("{\"spec\": {\"image\": \"kvstore/node:no-such-tag\"}}");
        JsonNode stuck = cluster.awaitStatus(
                "the condition names the image",
                SAID,
                resource -> !KvCluster.condition(resource, "Progressing")
                                .path("message")
                                .asText()
                                .isEmpty()
                        && resource.path("status").path("conditions").toString().contains("no-such-tag"));
        assertThat(stuck.path("status").path("readyReplicas").asInt()).isEqualTo(MEMBERS - 1);
        assertAllKeysAreThere();
        assertThat(cluster.readyPods()).hasSize(MEMBERS - 1);

        cluster.patch("{\"spec\": {\"image\": null}}");
        cluster.awaitReady(MEMBERS);
        assertAllKeysAreThere();
    }

    @Test
    void anOrderThatCannotBeSaysSoAndTouchesNothing() throws Exception {
        cluster.awaitReady(MEMBERS);
        Map<String, String> pods = cluster.uids();
        refused("{\"spec\": {\"replicas\": 1}}", "{\"spec\": {\"replicas\": 3}}", "replicas");
        refused("{\"spec\": {\"partitions\": 64}}", "{\"spec\": {\"partitions\": 128}}", "partitions");
        refused(
                "{\"spec\": {\"storage\": {\"size\": \"1Gi\"}}}",
                "{\"spec\": {\"storage\": {\"size\": \"10Gi\"}}}",
                "shrink");
        assertThat(cluster.uids()).isEqualTo(pods);
        assertAllKeysAreThere();
    }

    /** Refused by the API server where it knows validation rules, else by the operator with a condition. */
    private void refused(String order, String back, String word) throws Exception {
        Command patch = Kubectl.attempt(
                "patch", "kvcluster", "demo", "-n", cluster.namespace(), "--type", "merge", "-p", order);
        if (patch.exitCode() != 0) {
            assertThat(patch.err()).contains(word);
            return;
        }
        awaitPhase("Invalid");
        assertThat(cluster.status().path("conditions").toString()).contains(word);
        Kubectl.run("patch", "kvcluster", "demo", "-n", cluster.namespace(), "--type", "merge", "-p", back);
        cluster.awaitReady(MEMBERS);
    }

    private void assertAllKeysAreThere() throws Exception {
        // a Service that was deleted has another address now
        Map<String, Outcome.Value> found = http.scan(cluster.url(), Bytes.of("kept-"));
        assertThat(found).hasSize(KEYS);
        for (int i = 0; i < KEYS; i++) {
            assertThat(found.get(key(i).name()))
                    .extracting(Outcome.Value::value)
                    .isEqualTo("value " + i);
        }
    }

    private static Bytes key(int i) {
        return Bytes.of("kept-" + i);
    }

    private static String uid(JsonNode object) {
        return object.path("metadata").path("uid").asText();
    }
}
