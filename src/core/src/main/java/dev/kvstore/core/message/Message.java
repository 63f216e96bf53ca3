package dev.kvstore.core.message;

import dev.kvstore.core.data.Bytes;
import dev.kvstore.core.data.Entry;
import dev.kvstore.core.data.EntryId;
import dev.kvstore.core.data.Operation;
import dev.kvstore.core.data.Outcome;
import dev.kvstore.core.ring.Ring;
import java.util.List;

/**
 * What one member sends to another. Messages may be lost, late, doubled or out of order; only {@link Forward} is carried at
 * most once, which every connection gives, since a write is never sent again unless the receiver said that it did not append
 * it.
 */
public sealed interface Message {
    /**
     * A sign of life, each 200 ms to every other member.
     *
     * @param id number of this heartbeat, growing
     * @param ackOf number of the last heartbeat that was received from the addressee, 0 for none
     * @param grants whether this acknowledgement grants a read lease: only a member that the ring knows may do so
     * @param clusterId empty while the sender knows of no ring
     * @param ringVersion version of the ring that the sender acts on, 0 for none
     * @param ringHash hash of that ring's content
     * @param emptyDisk whether the sender's disk holds nothing of any cluster
     * @param instance what whoever runs the sender calls it, or empty
     * @param address where clients reach the sender
     * @param peerAddress where members reach the sender
     * @param zone the sender's zone, or empty
     * @param commits how far partitions have committed whose primary the sender is
     * @param report what the sender wants of the leader
     */
    record Heartbeat(
            long id,
            long ackOf,
            boolean grants,
            String clusterId,
            long ringVersion,
            int ringHash,
            boolean emptyDisk,
            String instance,
            String address,
            String peerAddress,
            String zone,
            List<Commit> commits,
            Report report)
            implements Message {}

    /** How far a partition has committed, under an epoch. */
    record Commit(int partition, long epoch, long seq) {}

    /** The sender has stopped serving, and will say nothing more but that it did not append what it is still forwarded. */
    record Goodbye() implements Message {}

    /** A ring that the sender read from the register, or got from one who did. */
    record RingOffer(Ring ring) implements Message {}

    /**
     * A primary's entries, possibly none.
     *
     * @param stream number of the primary's stream to this replica: another one at every start of a transfer
     * @param previous identity of the entry before the first of these
     * @param commitSeq how far the partition has committed, under this epoch
     * @param trimSeq every replica has the entries up to here
     */
    record Append(
            int partition, long epoch, long stream, EntryId previous, List<Entry> entries, long commitSeq, long trimSeq)
            implements Message {}

    /**
     * The sender has every entry up to {@code seq} on disk, as an Append of this epoch, this boot of the primary and this
     * stream verified.
     */
    record Ack(int partition, long epoch, long boot, long stream, long seq) implements Message {}

    /**
     * The previous entry of an Append did not match.
     *
     * @param last the last entry of the sender's log
     * @param applied the last entry that the sender has applied; {@link EntryId#ZERO} when that is none
     * @param incomplete whether the sender's copy is no use, so that only a snapshot helps
     * @param request the only snapshot that the sender would take is one that answers this request
     */
    record Nack(int partition, long epoch, long boot, EntryId last, EntryId applied, boolean incomplete, long request)
            implements Message {}

    /**
     * A part of a snapshot of a whole partition.
     *
     * @param request the request that it answers
     * @param index number of this part, from 0
     * @param at the entry that the snapshot contains last
     * @param data opaque to the core
     * @param last whether it is the last part
     */
    record SnapshotPart(int partition, long epoch, long request, int index, EntryId at, Bytes data, boolean last)
            implements Message {}

    /** The sender has all parts before {@code next} on disk; -1 when it does not want this snapshot. */
    record SnapshotAck(int partition, long epoch, long boot, long request, int next) implements Message {}

    /**
     * The sender has seen the ring that made the addressee primary since {@code since}, and has stopped every reign of its own
     * before.
     */
    record Stopped(int partition, long since) implements Message {}

    /** An operation for a partition whose primary the addressee is, as the sender knows. */
    record Forward(long attempt, Operation operation, long remainingMs) implements Message {}

    /** How a forwarded operation ended. */
    record Forwarded(long attempt, Outcome outcome) implements Message {}

    /** A forwarded operation was not appended and will not be; the sender may try again or elsewhere. */
    record NotAppended(long attempt, long ringVersion) implements Message {}
}
