package dev.kvstore.core.replication;

import dev.kvstore.core.io.Effect.Joining;
import dev.kvstore.core.message.Report;
import dev.kvstore.core.ring.JoinRequest;
import java.util.ArrayList;
import java.util.List;

/** Gathers what a member's partitions want of the leader. */
public final class PartitionReport {
    private final List<JoinRequest> joins = new ArrayList<>();
    private final List<Report.Accusation> accusations = new ArrayList<>();
    private final List<Report.HandOver> handOvers = new ArrayList<>();
    private final List<Report.Gone> gone = new ArrayList<>();

    void join(int partition, Joining joining) {
        joins.add(new JoinRequest(partition, joining.epoch(), joining.member(), joining.storeId()));
    }

    void accuse(int partition, long epoch, String member) {
        accusations.add(new Report.Accusation(partition, epoch, member));
    }

    void handOver(int partition, long epoch, String successor) {
        handOvers.add(new Report.HandOver(partition, epoch, successor));
    }

    void gone(int partition, long epoch) {
        gone.add(new Report.Gone(partition, epoch));
    }

    /** The whole report. */
    public Report build(boolean cannotWrite, boolean draining) {
        return new Report(
                List.copyOf(joins),
                List.copyOf(accusations),
                List.copyOf(handOvers),
                List.copyOf(gone),
                cannotWrite,
                draining);
    }
}
