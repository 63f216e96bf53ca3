package dev.kvstore.core.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kvstore.core.data.Bytes;
import dev.kvstore.core.data.Condition;
import dev.kvstore.core.data.Operation;
import dev.kvstore.core.io.Effect;
import dev.kvstore.core.io.Input;
import dev.kvstore.core.io.Recovered;
import dev.kvstore.core.io.Self;
import dev.kvstore.core.io.Settings;
import dev.kvstore.core.io.Time;
import dev.kvstore.core.message.Message;
import dev.kvstore.core.message.PeerId;
import dev.kvstore.core.message.Report;
import dev.kvstore.core.ring.Assignment;
import dev.kvstore.core.ring.Member;
import dev.kvstore.core.ring.Ring;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class StoppedMemberTest {
    private static final PeerId PEER = new PeerId("b", "store-b", 1);

    private static NodeCore member(@Nullable Ring ring) {
        return new NodeCore(
                new Self("a", "", "a:8001", "a:18001", ""),
                Settings.DEFAULT,
                new Recovered("store-a", 1, ring == null ? "" : ring.clusterId(), ring, Map.of()),
                "nonce",
                new Time(0, 0));
    }

    @Test
    void answersWhatIsStillForwardedToItThatItDidNotAppendIt() {
        NodeCore core = member(null);
        List<Effect> end = core.on(List.of(new Input.Drain(10_000), new Input.Tick()), new Time(1_000, 1_000));
        assertThat(end).contains(new Effect.Drained());

        Operation put = new Operation.Put(Bytes.EMPTY, Bytes.EMPTY, 0, Condition.ALWAYS);
        List<Effect> late =
                core.on(List.of(new Input.Received(PEER, new Message.Forward(7, put, 1_000))), new Time(1_100, 1_100));
        assertThat(late).containsExactly(new Effect.Send("b", new Message.NotAppended(7, 0)));
    }

    @Test
    void staysUntilEverybodyActsOnTheRingByWhichItIsPrimaryOfNothing() {
        Ring ring = ring(5, List.of("a", "b"));
        NodeCore core = member(ring);
        core.on(List.of(new Input.Received(PEER, heartbeat(1, 4)), new Input.Drain(10_000)), new Time(100, 100));
        assertThat(core.on(List.of(new Input.Tick()), new Time(200, 200))).doesNotContain(new Effect.Drained());

        core.on(List.of(new Input.Received(PEER, heartbeat(2, 5))), new Time(300, 300));
        assertThat(core.on(List.of(new Input.Tick()), new Time(400, 400))).contains(new Effect.Drained());
    }

    @Test
    void staysUntilNoPrimaryWaitsForItAnyMore() {
        NodeCore core = member(ring(5, List.of("a", "b")));
        Input.Received follows = new Input.Received(PEER, heartbeat(1, 5));
        core.on(List.of(new Input.LeaderIs("b"), follows, new Input.Drain(10_000)), new Time(100, 100));
        assertThat(core.on(List.of(new Input.Tick()), new Time(200, 200)))
                .as("its primary waits for its acknowledgements")
                .doesNotContain(new Effect.Drained());

        Message offer = new Message.RingOffer(ring(6, List.of("b")));
        for (Effect effect : core.on(List.of(new Input.Received(PEER, offer)), new Time(300, 300))) {
            if (effect instanceof Effect.Persist persist) {
                core.on(List.of(new Input.Persisted(persist.id())), new Time(300, 300));
            }
        }
        core.on(List.of(new Input.Received(PEER, heartbeat(2, 6))), new Time(400, 400));
        assertThat(core.on(List.of(new Input.Tick()), new Time(500, 500))).contains(new Effect.Drained());
    }

    @Test
    void beginsNothingWhenARingComesThatNamesItPrimary() {
        NodeCore core = member(ring(5, List.of("b"), "b"));
        core.on(List.of(new Input.Drain(100)), new Time(100, 100));
        assertThat(core.on(List.of(new Input.Tick()), new Time(200, 200))).contains(new Effect.Drained());

        List<Effect> late = new ArrayList<>(core.on(
                List.of(new Input.RegisterRead("6", ring(6, List.of("a"), "a"))), new Time(20_000, 20_000)));
        for (Effect effect : List.copyOf(late)) {
            if (effect instanceof Effect.Persist persist) {
                late.addAll(core.on(List.of(new Input.Persisted(persist.id())), new Time(20_000, 20_000)));
            }
        }
        late.addAll(core.on(List.of(new Input.Tick()), new Time(40_000, 40_000)));
        assertThat(late)
                .as("no entry of a reign goes to its disk")
                .noneMatch(effect -> effect instanceof Effect.Persist persist
                        && persist.writes().stream().anyMatch(Effect.Write.AppendLog.class::isInstance));
    }

    /** One partition, whose primary is b. */
    private static Ring ring(long version, List<String> inSync) {
        return ring(version, inSync, "b");
    }

    private static Ring ring(long version, List<String> inSync, String primary) {
        return new Ring(
                "cluster",
                version,
                List.of(
                        new Member("a", "store-a", 1, "", "a:8001", "a:18001", "", false),
                        new Member("b", "store-b", 1, "", "b:8001", "b:18001", "", false)),
                List.of(new Assignment(version, primary, 5, inSync, List.of("b", "a"), false, 0)));
    }

    private static Message.Heartbeat heartbeat(long id, long ringVersion) {
        return new Message.Heartbeat(
                id, 0, false, "cluster", ringVersion, 0, false, "", "b:8001", "b:18001", "", List.of(), Report.NONE);
    }
}
