package dev.kvstore.core.leader;

import dev.kvstore.core.io.Effect;
import dev.kvstore.core.io.Effect.Notice.Level;
import dev.kvstore.core.io.Input;
import dev.kvstore.core.io.Settings;
import dev.kvstore.core.ring.Assignment;
import dev.kvstore.core.ring.Desired;
import dev.kvstore.core.ring.Member;
import dev.kvstore.core.ring.Placement;
import dev.kvstore.core.ring.Ring;
import dev.kvstore.core.ring.RingRules;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What a member does while it holds the leader's Lease: it proposes the next ring, one at a time. Safety does not rest on
 * there being one leader: every proposal is checked against the version that it replaces and wins by compare-and-set.
 */
public final class Leader {
    /** Divides the time between two changes of the ring while a primary pauses for a hand-over. */
    private static final int HASTE = 8;

    /**
     * So far above the newest ring that anybody knows is the one that is put back. The register may have held newer ones just
     * before it lost them, and the only member to hear of one be a new one, which is away by now and not wanted any more. When
     * it comes back, it must not hold another ring of the version that the others follow.
     */
    private static final int RESTORED_VERSIONS_AHEAD = 10;

    private final String self;
    private final Settings settings;
    private final Sightings sightings;
    private final Consumer<Effect> effects;
    private final String newClusterId;

    private final Targets targets = new Targets();
    private boolean holder;
    private boolean known;
    private long leadingSinceMs;
    private @Nullable Desired desired;
    private boolean registerKnown;
    private String registerToken = "";
    private @Nullable Ring registered;
    private @Nullable Ring proposed;
    private long proposals;
    private long lastProposalMs = Long.MIN_VALUE / 2;

    /** Since when the register is known to have lost the ring; -1 while it has not. */
    private long lostSinceMs = -1;

    private long outUntilMs = Long.MIN_VALUE / 2;
    private boolean strangerLed;
    private boolean minorityConfirmed;
    private String lastComplaint = "";

    /**
     * A member that does not lead yet.
     *
     * @param newClusterId names the cluster if this member writes its first ring
     */
    public Leader(String self, Settings settings, Sightings sightings, String newClusterId, Consumer<Effect> effects) {
        this.self = self;
        this.settings = settings;
        this.sightings = sightings;
        this.newClusterId = newClusterId;
        this.effects = effects;
    }

    /** What the cluster should be. */
    public void desiredIs(Desired wanted) {
        desired = wanted;
    }

    /** What the cluster should be, if it is known yet. */
    public @Nullable Desired desired() {
        return desired;
    }

    /** Who holds the Lease. */
    public void leaderIs(@Nullable String name, long nowMs) {
        boolean now = self.equals(name);
        if (now && !holder) {
            leadingSinceMs = nowMs;
        }
        holder = now;
        known = name != null;
        if (name != null && !now && nowMs < outUntilMs && !sightings.hears(name, nowMs)) {
            // While I stay out somebody leads whom I do not hear: there is another side, perhaps the greater one.
            strangerLed = true;
        }
    }

    /** Whether anybody leads, as far as this member knows. */
    public boolean isKnown() {
        return known;
    }

    /** The register was read. */
    public void registerRead(Input.RegisterRead read) {
        registerKnown = true;
        registerToken = read.token();
        registered = read.ring();
    }

    /**
     * A proposal has ended.
     *
     * @return the ring that the register holds by it, or null
     */
    public @Nullable Ring proposalEnded(Input.Proposed ended) {
        Ring ring = proposed;
        if (ring == null || ended.proposal() != proposals) {
            return null;
        }
        proposed = null;
        if (ended.result() == Input.Proposed.Result.WON) {
            registerToken = ended.token();
            registered = ring;
            return ring;
        }
        // Whatever the register holds now, it is read again before the next proposal.
        registerKnown = false;
        return null;
    }

    /**
     * Looks whether the ring should change, and proposes the change.
     *
     * @param ring the ring that this member acts on, or null
     */
    public void decide(@Nullable Ring ring, boolean emptyDisk, long nowMs) {
        Desired wanted = desired;
        boolean ready = holder
                && nowMs >= outUntilMs
                && registerKnown
                && proposed == null
                && wanted != null
                && nowMs - lastProposalMs >= intervalMs();
        if (!ready || wanted == null) {
            return;
        }
        Ring inRegister = registered;
        if (ring == null) {
            if (inRegister == null && emptyDisk) {
                firstRing(wanted, nowMs);
            }
        } else if (inRegister == null
                || !inRegister.clusterId().equals(ring.clusterId())
                || inRegister.version() < ring.version()) {
            restore(ring, wanted, nowMs);
        } else {
            lostSinceMs = -1;
            if (inRegister.version() == ring.version()
                    && knowsWhereOthersStand(ring, nowMs)
                    && hearsEnough(ring, nowMs)
                    && hearsEnoughJustNow(ring, nowMs)) {
                change(ring, wanted, nowMs);
            }
        }
    }

    /** Between two changes; a primary that pauses keeps requests waiting. */
    private long intervalMs() {
        for (String name : sightings.names()) {
            Sighting sighting = sightings.sighting(name);
            if (sighting != null && !sighting.heartbeat().report().handOvers().isEmpty()) {
                return settings.ringIntervalMs() / HASTE;
            }
        }
        return settings.ringIntervalMs();
    }

    /**
     * Whether every member has been heard since this one started, or has failed, and none acts on a newer ring. Else a member
     * that comes back with an old ring, beside a register that went back to it, would go on from there.
     */
    private boolean knowsWhereOthersStand(Ring ring, long nowMs) {
        for (Member member : ring.members()) {
            Sighting sighting = sightings.sighting(member.name());
            boolean unheard = sighting == null && !sightings.failed(member.name(), nowMs);
            boolean ahead = sighting != null
                    && sighting.heartbeat().clusterId().equals(ring.clusterId())
                    && sighting.heartbeat().ringVersion() > ring.version();
            if (!member.name().equals(self) && (unheard || ahead)) {
                return false;
            }
        }
        return true;
    }

    private void change(Ring ring, Desired wanted, long nowMs) {
        Plan plan = new Plan(ring, wanted, facts(ring, wanted, nowMs), targets);
        Ring next = plan.next();
        if (next.version() == ring.version()) {
            return;
        }
        List<String> broken = RingRules.check(ring, next, plan.joins(), wanted);
        if (broken.isEmpty()) {
            Losses.between(ring, next).forEach(effects);
            propose(next, nowMs);
        } else {
            complain("ring-rule", "a change of the ring was not proposed, since it breaks a rule: " + broken);
        }
    }

    private Plan.Facts facts(Ring ring, Desired wanted, long nowMs) {
        return new Plan.Facts() {
            @Override
            public boolean failed(String member) {
                return !member.equals(self) && sightings.failed(member, nowMs);
            }

            @Override
            public boolean heardJustNow(String member) {
                return member.equals(self) || sightings.hearsJustNow(member, nowMs);
            }

            @Override
            public boolean replaced(String member) {
                return failed(member) && sightings.silentMs(member, nowMs) >= wanted.replaceAfterMs();
            }

            @Override
            public @Nullable Sighting alive(String member) {
                Sighting sighting = sightings.sighting(member);
                boolean foreign = sighting != null
                        && !sighting.heartbeat().clusterId().isEmpty()
                        && !sighting.heartbeat().clusterId().equals(ring.clusterId());
                return foreign || failed(member) ? null : sighting;
            }

            @Override
            public Iterable<String> seen() {
                return sightings.names();
            }
        };
    }

    private void propose(Ring next, long nowMs) {
        proposed = next;
        proposals++;
        lastProposalMs = nowMs;
        effects.accept(new Effect.ProposeRing(proposals, registerToken, next));
    }

    // ---- the first ring

    /** Written only when every disk that could hold something was asked, and none holds anything. */
    private void firstRing(Desired wanted, long nowMs) {
        List<Member> members = new ArrayList<>();
        for (String name : sightings.names()) {
            Sighting sighting = sightings.sighting(name);
            if (sighting == null || !sightings.hears(name, nowMs)) {
                continue;
            }
            if (!sighting.heartbeat().emptyDisk()) {
                complain("first-ring", name + " has data of a cluster: waiting for its ring instead of making one");
                return;
            }
            if (wanted.names().contains(name)) {
                members.add(sighting.asMember(wanted, false));
            }
        }
        boolean enough = members.size() >= wanted.memberCount()
                || (nowMs - leadingSinceMs >= settings.firstRingWaitMs()
                        && members.size() >= wanted.replicationFactor());
        if (enough && !members.isEmpty()) {
            propose(first(newClusterId, members, wanted), nowMs);
        }
    }

    private static Ring first(String clusterId, List<Member> members, Desired wanted) {
        Map<String, String> zones = new TreeMap<>();
        members.forEach(member -> zones.put(member.name(), member.zone()));
        List<Assignment> assignments = new ArrayList<>();
        for (List<String> target : Placement.place(zones, wanted.partitions(), wanted.replicationFactor())) {
            assignments.add(new Assignment(1, target.getFirst(), 1, target, target, false, 0));
        }
        return new Ring(clusterId, 1, members, assignments);
    }

    // ---- a register that went back

    /** Puts the newest ring back, well above all versions seen, once everybody who may hold a newer one has answered. */
    private void restore(Ring ring, Desired wanted, long nowMs) {
        long newest = ring.version();
        if (lostSinceMs < 0) {
            lostSinceMs = nowMs;
        }
        // A ring that somebody read, or won, just before the register lost it may still be on its way to that member's
        // disk.
        long askedSinceMs = lostSinceMs + settings.failureMs();
        List<String> missing = new ArrayList<>();
        for (String name : whoMayKnowBetter(ring, wanted, nowMs)) {
            Sighting sighting = sightings.sighting(name);
            if (sighting == null || !sightings.answersSince(name, askedSinceMs, nowMs)) {
                missing.add(name);
            } else if (sighting.heartbeat().clusterId().equals(ring.clusterId())) {
                newest = Math.max(newest, sighting.heartbeat().ringVersion());
            }
        }
        if (newest > ring.version() || nowMs < askedSinceMs) {
            return;
        }
        if (!missing.isEmpty() && !wanted.unsafeRestore()) {
            if (nowMs >= askedSinceMs + settings.failureMs()) {
                complain(
                        "ring-missing",
                        "the register has lost the ring; it is put back when these members have answered, who may know a"
                                + " newer one: " + missing);
            }
            return;
        }
        Ring restored = ring.withVersion(ring.version() + RESTORED_VERSIONS_AHEAD);
        effects.accept(new Effect.Notice(
                Level.ALARM,
                "ring-restored",
                "the register had lost the ring or gone back; version " + ring.version() + " is put back as "
                        + restored.version()));
        // If it is lost after that too, that is another loss, and everybody is asked anew.
        lostSinceMs = -1;
        propose(restored, nowMs);
    }

    /** The members, those to be, and whoever else is heard: a newer ring may name members that this one does not. */
    private Iterable<String> whoMayKnowBetter(Ring ring, Desired wanted, long nowMs) {
        TreeSet<String> names = new TreeSet<>(wanted.names());
        ring.members().forEach(member -> names.add(member.name()));
        for (String name : sightings.names()) {
            if (sightings.hears(name, nowMs)) {
                names.add(name);
            }
        }
        names.remove(self);
        return names;
    }

    // ---- hearing too few

    /**
     * A leader that hears less than half of the members, itself included, may be the one that is cut off. It resigns and
     * stays out for a while; if meanwhile nobody led whom it does not hear, it goes on.
     */
    private boolean hearsEnough(Ring ring, long nowMs) {
        int heard = 0;
        for (Member member : ring.members()) {
            if (member.name().equals(self) || !sightings.failed(member.name(), nowMs)) {
                heard++;
            }
        }
        if (heard * 2 >= ring.members().size()) {
            minorityConfirmed = false;
            return true;
        }
        if (minorityConfirmed) {
            return true;
        }
        boolean stayedOut =
                outUntilMs > 0 && nowMs >= outUntilMs && nowMs - outUntilMs < 2 * settings.leaderAbsenceMs();
        if (stayedOut && !strangerLed) {
            minorityConfirmed = true;
            return true;
        }
        strangerLed = false;
        outUntilMs = nowMs + settings.leaderAbsenceMs();
        effects.accept(new Effect.Notice(
                Level.WARNING,
                "minority",
                "I lead but hear only " + heard + " of " + ring.members().size()
                        + " members, myself included: resigning for a while"));
        effects.accept(new Effect.Resign(settings.leaderAbsenceMs()));
        return false;
    }

    /**
     * Whoever is cut off misses one member a moment before it misses the next one. In that moment it still hears enough, and
     * would drop the first: the cut-off side would then hold the last in-sync copy of what both had. So a leader that has not
     * heard at least half of the members just now waits, until it does or until it knows that it hears too few.
     */
    private boolean hearsEnoughJustNow(Ring ring, long nowMs) {
        int heard = 0;
        for (Member member : ring.members()) {
            heard += member.name().equals(self) || sightings.hearsJustNow(member.name(), nowMs) ? 1 : 0;
        }
        return minorityConfirmed || heard * 2 >= ring.members().size();
    }

    private void complain(String code, String text) {
        if (!text.equals(lastComplaint)) {
            lastComplaint = text;
            effects.accept(new Effect.Notice(Level.ALARM, code, text));
        }
    }
}
