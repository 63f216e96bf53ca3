package dev.kvstore.core.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kvstore.core.data.Bytes;
import dev.kvstore.core.data.Change;
import dev.kvstore.core.data.Condition;
import dev.kvstore.core.data.Entry;
import dev.kvstore.core.data.EntryId;
import dev.kvstore.core.data.Operation;
import dev.kvstore.core.data.Outcome;
import dev.kvstore.core.message.Message.Append;
import dev.kvstore.core.message.PeerId;
import dev.kvstore.core.replication.Request;
import dev.kvstore.core.ring.Assignment;
import dev.kvstore.core.ring.Ring;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class EarlyTest {
    private static final PeerId PRIMARY = new PeerId("b", "store", 1);

    private final List<Append> received = new ArrayList<>();
    private final List<String> told = new ArrayList<>();
    private boolean reigns;

    @Test
    void appendOfAnEpochToComeIsTakenUpWithItsRing() {
        Early early = new Early(1_000);
        early.append(PRIMARY, append(7, 10));
        early.append(PRIMARY, append(7, 20));
        early.append(PRIMARY, append(6, 30));

        become(early, 6);
        assertThat(received).isEmpty();
        become(early, 7);
        assertThat(received).containsExactly(append(7, 20));
        become(early, 8);
        assertThat(received).hasSize(1);
    }

    @Test
    void appendAboveTheBoundIsLost() {
        Early early = new Early(100);
        early.append(PRIMARY, append(7, 1_000));

        become(early, 7);
        assertThat(received).isEmpty();
    }

    @Test
    void operationWaitsForTheRingThatMakesThisMemberThePrimary() {
        Early early = new Early(0);
        early.forward(0, request(), 0);

        reigns = true;
        become(early, 7);
        assertThat(told).containsExactly("submitted");
        become(early, 8);
        assertThat(told).hasSize(1);
    }

    @Test
    void operationIsGivenBackWhenTheRingNamesAnotherOrDoesNotComeInTime() {
        Early early = new Early(0);
        early.forward(0, request(), 0);
        become(early, 7);
        assertThat(told).containsExactly("not appended");

        early.forward(0, request(), 1_000);
        early.tick(1_099);
        assertThat(told).hasSize(1);
        early.tick(1_100);
        early.tick(1_200);
        assertThat(told).containsExactly("not appended", "not appended");
    }

    private void become(Early early, long epoch) {
        Assignment assignment = new Assignment(epoch, "b", 1, List.of("a", "b"), List.of("a", "b"), false, 0);
        early.ringChanged(
                new Ring("id", epoch, List.of(), List.of(assignment)),
                (from, append) -> received.add(append),
                (partition, request) -> {
                    if (reigns) {
                        told.add("submitted");
                    }
                    return reigns;
                });
    }

    private static Append append(long epoch, int valueBytes) {
        Change change = new Change.Put(Bytes.utf8("k"), Bytes.utf8("v".repeat(valueBytes)), 0);
        return new Append(
                0, epoch, 1, new EntryId(1, 1, 1), List.of(new Entry(new EntryId(epoch, 1, 2), change)), 1, 1);
    }

    private Request request() {
        Operation put = new Operation.Put(Bytes.utf8("k"), Bytes.EMPTY, 0, Condition.ALWAYS);
        return new Request(put, 10_000, new Request.Origin() {
            @Override
            public void answered(Outcome outcome) {
                told.add("answered");
            }

            @Override
            public void notAppended() {
                told.add("not appended");
            }
        });
    }
}
