package dev.kvstore.core.ring;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The rules by which the ring may change from one version to the next; checked before every compare-and-set. No rule asks
 * who proposes the change: safety rests on the compare-and-set and on this check alone.
 */
public final class RingRules {
    private final Ring before;
    private final Ring after;
    private final Collection<JoinRequest> joins;
    private final Desired desired;
    private final List<String> broken = new ArrayList<>();

    private RingRules(Ring before, Ring after, Collection<JoinRequest> joins, Desired desired) {
        this.before = before;
        this.after = after;
        this.joins = joins;
        this.desired = desired;
    }

    /**
     * Checks one change.
     *
     * @param joins the requests of primaries that the change may rest on
     * @param desired where a human's acceptance of a loss stands
     * @return what is wrong with it, in words; empty when it is allowed
     */
    public static List<String> check(Ring before, Ring after, Collection<JoinRequest> joins, Desired desired) {
        RingRules rules = new RingRules(before, after, joins, desired);
        rules.run();
        return rules.broken;
    }

    private void run() {
        require(after.clusterId().equals(before.clusterId()), "the cluster id changes");
        require(after.version() == before.version() + 1, "the version does not grow by one");
        require(after.partitions().size() == before.partitions().size(), "the number of partitions changes");
        for (int i = 0; i < before.partitions().size() && broken.isEmpty(); i++) {
            partition(i, before.partition(i), after.partition(i));
        }
    }

    private void partition(int number, Assignment old, Assignment now) {
        String name = "partition " + number + ": ";
        boolean samePrimary = old.primary().equals(now.primary()) && old.since() == now.since();
        boolean sameInSync = old.inSync().equals(now.inSync());
        boolean accepted = now.losses() != old.losses();
        require(!now.inSync().isEmpty(), name + "no member is in sync");
        require(now.isInSync(now.primary()), name + "the primary is not in sync");
        require(samePrimary || now.since() == after.version(), name + "a new primary reigns since another version");
        // An epoch may also grow alone: that is how a join is refused.
        boolean unchanged = samePrimary && sameInSync && now.epoch() == old.epoch();
        require(
                unchanged || now.epoch() == old.epoch() + 1,
                name + "the epoch goes from " + old.epoch() + " to " + now.epoch());
        for (String member : now.inSync()) {
            require(after.member(member) != null, name + member + " is in sync but no member");
        }
        for (String member : now.replicas()) {
            require(after.member(member) != null, name + member + " should hold a copy but is no member");
        }
        if (accepted) {
            loss(name, number, old, now);
            return;
        }
        require(old.isInSync(now.primary()), name + "the new primary was not in sync");
        require(now.lost() || !old.lost(), name + "the loss was not accepted");
        for (String member : now.inSync()) {
            if (!old.isInSync(member)) {
                joined(name, number, old, member);
            } else if (!now.lost()) {
                require(sameStore(member), name + member + " is in sync with another store");
            }
        }
    }

    private void loss(String name, int number, Assignment old, Assignment now) {
        Long epoch = desired.acceptLoss().get(number);
        require(old.lost() && epoch != null && epoch == old.epoch(), name + "nobody accepted the loss at this epoch");
        require(now.losses() == old.losses() + 1 && !now.lost(), name + "a loss is accepted by halves");
        require(now.inSync().size() == 1, name + "more than one member starts over");
    }

    private void joined(String name, int number, Assignment old, String member) {
        Member joining = after.member(member);
        require(
                joining != null
                        && sameStore(member)
                        && joins.contains(new JoinRequest(number, old.epoch(), member, joining.storeId())),
                name + member + " becomes in sync without the primary's request");
    }

    private boolean sameStore(String name) {
        @Nullable Member now = after.member(name);
        return now != null && before.knows(name, now.storeId());
    }

    private void require(boolean holds, String otherwise) {
        if (!holds) {
            broken.add(otherwise);
        }
    }
}
