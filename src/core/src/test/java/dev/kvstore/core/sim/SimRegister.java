package dev.kvstore.core.sim;

import dev.kvstore.core.io.Effect;
import dev.kvstore.core.io.Input;
import dev.kvstore.core.io.Input.Proposed.Result;
import dev.kvstore.core.ring.Ring;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * The register of the ring and the leader's lease, with outages, late and unknown compare-and-sets, and holders that believe
 * too long. The lease is judged by the register's own clock here; how a real one is judged is the adapters' matter.
 */
final class SimRegister {
    /** The register's name in the network. */
    static final String NAME = "register";

    private static final int LEASE_MS = 2_000;
    private static final int POLL_MS = 250;

    private final Simulation simulation;
    private final Random random;
    private @Nullable Ring ring;
    private int token;
    private final List<Ring> written = new ArrayList<>();
    private @Nullable String holder;
    private long heldUntilMs;
    private int proposals;
    private int underWay;
    private boolean out;
    private boolean wentBack;

    SimRegister(Simulation simulation, Random random) {
        this.simulation = simulation;
        this.random = random;
    }

    @Nullable
    Ring ring() {
        return ring;
    }

    /** Every ring that was ever written, in order. */
    List<Ring> written() {
        return written;
    }

    /**
     * The register is emptied, or put back to an older ring: by hand, or from a backup. But not to one that a member still
     * acts on, since to that member nothing would seem to have happened.
     */
    void goBack() {
        List<Ring> older = new ArrayList<>(written);
        for (SimNode node : simulation.nodes()) {
            Ring known = node.disk().synced().ring;
            older.removeIf(each -> known == null || each.version() >= known.version());
        }
        boolean empty = older.isEmpty() || random.nextBoolean();
        set(empty ? null : older.get(random.nextInt(older.size())));
    }

    /** The register is emptied. */
    void empty() {
        set(null);
    }

    private void set(@Nullable Ring other) {
        ring = other;
        token++;
        wentBack = true;
        simulation.nodes().forEach(this::watch);
    }

    /** Whether what the register holds was ever put back. */
    boolean wentBack() {
        return wentBack;
    }

    void outage(boolean begins) {
        out = begins;
    }

    private String token() {
        return token == 0 ? "" : Integer.toString(token);
    }

    /** A member began: it watches the register and campaigns for the lease from now on. */
    void attach(SimNode node) {
        poll(node, node.incarnation());
    }

    private void poll(SimNode node, int incarnation) {
        if (!node.is(incarnation)) {
            return;
        }
        boolean away = isAway(node);
        if (!away && !node.paused()) {
            campaign(node);
            read(node);
        } else if (away && node.believesToLead() && simulation.nowMs() > node.renewedMs() + LEASE_MS) {
            node.input(new Input.LeaderIs(null));
        }
        simulation.after((POLL_MS + random.nextInt(50)) * 1_000L, () -> poll(node, incarnation));
    }

    /** Whether a change of the ring may take place that was decided on before. */
    boolean mayChange() {
        return underWay > 0;
    }

    /** Who holds the lease, or held it last. */
    @Nullable
    String holder() {
        return holder;
    }

    private boolean isAway(SimNode node) {
        return out || simulation.network().isCut(node.name(), NAME);
    }

    private void campaign(SimNode node) {
        long nowMs = simulation.nowMs();
        boolean free = holder == null || nowMs > heldUntilMs;
        if (nowMs < node.staysOutUntilMs()) {
            if (node.name().equals(holder)) {
                holder = null;
            }
        } else if (free || node.name().equals(holder)) {
            holder = node.name();
            heldUntilMs = nowMs + LEASE_MS;
            node.renewed(nowMs);
        }
        String seen = holder;
        // A slow answer makes for two who believe to lead: no safety may rest on it.
        long delayMs = random.nextInt(20) == 0 ? random.nextInt(3_000) : random.nextInt(10);
        int incarnation = node.incarnation();
        simulation.after(delayMs * 1_000, () -> {
            if (node.is(incarnation)) {
                node.input(new Input.LeaderIs(seen));
            }
        });
    }

    /** A watching member learns of a change at once. */
    void watch(SimNode node) {
        if (node.running() && !isAway(node)) {
            read(node);
        }
    }

    private void read(SimNode node) {
        String seenToken = token();
        if (seenToken.equals(node.seenToken())) {
            return;
        }
        node.seenToken(seenToken);
        Ring seen = ring;
        int incarnation = node.incarnation();
        simulation.after(random.nextInt(10_000), () -> {
            if (node.is(incarnation)) {
                if (!seenToken.equals(node.seenToken())) {
                    // A later read may have come before this one; the last word is the newest state all the same.
                    node.seenToken("none");
                }
                node.input(new Input.RegisterRead(seenToken, seen));
            }
        });
    }

    /** How many rings were proposed, whatever became of them. */
    int proposals() {
        return proposals;
    }

    void propose(SimNode node, Effect.ProposeRing proposal) {
        int incarnation = node.incarnation();
        proposals++;
        simulation.ringProposed(ring, proposal.ring());
        underWay++;
        simulation.after(random.nextInt(random.nextInt(3) == 0 ? 300_000 : 15_000), () -> {
            if (isAway(node) || random.nextDouble() < simulation.faults().registerUnknown()) {
                unknown(node, incarnation, proposal);
            } else {
                boolean won = compareAndSet(proposal);
                answer(node, incarnation, proposal, won ? Result.WON : Result.LOST);
            }
        });
    }

    private void unknown(SimNode node, int incarnation, Effect.ProposeRing proposal) {
        answer(node, incarnation, proposal, Result.UNKNOWN);
        if (!isAway(node) && random.nextBoolean()) {
            // It may still take place, even after the register was read again.
            simulation.after(random.nextInt(random.nextInt(3) == 0 ? 3_000_000 : 400_000), () -> {
                if (compareAndSet(proposal)) {
                    simulation.ambush().ringWrittenUnknown(node);
                }
            });
        } else {
            underWay--;
        }
    }

    private boolean compareAndSet(Effect.ProposeRing proposal) {
        underWay--;
        if (!proposal.token().equals(token())) {
            return false;
        }
        token++;
        ring = proposal.ring();
        written.add(proposal.ring());
        simulation.ringWritten(proposal.ring());
        return true;
    }

    private void answer(SimNode node, int incarnation, Effect.ProposeRing proposal, Result result) {
        String after = token();
        simulation.after(random.nextInt(10_000), () -> {
            if (node.is(incarnation)) {
                Result heard = isAway(node) ? Result.UNKNOWN : result;
                node.input(new Input.Proposed(proposal.proposal(), heard, after));
                if (heard != Result.WON) {
                    node.seenToken("none");
                } else {
                    node.seenToken(after);
                }
            }
        });
    }
}
