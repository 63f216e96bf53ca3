package dev.kvstore.core.io;

import dev.kvstore.core.data.Bytes;
import dev.kvstore.core.data.Entry;
import dev.kvstore.core.data.EntryId;
import dev.kvstore.core.data.Operation;
import dev.kvstore.core.data.Outcome;
import dev.kvstore.core.data.Stored;
import dev.kvstore.core.message.Message;
import dev.kvstore.core.message.PeerId;
import dev.kvstore.core.ring.Desired;
import dev.kvstore.core.ring.Ring;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the core is told. */
public sealed interface Input {
    /** Time has passed. Comes at least every 50 ms, so that nothing waits for other inputs. */
    record Tick() implements Input {}

    /** A message arrived. */
    record Received(PeerId from, Message message) implements Input {}

    /** A member of this name has answered a handshake; the core then talks to it. */
    record PeerSeen(String name) implements Input {}

    /** A connection to the member was refused: no process listens there. */
    record PeerRefused(String name) implements Input {}

    /**
     * A client asks for an operation. It is answered by one {@link Effect.Reply} with the same id.
     *
     * @param deadlineMs monotonic time by which it must be answered
     */
    record Client(long id, Operation operation, long deadlineMs) implements Input {}

    /**
     * A forwarded operation was not answered and cannot be any more.
     *
     * @param handed whether any of it may have reached the other member
     */
    record Undelivered(long attempt, boolean handed) implements Input {}

    /** Every {@link Effect.Persist} up to this id is on disk and synced. */
    record Persisted(long id) implements Input {}

    /** Every {@link Effect.Apply} of the partition up to this sequence is visible to look-ups. */
    record Applied(int partition, long seq) implements Input {}

    /** The answer to {@link Effect.Lookup}; null when the key is absent. */
    record LookedUp(long id, @Nullable Stored stored) implements Input {}

    /** The answer to {@link Effect.ScanRange}, expired keys included. */
    record Scanned(long id, Outcome.Page page) implements Input {}

    /** The answer to {@link Effect.FindExpired}. */
    record ExpiredFound(int partition, List<Bytes> keys) implements Input {}

    /** The answer to {@link Effect.ReadLog}: entries from {@code fromSeq} on without a gap; empty when it cannot be read. */
    record LogRead(int partition, String forPeer, long fromSeq, List<Entry> entries) implements Input {}

    /** The answer to {@link Effect.OpenSnapshot}: the snapshot contains the entries up to {@code at}. */
    record SnapshotOpened(int partition, long snapshotId, EntryId at) implements Input {}

    /** The answer to {@link Effect.ReadSnapshot}. */
    record SnapshotRead(int partition, long snapshotId, int index, Bytes data, boolean last) implements Input {}

    /** {@link Effect.InstallPart} was carried out; after the last part the whole snapshot is in the state and synced. */
    record PartInstalled(int partition, long install, int index) implements Input {}

    /** A snapshot cannot be installed, and nothing of it is in the state: a part is damaged, or the disk does not take it. */
    record InstallRefused(int partition, long install, String why) implements Input {}

    /**
     * What the register of the ring holds, or did a moment ago. Comes at the start, at every change, and after every unknown
     * outcome of a compare-and-set. The last one to come tells of the last change.
     *
     * @param token names this state of the register in a compare-and-set
     * @param ring null when the register is empty
     */
    record RegisterRead(String token, @Nullable Ring ring) implements Input {}

    /** How a compare-and-set of the register ended. */
    record Proposed(long proposal, Result result, String token) implements Input {
        /** Outcome of a compare-and-set. */
        public enum Result {
            /** The register holds the new ring, and {@code token} names that state. */
            WON,
            /** It does not and never will by this attempt; a {@link RegisterRead} follows. */
            LOST,
            /** Nobody knows; a {@link RegisterRead} of a later state follows. */
            UNKNOWN
        }
    }

    /** Who holds the leader's Lease, as far as known. */
    record LeaderIs(@Nullable String name) implements Input {}

    /** What the cluster should be. */
    record DesiredIs(Desired desired) implements Input {}

    /** Which writes the disk does not take, for want of room or by failure. */
    record DiskRefuses(What what) implements Input {
        /** What is refused. */
        public enum What {
            NOTHING,
            /** The little room that is left is for what the member itself must remember. */
            CLIENTS,
            EVERYTHING
        }

        /** Whether it refuses anything. */
        public boolean refuses() {
            return what != What.NOTHING;
        }
    }

    /** The member is to stop: hand its primaries over, say goodbye; answered by {@link Effect.Drained}. */
    record Drain(long deadlineMs) implements Input {}
}
