package dev.kvstore.node.transport.codec;

import dev.kvstore.core.data.Bytes;
import dev.kvstore.core.data.Change;
import dev.kvstore.core.data.Condition;
import dev.kvstore.core.data.Entry;
import dev.kvstore.core.data.EntryId;
import dev.kvstore.core.data.Operation;
import dev.kvstore.core.data.Outcome;
import dev.kvstore.core.data.Outcome.Failure;
import dev.kvstore.core.data.Stored;
import dev.kvstore.core.message.Message;
import dev.kvstore.core.message.Report;
import dev.kvstore.core.ring.Assignment;
import dev.kvstore.core.ring.JoinRequest;
import dev.kvstore.core.ring.Member;
import dev.kvstore.core.ring.Ring;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Draws messages of every type with contents of every kind. */
public final class RandomMessages {
    private static final List<Failure> FAILURES = List.of(Failure.values());

    private final Random random;

    public RandomMessages(long seed) {
        random = new Random(seed);
    }

    public Message message(MessageType type) {
        return switch (type) {
            case HEARTBEAT ->
                new Message.Heartbeat(
                        number(),
                        number(),
                        random.nextBoolean(),
                        text(),
                        number(),
                        random.nextInt(),
                        random.nextBoolean(),
                        text(),
                        text(),
                        text(),
                        text(),
                        list(() -> new Message.Commit(small(), number(), number())),
                        report());
            case GOODBYE -> new Message.Goodbye();
            case RING_OFFER -> new Message.RingOffer(ring());
            case APPEND -> new Message.Append(small(), number(), number(), id(), list(this::entry), number(), number());
            case ACK -> new Message.Ack(small(), number(), number(), number(), number());
            case NACK -> new Message.Nack(small(), number(), number(), id(), id(), random.nextBoolean(), number());
            case SNAPSHOT_PART ->
                new Message.SnapshotPart(small(), number(), number(), small(), id(), bytes(), random.nextBoolean());
            case SNAPSHOT_ACK -> new Message.SnapshotAck(small(), number(), number(), number(), small() - 1);
            case STOPPED -> new Message.Stopped(small(), number());
            case FORWARD -> new Message.Forward(number(), operation(), number());
            case FORWARDED -> new Message.Forwarded(number(), outcome());
            case NOT_APPENDED -> new Message.NotAppended(number(), number());
        };
    }

    /** A valid ring, as the register's format demands one. */
    public Ring ring() {
        List<Member> members = Stream.of("a", "b", "c")
                .map(name -> new Member(name, "store-" + name, 1 + small(), text(), text(), text(), text(), false))
                .toList();
        List<Assignment> partitions = Stream.generate(() -> new Assignment(
                        1 + small(), "a", 1 + small(), List.of("a", "b"), List.of("a", "b", "c"), false, small()))
                .limit(4)
                .toList();
        return new Ring("cluster", 1 + small(), members, partitions);
    }

    private Report report() {
        return new Report(
                list(() -> new JoinRequest(small(), number(), text(), text())),
                list(() -> new Report.Accusation(small(), number(), text())),
                list(() -> new Report.HandOver(small(), number(), text())),
                list(() -> new Report.Gone(small(), number())),
                random.nextBoolean(),
                random.nextBoolean());
    }

    private Entry entry() {
        Change change = switch (random.nextInt(3)) {
            case 0 -> new Change.Put(bytes(), bytes(), number());
            case 1 -> new Change.Delete(bytes());
            default -> new Change.Noop();
        };
        return new Entry(id(), change);
    }

    private Operation operation() {
        return switch (random.nextInt(6)) {
            case 0 -> new Operation.Get(bytes(), random.nextBoolean());
            case 1 -> new Operation.Put(bytes(), bytes(), number(), condition());
            case 2 -> new Operation.Delete(bytes(), condition());
            case 3 -> new Operation.Expire(bytes());
            case 4 -> new Operation.Scan(small(), bytes(), null, small(), random.nextBoolean());
            default -> new Operation.Scan(small(), bytes(), bytes(), small(), random.nextBoolean());
        };
    }

    private Condition condition() {
        return switch (random.nextInt(3)) {
            case 0 -> Condition.ALWAYS;
            case 1 -> new Condition.IfAbsent();
            default -> new Condition.IfVersion(number());
        };
    }

    private Outcome outcome() {
        return switch (random.nextInt(7)) {
            case 0 -> new Outcome.Found(stored());
            case 1 -> new Outcome.NotFound();
            case 2 -> new Outcome.Written(number(), random.nextBoolean());
            case 3 -> new Outcome.Deleted(number());
            case 4 -> new Outcome.ConditionFailed(number());
            case 5 -> new Outcome.Page(list(() -> new Outcome.Item(bytes(), stored())), random.nextBoolean());
            default -> Outcome.failed(FAILURES.get(random.nextInt(FAILURES.size())));
        };
    }

    private Stored stored() {
        return new Stored(bytes(), number(), number());
    }

    private EntryId id() {
        return new EntryId(number(), number(), number());
    }

    private <T> List<T> list(Supplier<T> element) {
        return Stream.generate(element).limit(random.nextInt(4)).toList();
    }

    /** Numbers of every length, the greatest and negative ones too. */
    private long number() {
        return random.nextLong() >> random.nextInt(64);
    }

    private int small() {
        return random.nextInt() >>> (1 + random.nextInt(31));
    }

    private String text() {
        return random.nextBoolean() ? "" : "näme-" + Integer.toHexString(random.nextInt());
    }

    private Bytes bytes() {
        byte[] array = new byte[random.nextInt(300)];
        random.nextBytes(array);
        return Bytes.wrap(array);
    }
}
