package dev.kvstore.core.replication;

import dev.kvstore.core.data.Bytes;
import dev.kvstore.core.data.Operation;
import dev.kvstore.core.data.Outcome;
import dev.kvstore.core.data.Stored;
import dev.kvstore.core.io.Effect;
import dev.kvstore.core.io.Settings;
import dev.kvstore.core.io.Time;
import dev.kvstore.core.message.Message;
import dev.kvstore.core.ring.Ring;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What a partition's replica needs of the member that it lives in. Everything runs on the member's one event loop. */
public interface Host {
    /** This member's name. */
    String self();

    /** The number of this start. */
    long boot();

    Settings settings();

    Time now();

    /** The ring that the member acts on; replicas exist only while there is one. */
    Ring ring();

    Leases leases();

    /** Whether the ring names this member with the store that it has. If not, the member takes no part. */
    boolean recognised();

    /** Another member acts on another ring than I: the two should exchange theirs. */
    void disagreed(String member);

    /** Since when the member has turned without a gap, in monotonic milliseconds; silence before that means nothing. */
    long attentiveSinceMs();

    /** Whether the member was heard of within the failure time, and has not said goodbye. */
    boolean hears(String member);

    /** The member has taken long to acknowledge. */
    void slow(String member);

    /** Whether the member has been heard, and was never slow, for a while. */
    boolean isSteady(String member);

    /** Whether it is another member, is heard, is not about to stop itself and has a disk that takes writes. */
    boolean couldReign(String other);

    /** Whether anybody leads, who could change the ring. */
    boolean led();

    /** Whether the member's disk takes no writes of clients at present. */
    boolean diskRefuses();

    /** Whether it takes no writes at all, not even the few bytes that the member itself must remember. */
    boolean diskFails();

    /** Whether the member is about to stop. */
    boolean draining();

    /** Writes are refused below this number of in-sync members. */
    int minInSync();

    void send(String to, Message message);

    /** Writes and syncs; {@code then} runs when it is on disk. Everything that was handed over before is on disk by then too. */
    void persist(Effect.Write write, Runnable then);

    /** Has an effect carried out. */
    void effect(Effect effect);

    /** The partition has changed: its replica is flushed at the end of the turn. */
    void touched(int partition);

    /** A number that was not used since the member started. */
    long nextId();

    /** Has a key looked up; {@code then} gets null when it is absent. */
    void lookup(int partition, Bytes key, Consumer<@Nullable Stored> then);

    /** Has keys read. */
    void scan(Operation.Scan scan, Consumer<Outcome.Page> then);

    /** Whether one of the few snapshots that a member sends at a time is free. */
    boolean snapshotFree();

    /** Takes one of them; when there is none the partition is touched as soon as its turn has come. */
    boolean beginSnapshot(int partition);

    /** Gives a snapshot back. */
    void endSnapshot();

    /** Whether more of snapshots may be read now, by the bytes that were sent of late. */
    boolean mayTransfer();

    /** Bytes of a snapshot were sent. */
    void transferred(long bytes);

    /** Asks for one of the few balancing hand-overs that a member has under way at a time. */
    boolean beginHandOver();

    /** Gives a hand-over back. */
    void endHandOver();

    /** The member's report to the leader may have changed. */
    void reportChanged();
}
