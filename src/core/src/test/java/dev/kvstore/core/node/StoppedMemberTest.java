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
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StoppedMemberTest {
    private static final PeerId PEER = new PeerId("b", "store-b", 1);

    private final NodeCore core = new NodeCore(
            new Self("a", "", "a:8001", "a:18001", ""),
            Settings.DEFAULT,
            new Recovered("store-a", 1, "", null, Map.of()),
            "nonce",
            new Time(0, 0));

    @Test
    void answersWhatIsStillForwardedToItThatItDidNotAppendIt() {
        List<Effect> end = core.on(List.of(new Input.Drain(10_000), new Input.Tick()), new Time(1_000, 1_000));
        assertThat(end).contains(new Effect.Drained());

        Operation put = new Operation.Put(Bytes.EMPTY, Bytes.EMPTY, 0, Condition.ALWAYS);
        List<Effect> late =
                core.on(List.of(new Input.Received(PEER, new Message.Forward(7, put, 1_000))), new Time(1_100, 1_100));
        assertThat(late).containsExactly(new Effect.Send("b", new Message.NotAppended(7, 0)));
    }
}
