package dev.kvstore.node.transport.codec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kvstore.core.data.Bytes;
import dev.kvstore.core.data.Change;
import dev.kvstore.core.data.Condition;
import dev.kvstore.core.data.Entry;
import dev.kvstore.core.data.EntryId;
import dev.kvstore.core.data.Operation;
import dev.kvstore.core.data.Outcome;
import dev.kvstore.core.data.Stored;
import dev.kvstore.core.message.Message;
import dev.kvstore.core.message.Report;
import dev.kvstore.core.ring.Assignment;
import dev.kvstore.core.ring.JoinRequest;
import dev.kvstore.core.ring.Member;
import dev.kvstore.core.ring.Ring;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Messages as they were recorded when their version was the present one. A change of a layout is a new version: its recording
 * comes beside the old one, which has to stay true.
 */
class RecordedMessagesTest {
    private static final Bytes KEY = Bytes.utf8("key");
    private static final Bytes VALUE = Bytes.utf8("value");
    private static final EntryId AT = new EntryId(4, 3, 300);

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void everyMessageIsWrittenAndReadAsItWasRecorded(int version) throws Exception {
        List<String> recorded = recording(version);
        List<Message> messages = messages();
        MessageCodec codec = new MessageCodec();
        List<String> written = new ArrayList<>();
        for (Message message : messages) {
            ByteBuf out = Unpooled.buffer();
            codec.write(out, message, version);
            written.add(MessageType.of(message) + " " + ByteBufUtil.hexDump(out));
        }
        assertThat(String.join("\n", written)).isEqualTo(String.join("\n", recorded));
        for (int i = 0; i < messages.size(); i++) {
            String hex = recorded.get(i).split(" ", 2)[1];
            ByteBuf in = Unpooled.wrappedBuffer(HexFormat.of().parseHex(hex));
            assertThat(MessageCodec.read(in, version)).isEqualTo(messages.get(i));
        }
        assertThat(messages.stream().map(MessageType::of)).contains(MessageType.values());
    }

    private static List<String> recording(int version) throws IOException {
        String resource = "/formats/messages-" + version + ".txt";
        try (InputStream in = Objects.requireNonNull(RecordedMessagesTest.class.getResourceAsStream(resource))) {
            return new String(in.readAllBytes(), StandardCharsets.US_ASCII)
                    .lines()
                    .toList();
        }
    }

    private static List<Message> messages() {
        List<Message> messages = new ArrayList<>(List.of(
                heartbeat(),
                new Message.Goodbye(),
                new Message.RingOffer(ring()),
                new Message.Append(7, 4, 1_000, AT, entries(), 299, 200),
                new Message.Ack(7, 4, 3, 1_000, 303),
                new Message.Nack(7, 4, 3, AT, EntryId.ZERO, true, 1L << 60),
                new Message.SnapshotPart(7, 4, 1L << 60, 2, AT, VALUE, true),
                new Message.SnapshotAck(7, 4, 3, 1L << 60, -1),
                new Message.Stopped(7, 12),
                new Message.NotAppended(5, 12)));
        operations().forEach(operation -> messages.add(new Message.Forward(5, operation, 1_500)));
        outcomes().forEach(outcome -> messages.add(new Message.Forwarded(5, outcome)));
        return messages;
    }

    private static Message heartbeat() {
        return new Message.Heartbeat(
                9,
                8,
                true,
                "cluster-1",
                12,
                0x1234_5678,
                false,
                "pod-1",
                "a:8001",
                "a:18001",
                "east",
                List.of(new Message.Commit(7, 4, 303)),
                new Report(
                        List.of(new JoinRequest(7, 4, "node2", "store-2")),
                        List.of(new Report.Accusation(8, 5, "node3")),
                        List.of(new Report.HandOver(9, 6, "node2")),
                        List.of(new Report.Gone(10, 2)),
                        true,
                        false));
    }

    private static Ring ring() {
        return new Ring(
                "cluster-1",
                12,
                List.of(
                        new Member("node1", "store-1", 3, "pod-1", "a:8001", "a:18001", "east", false),
                        new Member("node2", "store-2", 1, "", "b:8001", "b:18001", "", true)),
                List.of(
                        new Assignment(4, "node1", 2, List.of("node1"), List.of("node1", "node2"), false, 0),
                        new Assignment(5, "node2", 3, List.of("node2"), List.of("node2", "node1"), true, 1)));
    }

    private static List<Entry> entries() {
        return List.of(
                new Entry(new EntryId(4, 3, 301), new Change.Put(KEY, VALUE, 5_000)),
                new Entry(new EntryId(4, 3, 302), new Change.Delete(KEY)),
                new Entry(new EntryId(4, 3, 303), new Change.Noop()));
    }

    private static List<Operation> operations() {
        return List.of(
                new Operation.Get(KEY, true),
                new Operation.Put(KEY, VALUE, 30_000, new Condition.Always()),
                new Operation.Put(KEY, VALUE, 0, new Condition.IfAbsent()),
                new Operation.Delete(KEY, new Condition.IfVersion(300)),
                new Operation.Expire(KEY),
                new Operation.Scan(7, KEY, KEY, 100, true),
                new Operation.Scan(7, Bytes.EMPTY, null, 1, false));
    }

    private static List<Outcome> outcomes() {
        Stored stored = new Stored(VALUE, 300, 5_000);
        List<Outcome> outcomes = new ArrayList<>(List.of(
                new Outcome.Found(stored),
                new Outcome.NotFound(),
                new Outcome.Written(301, true),
                new Outcome.Deleted(302),
                new Outcome.ConditionFailed(300),
                new Outcome.Page(List.of(new Outcome.Item(KEY, stored)), true)));
        for (Outcome.Failure failure : Outcome.Failure.values()) {
            outcomes.add(Outcome.failed(failure));
        }
        return outcomes;
    }
}
