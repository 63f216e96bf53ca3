package dev.kvstore.node.transport.connection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kvstore.core.message.PeerId;
import dev.kvstore.node.transport.LocalPeer;
import dev.kvstore.node.transport.codec.Introduction;
import dev.kvstore.node.transport.codec.Protocol;
import dev.kvstore.node.transport.codec.Refusal;
import dev.kvstore.node.transport.codec.Refusal.Reason;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class AdmissionTest {
    private static final PeerId SELF = new PeerId("a", "store-a", 3);
    private static final PeerId OTHER = new PeerId("b", "store-b", 7);

    private final Admission admission = new Admission(new LocalPeer(SELF, "a:1"), "east");

    @Test
    void takesANodeOfTheSameClusterAndOneOfNone() {
        assertThat(judge("east", OTHER)).isNull();
        assertThat(judge("", OTHER)).isNull();
        assertThat(new Admission(new LocalPeer(SELF, "a:1"), "").judge(introduction("west", OTHER), null))
                .isNull();
    }

    @Test
    void refusesANodeOfAnotherClusterAndNamesBoth() {
        Refusal refusal = judge("west", OTHER);
        assertThat(refusal).isNotNull().extracting(Refusal::reason).isEqualTo(Reason.CLUSTER);
        assertThat(refusal.text()).contains("west").contains("east");
    }

    @Test
    void refusesAStrangerThatBelongsToNoClusterYetAndCoordinatesElsewhere() {
        Admission here = new Admission(new LocalPeer(SELF, "a:1", Protocol.VERSION, "ours/demo-ring"), "east");
        Refusal refusal = here.judge(fresh("theirs/demo-ring"), null);
        assertThat(refusal).isNotNull().extracting(Refusal::reason).isEqualTo(Reason.CLUSTER);
        assertThat(refusal.text()).contains("ours/demo-ring").contains("theirs/demo-ring");
        assertThat(here.judge(fresh("ours/demo-ring"), null)).isNull();
        assertThat(here.judge(fresh(""), null)).as("a build that does not tell").isNull();
        assertThat(admission.judge(fresh("theirs/demo-ring"), null))
                .as("a place without a name")
                .isNull();
    }

    private static Introduction fresh(String place) {
        return new Introduction(Protocol.VERSION, "", OTHER, "b:1", place);
    }

    @Test
    void refusesOtherClustersOnceItBelongsToOneItself() {
        Admission late = new Admission(new LocalPeer(SELF, "a:1"), "");
        late.clusterId("east");
        assertThat(late.judgeCluster(introduction("west", OTHER))).isNotNull();
        assertThat(late.judgeCluster(introduction("east", OTHER))).isNull();
    }

    @Test
    void refusesAVersionThatIsTooOldAndTakesANewerOne() {
        Refusal refusal = admission.judge(new Introduction(Protocol.OLDEST - 1, "east", OTHER, "b:1", ""), null);
        assertThat(refusal).isNotNull().extracting(Refusal::reason).isEqualTo(Reason.VERSION);
        assertThat(admission.judge(new Introduction(Protocol.VERSION + 1, "east", OTHER, "b:1", ""), null))
                .isNull();
    }

    @Test
    void recognisesItselfAndItsNamesakes() {
        assertThat(judge("east", SELF)).isNotNull().extracting(Refusal::reason).isEqualTo(Reason.SELF);
        assertThat(judge("east", new PeerId("a", "store-x", 3)))
                .isNotNull()
                .extracting(Refusal::reason)
                .isEqualTo(Reason.NAME);
        assertThat(judge("east", new PeerId("a", "store-a", 2)))
                .isNotNull()
                .extracting(Refusal::reason)
                .isEqualTo(Reason.NAME);
    }

    @Test
    void refusesAnOlderProcessOfAStoreThanItHasSeen() {
        admission.seen(OTHER);
        assertThat(judge("east", new PeerId("b", "store-b", 6)))
                .isNotNull()
                .extracting(Refusal::reason)
                .isEqualTo(Reason.BOOT);
        assertThat(judge("east", OTHER)).isNull();
        assertThat(judge("east", new PeerId("b", "store-b", 8))).isNull();
    }

    @Test
    void takesANodeThatLostItsDiskOnceItsPredecessorIsGone() {
        admission.seen(OTHER);
        PeerId wiped = new PeerId("b", "store-new", 1);
        assertThat(admission.judge(introduction("", wiped), OTHER))
                .isNotNull()
                .extracting(Refusal::reason)
                .isEqualTo(Reason.NAME);
        assertThat(judge("", wiped)).isNull();
    }

    private @Nullable Refusal judge(String clusterId, PeerId id) {
        return admission.judge(introduction(clusterId, id), null);
    }

    private static Introduction introduction(String clusterId, PeerId id) {
        return new Introduction(Protocol.VERSION, clusterId, id, "host:1", "");
    }
}
