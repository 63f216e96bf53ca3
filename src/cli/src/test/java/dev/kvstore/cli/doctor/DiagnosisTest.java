package dev.kvstore.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kvstore.cli.model.ClusterStatus;
import dev.kvstore.cli.model.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class DiagnosisTest {
    private static final List<String> NAMES = List.of("node1", "node2", "node3");

    private final ObjectNode status = Json.object();
    private final ObjectNode ring = Json.object();
    private final Map<String, ObjectNode> first = new TreeMap<>();
    private final Map<String, ObjectNode> second = new TreeMap<>();
    private final Map<String, String> silent = new TreeMap<>();
    private final Map<String, Long> ahead = new TreeMap<>();

    DiagnosisTest() {
        status.put("leader", "node1").put("ringVersion", 9).put("replicationFactor", 2);
        ArrayNode members = status.putArray("members");
        NAMES.forEach(name -> members.addObject().put("name", name).put("state", "up"));
        status.putObject("partitions").put("total", 3).put("fullyInSync", 3);
        ring.put("version", 9);
        ArrayNode partitions = ring.putArray("partitions");
        for (int i = 0; i < 3; i++) {
            String primary = NAMES.get(i);
            String other = NAMES.get((i + 1) % 3);
            ObjectNode partition = partitions.addObject().put("epoch", 1).put("primary", primary);
            partition.putArray("inSync").add(primary).add(other);
            partition.putArray("replicas").add(primary).add(other);
        }
        for (Map<String, ObjectNode> sample : List.of(first, second)) {
            NAMES.forEach(name -> sample.put(name, node(name)));
        }
    }

    @Test
    void aClusterThatIsWellHasNoFindings() {
        assertThat(findings()).isEmpty();
    }

    @Test
    void aMemberThatIsDownIsToldOnceWithWhatToDo() {
        member(1).put("state", "down");
        silent.put("node2", "Connection refused");
        assertThat(problems()).containsExactly("member-down");
        assertThat(Diagnosis.of(survey(List.of("node2"))).getFirst().todo()).isEqualTo("./kvstore start node2");
    }

    @Test
    void aNodeThatDoesNotAnswerThoughItIsHeardIsToldApart() {
        silent.put("node3", "no answer within 1000 ms");
        assertThat(problems()).containsExactly("node-silent");
    }

    @Test
    void copiesThatAreMissingAreCountedAndTheirMembersNamed() {
        ((ObjectNode) ring.path("partitions").get(0)).putArray("inSync").add("node1");
        assertThat(findings())
                .anySatisfy(finding -> assertThat(finding.what())
                        .isEqualTo("1 partition has only 1 copy in sync. Still to get one: node2."));
    }

    @Test
    void aPartitionThatMovesHasAllItsCopies() {
        ((ObjectNode) ring.path("partitions").get(0))
                .putArray("replicas")
                .add("node1")
                .add("node3");
        assertThat(problems()).isEmpty();
    }

    @Test
    void lostPartitionsAreNamedWithTheWayOut() {
        ((ObjectNode) ring.path("partitions").get(2)).put("lost", true);
        assertThat(findings()).anySatisfy(finding -> {
            assertThat(finding.code()).isEqualTo("lost");
            assertThat(finding.what()).contains("(2)");
            assertThat(finding.todo()).contains("accept-loss");
        });
    }

    @Test
    void aCutInOneDirectionIsSeen() {
        both(
                "node1",
                node -> ((ObjectNode) node.path("members")).putObject("node3").put("state", "suspect"));
        assertThat(problems()).containsExactly("member-unheard");
    }

    @Test
    void aReplicaThatLacksWhatItsPrimaryHadBeforeLags() {
        copy(at(first, "node1"), 0).put("lastSeq", 100);
        copy(at(second, "node1"), 0).put("lastSeq", 120);
        copy(at(second, "node2"), 0).put("lastSeq", 99);
        assertThat(problems()).containsExactly("replica-behind");
        copy(at(second, "node2"), 0).put("lastSeq", 100);
        assertThat(problems()).isEmpty();
    }

    @Test
    void aCopyThatTheRingCallsInSyncMustBeWhole() {
        copy(at(second, "node2"), 0).put("role", "installing");
        assertThat(problems()).containsExactly("copy-missing");
    }

    @Test
    void twoThatServeTheSamePartitionAreAnAlarm() {
        both("node2", node -> copy(node, 0).put("role", "serving"));
        assertThat(problems()).containsExactly("two-primaries");
    }

    @Test
    void ringsOfOneVersionThatDifferAreAnAlarm() {
        both("node3", node -> node.put("ringHash", 8));
        assertThat(problems()).containsExactly("ring-conflict");
    }

    @Test
    void aNodeThatStaysOnAnOldRingIsTold() {
        both("node3", node -> node.put("ringVersion", 8));
        assertThat(problems()).containsExactly("ring-behind");
    }

    @Test
    void aMissingLeaderIsTold() {
        NAMES.forEach(name -> both(name, node -> node.remove("leader")));
        assertThat(problems()).containsExactly("no-leader");
    }

    @Test
    void disksThatAreFullBrokenOrNearlyFullAreToldApart() {
        both(
                "node1",
                node -> ((ObjectNode) node.path("disk")).put("freeBytes", 50).put("refusing", true));
        both("node2", node -> ((ObjectNode) node.path("disk")).put("refusing", true));
        both("node3", node -> ((ObjectNode) node.path("disk")).put("freeBytes", 150));
        assertThat(problems()).containsExactlyInAnyOrder("disk-full", "disk-refuses", "disk-nearly-full");
    }

    @Test
    void aDiskIsJudgedThoughItsNodeDidNotAnswerAtFirst() {
        first.remove("node2");
        ((ObjectNode) at(second, "node2").path("disk")).put("freeBytes", 50).put("refusing", true);
        assertThat(problems()).containsExactly("disk-full");
    }

    @Test
    void aBoundIsReachedWhenRequestsWereRefusedMeanwhile() {
        ((ObjectNode) at(first, "node1").path("limits").path("operations")).put("refused", 7);
        ((ObjectNode) at(second, "node1").path("limits").path("operations")).put("refused", 7);
        assertThat(problems()).isEmpty();
        ((ObjectNode) at(second, "node1").path("limits").path("operations")).put("refused", 8);
        assertThat(problems()).containsExactly("limit-reached");
    }

    @Test
    void clocksMustAgreeWithinWhatCanBeKnown() {
        ahead.put("node2", 505L);
        assertThat(problems()).isEmpty();
        ahead.put("node2", -2_000L);
        assertThat(findings())
                .anySatisfy(finding ->
                        assertThat(finding.what()).isEqualTo("The clock of node2 is 2000 ms behind that of node1."));
    }

    @Test
    void differentVersionsAreToldButAreNoProblem() {
        both("node3", node -> node.put("version", "2"));
        assertThat(findings()).extracting(Finding::code).containsExactly("versions-differ");
        assertThat(problems()).isEmpty();
    }

    @Test
    void aStoreThatHasFailedIsToldWithItsReason() {
        both("node3", node -> node.put("state", "failed").put("why", "the store is damaged"));
        assertThat(findings().getFirst().what()).contains("node3", "the store is damaged");
    }

    @Test
    void aClusterWithoutARingSaysSo() {
        status.putObject("partitions").put("total", 0);
        assertThat(problems()).containsExactly("no-ring");
    }

    private List<String> problems() {
        return findings().stream().filter(Finding::problem).map(Finding::code).toList();
    }

    private List<Finding> findings() {
        return Diagnosis.of(survey(List.of()));
    }

    private Survey survey(List<String> notRunning) {
        return new Survey(ClusterStatus.of(status), ring, sample(first), sample(second), notRunning);
    }

    private Sample sample(Map<String, ObjectNode> nodes) {
        ObjectNode json = Json.object().put("asked", "node1");
        json.set("node", at(nodes, "node1"));
        ArrayNode others = json.putArray("others");
        for (String name : List.of("node2", "node3")) {
            ObjectNode other =
                    others.addObject().put("name", name).put("askedMs", 1_000).put("answeredMs", 1_020);
            if (silent.containsKey(name) || !nodes.containsKey(name)) {
                other.putNull("node").put("error", silent.getOrDefault(name, "no answer"));
            } else {
                at(nodes, name).put("wallMs", 1_010 + ahead.getOrDefault(name, 0L));
                other.set("node", at(nodes, name));
            }
        }
        return Sample.of(json);
    }

    private void both(String name, Consumer<ObjectNode> change) {
        change.accept(at(first, name));
        change.accept(at(second, name));
    }

    private static ObjectNode at(Map<String, ObjectNode> sample, String name) {
        return Objects.requireNonNull(sample.get(name));
    }

    private ObjectNode member(int index) {
        return (ObjectNode) status.path("members").get(index);
    }

    private static ObjectNode copy(ObjectNode node, int partition) {
        List<ObjectNode> found = new ArrayList<>();
        node.path("copies").forEach(copy -> {
            if (copy.path("partition").asInt() == partition) {
                found.add((ObjectNode) copy);
            }
        });
        return found.getFirst();
    }

    private static ObjectNode node(String name) {
        ObjectNode node = Json.object()
                .put("name", name)
                .put("version", "1")
                .put("state", "serving")
                .put("leader", "node1")
                .put("ringVersion", 9)
                .put("ringHash", 7);
        node.putObject("core").put("stillMs", 3);
        node.putObject("disk").put("freeBytes", 1_000).put("leastFreeBytes", 100);
        node.putObject("limits").putObject("operations").put("used", 1).put("limit", 100);
        ObjectNode members = node.putObject("members");
        NAMES.forEach(each -> members.putObject(each).put("state", "up"));
        int index = NAMES.indexOf(name);
        ArrayNode copies = node.putArray("copies");
        copies.addObject().put("partition", index).put("role", "serving").put("lastSeq", 100);
        copies.addObject()
                .put("partition", (index + 2) % 3)
                .put("role", "replica")
                .put("lastSeq", 100);
        return node;
    }
}
