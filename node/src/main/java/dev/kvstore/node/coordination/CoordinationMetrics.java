package dev.kvstore.node.coordination;

import dev.kvstore.core.io.Input.Proposed.Result;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;

/** What coordination has counted since it started. May be read and counted on any thread. */
public final class CoordinationMetrics {
    private final Map<Result, LongAdder> proposals = new EnumMap<>(Result.class);
    private final LongAdder requests = new LongAdder();
    private final LongAdder failures = new LongAdder();
    private final LongAdder delays = new LongAdder();
    private final LongAdder unreadable = new LongAdder();
    private final LongAdder leasesTaken = new LongAdder();
    private final LongAdder leasesLost = new LongAdder();

    /** All at zero. */
    public CoordinationMetrics() {
        for (Result result : Result.values()) {
            proposals.put(result, new LongAdder());
        }
    }

    /** Proposals of a ring that ended so. */
    public long proposals(Result result) {
        return adder(result).sum();
    }

    /** Requests to a server that were answered. */
    public long requests() {
        return requests.sum();
    }

    /** Accesses that failed. */
    public long failures() {
        return failures.sum();
    }

    /** How often an access took longer than it should. */
    public long delays() {
        return delays.sum();
    }

    /** Documents that were found but could not be understood. */
    public long unreadable() {
        return unreadable.sum();
    }

    /** How often this node took the Lease. */
    public long leasesTaken() {
        return leasesTaken.sum();
    }

    /** How often it lost it without having given it up. */
    public long leasesLost() {
        return leasesLost.sum();
    }

    /** A proposal has ended. */
    public void countProposal(Result result) {
        adder(result).increment();
    }

    /** A server has answered a request. */
    public void countRequest() {
        requests.increment();
    }

    /** An access has failed. */
    public void countFailure() {
        failures.increment();
    }

    /** An access takes longer than it should. */
    public void countDelay() {
        delays.increment();
    }

    /** A document cannot be understood. */
    public void countUnreadable() {
        unreadable.increment();
    }

    /** This node has taken the Lease. */
    public void countLeaseTaken() {
        leasesTaken.increment();
    }

    /** This node has lost the Lease. */
    public void countLeaseLost() {
        leasesLost.increment();
    }

    private LongAdder adder(Result result) {
        return Objects.requireNonNull(proposals.get(result));
    }
}
