package dev.kvstore.core.mutants;

import dev.kvstore.core.mutants.Mutant.Edit;
import java.util.List;

/** The bugs that the simulator must find: the ones that the protocol's rules are there to prevent. */
final class Mutants {
    private static final String COPY = "replication/Copy.java";
    private static final String UNDECIDED = "replication/Undecided.java";
    private static final String EVALUATION = "replication/Evaluation.java";
    private static final String FOLLOWER = "replication/Follower.java";
    private static final String LEASES = "replication/Leases.java";
    private static final String OUTFLOW = "replication/Outflow.java";
    private static final String PLAN = "leader/Plan.java";
    private static final String REIGN = "replication/Reign.java";
    private static final String REPLICA = "replication/Replica.java";
    private static final String RULES = "ring/RingRules.java";

    private Mutants() {}

    static List<Mutant> all() {
        return List.of(WRITES, LEASE, TAKEOVER, MEMBERSHIP, LOG, OPERATIONS).stream()
                .flatMap(List::stream)
                .toList();
    }

    private static final List<Mutant> WRITES = List.of(
            Mutant.of(
                    "a replica acknowledges before it has synced",
                    0,
                    FOLLOWER,
                    "if (copy.durableSeq() >= seq) {",
                    "if (copy.log().lastSeq() >= seq) {"),
            Mutant.of(
                    "the primary commits before it has synced itself",
                    0,
                    REIGN,
                    "Math.min(copy.durableSeq(), outflow.matchedBy(needed))",
                    "Math.min(copy.log().lastSeq(), outflow.matchedBy(needed))"),
            Mutant.of(
                    "entries are applied before they are committed",
                    0,
                    COPY,
                    "long to = Math.min(commitSeq, durableSeq);",
                    "long to = durableSeq;"),
            Mutant.of(
                    "an acknowledgement of an old epoch counts",
                    136,
                    OUTFLOW,
                    "|| ack.epoch() != epoch || ack.boot() != host.boot() || ack.stream() != peer.stream",
                    "|| ack.boot() != host.boot()"),
            Mutant.of(
                    "an acknowledgement to an older process of the primary counts",
                    142,
                    OUTFLOW,
                    "|| ack.boot() != host.boot() || ack.stream() != peer.stream",
                    ""),
            Mutant.of(
                    "the primary stops waiting for a silent member by itself",
                    1,
                    REIGN,
                    "outflow.matchedBy(needed)",
                    "outflow.matchedBy(needed.stream().filter(host::hears).toList())"));

    private static final List<Mutant> LEASE = List.of(
            Mutant.of(
                    "reads without a lease",
                    2,
                    REIGN,
                    "if (!leaseOf(member)) {",
                    "if (outflow.peer(member) == null) {"),
            Mutant.of(
                    "a lease acknowledged under a newer ring counts",
                    410,
                    LEASES,
                    "if (pending == null || ringVersion > ownVersion) {",
                    "if (pending == null) {"),
            Mutant.of(
                    "a lease is counted from the receipt of its acknowledgement",
                    281,
                    new Edit(
                            LEASES,
                            "long id, long ringVersion, long ownVersion)",
                            "long id, long ringVersion, long ownVersion, long nowMs)"),
                    new Edit(LEASES, "new Held(each.atMs(), ", "new Held(nowMs, "),
                    new Edit(
                            "node/Heartbeats.java",
                            "heartbeat.ringVersion(), ring.version());",
                            "heartbeat.ringVersion(), ring.version(), nowMs);")),
            Mutant.of(
                    "a learner that is waited for in commits is not in the lease",
                    139,
                    REIGN,
                    "for (String member : needed) { if (!leaseOf(member)) {",
                    "for (String member : needed) { if (assignment.isInSync(member) && !leaseOf(member)) {"));

    private static final List<Mutant> TAKEOVER = List.of(
            Mutant.of(
                    "the grace is skipped",
                    1,
                    REIGN,
                    "if (phase == Phase.GRACE && host.now().monoMs() >= host.leases().graceEndsMs(partition)) {",
                    "if (phase == Phase.GRACE) {"),
            Mutant.of(
                    "the grace after a start is skipped",
                    109,
                    LEASES,
                    "long ends = startMs + graceMs;",
                    "long ends = startMs;"),
            Mutant.of(
                    "a word of having stopped another reign spares the grace",
                    812,
                    new Edit(REPLICA, "if (stoppedSince == now.since()) {", "if (stoppedSince >= 0) {"),
                    new Edit(
                            REPLICA,
                            "if (current != null && current.since() == stopped.since()) {",
                            "if (current != null) {")),
            Mutant.of(
                    "serves before the takeover is complete",
                    14,
                    REIGN,
                    "if (copy.appliedSeq() >= takeoverSeq) {",
                    "if (takeoverSeq > 0) {"));

    private static final List<Mutant> MEMBERSHIP = List.of(
            Mutant.of(
                    "a member that is not in sync is promoted",
                    6,
                    new Edit(PLAN, "String next = preferred(assignment, candidates);", """
                            List<String> any = new ArrayList<>(assignment.replicas());
                            any.removeIf(member -> !reports.containsKey(member));
                            any.addAll(candidates);
                            String next = any.getFirst();
                            if (!inSync.contains(next)) {
                                inSync = new ArrayList<>(inSync);
                                inSync.add(next);
                            }
                            """),
                    new Edit(
                            RULES,
                            "require(old.isInSync(now.primary()), name + \"the new primary was not in sync\");",
                            ""),
                    new Edit(RULES, "joined(name, number, old, member);", "")),
            Mutant.of(
                    "members ignore that another's store id has changed",
                    2,
                    "ring/Ring.java",
                    "return member != null && member.storeId().equals(storeId);",
                    "return member != null;"),
            Mutant.of(
                    "the leader ignores that a store id has changed",
                    8,
                    new Edit(
                            PLAN,
                            "if (!sighting.id().storeId().equals(member.storeId())) {",
                            "if (sighting.id().storeId().isEmpty()) {"),
                    new Edit(
                            RULES,
                            "require(sameStore(member), name + member + \" is in sync with another store\");",
                            "")),
            Mutant.of(
                    "a learner joins the in-sync members before commits wait for it",
                    2,
                    REIGN,
                    "if (joining != null && !members.contains(joining.member())) {",
                    "if (joining != null && members.contains(joining.member())) {"),
            Mutant.of(
                    "a learner joins before it has every committed entry",
                    9,
                    REIGN,
                    "} else if (joiner.counted() >= copy.commitSeq()) {",
                    "} else {"),
            Mutant.of(
                    "a member that has stopped reigns again when a ring comes", 301_548, REPLICA, "ended = true;", ""),
            Mutant.of(
                    "a restart forgets the learner that was waited for",
                    25,
                    REPLICA,
                    "stillJoining ? foundJoining : null);",
                    "null);"),
            Mutant.of(
                    "a lost ring is put back before all have answered",
                    19,
                    new Edit(
                            "leader/Leader.java",
                            "if (!missing.isEmpty() && !wanted.unsafeRestore()) {",
                            "if (missing.isEmpty() && wanted.unsafeRestore()) {"),
                    new Edit("leader/Leader.java", "|| nowMs < askedSinceMs) {", ") {")));

    private static final List<Mutant> LOG = List.of(
            Mutant.of(
                    "a diverging log is not cut",
                    1,
                    FOLLOWER,
                    "if (log.idAt(entry.seq()).equals(entry.id())) {",
                    "if (log.idAt(entry.seq()).seq() == entry.seq()) {"),
            Mutant.of(
                    "a late Append cuts entries that match",
                    39,
                    FOLLOWER,
                    "if (log.idAt(entry.seq()).equals(entry.id())) { continue; }",
                    "if (entry.seq() <= copy.applyingSeq() && log.idAt(entry.seq()).equals(entry.id())) { continue; }"),
            Mutant.of(
                    "a replica acknowledges more than the message verified",
                    15,
                    FOLLOWER,
                    "acknowledge(from, append, seq);",
                    "acknowledge(from, append, log.lastSeq());"),
            Mutant.of(
                    "a replica applies beyond what an Append of the epoch verified",
                    1,
                    FOLLOWER,
                    "copy.commitTo(Math.min(append.commitSeq(), verifiedSeq));",
                    "copy.commitTo(append.commitSeq());"),
            Mutant.of(
                    "a commit sequence is taken under any epoch",
                    15,
                    FOLLOWER,
                    "copy.commitTo(Math.min(seq, verifiedSeq));",
                    "copy.commitTo(Math.min(seq, copy.log().lastSeq()));"),
            Mutant.of(
                    "an older process of the primary is believed",
                    640,
                    new Edit(
                            FOLLOWER,
                            "return epoch == verifiedEpoch && from.boot() < verifiedBoot;",
                            "return epoch < verifiedEpoch;"),
                    new Edit("leader/Sightings.java", "&& from.boot() >= last.id().boot());", "&& from.boot() >= 0);")),
            Mutant.of(
                    "an entry's identity lacks the boot",
                    44,
                    REIGN,
                    "new EntryId(assignment.epoch(), host.boot(), copy.log().lastSeq() + 1)",
                    "new EntryId(assignment.epoch(), 1, copy.log().lastSeq() + 1)"),
            Mutant.of(
                    "a late part of a snapshot begins it anew",
                    62,
                    FOLLOWER,
                    "if (part.request() != wanted || (inSync && !copy.incomplete())) {",
                    "if (inSync && !copy.incomplete()) {"),
            Mutant.of(
                    "a snapshot is installed before its beginning is on disk",
                    0,
                    FOLLOWER,
                    "if (current.early == null) { write(part, current);",
                    "if (current.received > 0) { write(part, current);"),
            Mutant.of(
                    "a copy with half a snapshot takes entries",
                    11,
                    FOLLOWER,
                    "if (copy.incomplete()) { nack(from, append); return; }",
                    ""));

    private static final List<Mutant> OPERATIONS = List.of(
            Mutant.of(
                    "a condition is evaluated without the entries in flight",
                    0,
                    EVALUATION,
                    "inFlight.put(key, new InFlight(seq, result.apply(seq)));",
                    ""),
            Mutant.of(
                    "an operation without effect is answered before what it saw is committed",
                    0,
                    EVALUATION,
                    "if (next.seq() <= committed) {",
                    "if (next.seq() <= Long.MAX_VALUE) {"),
            Mutant.of(
                    "an operation without effect is answered without a lease",
                    139,
                    EVALUATION,
                    "if ((unchanged.isEmpty() && leaseless.isEmpty()) || !reign.leaseHolds()) {",
                    "if (unchanged.isEmpty() && (leaseless.isEmpty() || !reign.leaseHolds())) {"),
            Mutant.of(
                    "a read leaves out what is committed and not yet applied",
                    0,
                    EVALUATION,
                    "if (newest != null) { evaluate(get.key(), request, newest);",
                    "if (newest != null && newest.seq() > copy.commitSeq()) { evaluate(get.key(), request, newest);"),
            Mutant.of(
                    "a list leaves out what is committed and not yet applied",
                    0,
                    EVALUATION,
                    "scanning.add(new Scanning(copy.commitSeq(), request, scan));",
                    "scanning.add(new Scanning(0, request, scan));"),
            Mutant.of(
                    "a write that may have been appended is forwarded again",
                    7,
                    "node/Router.java",
                    "if (handed && call.operation.writes()) {",
                    "if (handed && call.attempt == 0) {"),
            Mutant.of(
                    "a write of a reign that has ended is answered before its place is committed",
                    9,
                    UNDECIDED,
                    "writes.getFirst().id().seq() <= copy.commitSeq()",
                    "writes.getFirst().id().seq() <= copy.log().lastSeq()"),
            Mutant.of(
                    "whatever is committed in the place of such a write is taken for it",
                    59,
                    UNDECIDED,
                    "if (copy.log().contains(first.id())) {",
                    "if (copy.log().contains(first.id()) || first.id().seq() > copy.log().base().seq()) {"));
}
