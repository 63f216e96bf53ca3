package dev.kvstore.core.node;

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
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A primary, n1, that has one learner, n2, whose messages are written by hand; on virtual time. */
final class PrimaryWithLearner {
    private static final PeerId LEARNER = new PeerId("n2", "store-n2", 1);
    private static final Ring RING = new Ring(
            "cluster",
            1,
            List.of(member("n1"), member("n2")),
            List.of(new Assignment(1, "n1", 1, List.of("n1"), List.of("n1", "n2"), false, 0)));

    private final List<Effect> effects = new ArrayList<>();
    private final NodeCore primary = new NodeCore(
            new Self("n1", "", "n1:1", "n1:2", ""),
            Settings.DEFAULT,
            new Recovered("store-n1", 1, "cluster", RING, Map.of()),
            "nonce",
            new Time(0, 0));
    private long nowMs;
    private long heartbeats;
    private Report learnersReport = Report.NONE;

    /** The primary serves. */
    PrimaryWithLearner() {
        for (int i = 0; i < 20; i++) {
            pass(100);
        }
    }

    private static Member member(String name) {
        return new Member(name, "store-" + name, 1, "", name + ":1", name + ":2", "", false);
    }

    List<Message.Append> appends() {
        return all(Effect.Send.class).stream()
                .filter(send -> send.message() instanceof Message.Append)
                .map(send -> (Message.Append) send.message())
                .toList();
    }

    /** What it has asked for and sent so far. */
    <T extends Effect> List<T> all(Class<T> kind) {
        return effects.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    /** Time passes in which the learner is heard. */
    void pass(long ms) {
        nowMs += ms;
        say(new Message.Heartbeat(
                ++heartbeats,
                0,
                false,
                "cluster",
                1,
                RING.contentHash(),
                false,
                "",
                "n2:1",
                "n2:2",
                "",
                List.of(),
                learnersReport));
        input(new Input.Tick());
    }

    /** What the learner wants of the leader, from its next heartbeat on. */
    void learnerReports(Report report) {
        learnersReport = report;
    }

    void say(Message message) {
        input(new Input.Received(LEARNER, message));
    }

    /** Takes an input in, and carries out what disk and state are asked for. */
    void input(Input first) {
        ArrayDeque<Input> inputs = new ArrayDeque<>(List.of(first));
        while (!inputs.isEmpty()) {
            for (Effect effect : primary.on(List.of(inputs.removeFirst()), new Time(nowMs, nowMs))) {
                effects.add(effect);
                if (effect instanceof Effect.Persist persist) {
                    inputs.add(new Input.Persisted(persist.id()));
                } else if (effect instanceof Effect.Lookup lookup) {
                    inputs.add(new Input.LookedUp(lookup.id(), null));
                } else if (effect instanceof Effect.Apply apply) {
                    inputs.add(new Input.Applied(
                            apply.partition(), apply.entries().getLast().seq()));
                }
            }
        }
    }
}
