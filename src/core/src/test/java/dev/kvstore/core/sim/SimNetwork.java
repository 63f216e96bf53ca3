package dev.kvstore.core.sim;

import dev.kvstore.core.io.Input;
import dev.kvstore.core.message.Message;
import dev.kvstore.core.message.PeerId;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;

/** Carries messages: late, in another order, twice or not at all. */
final class SimNetwork {
    private final Simulation simulation;
    private final Random random;
    private final Set<String> cuts = new HashSet<>();

    SimNetwork(Simulation simulation, Random random) {
        this.simulation = simulation;
        this.random = random;
    }

    /** Nothing goes from the one to the other any more. */
    void cut(String from, String to) {
        cuts.add(from + ">" + to);
    }

    void heal() {
        cuts.clear();
    }

    boolean isCutAnywhere() {
        return !cuts.isEmpty();
    }

    boolean isCut(String from, String to) {
        return cuts.contains(from + ">" + to);
    }

    void send(SimNode from, String to, Message message) {
        Faults faults = simulation.faults();
        PeerId sender = from.id();
        boolean down = !simulation.node(to).running() || isCut(from.name(), to);
        if (down || random.nextDouble() < faults.loss()) {
            if (message instanceof Message.Forward forward && random.nextBoolean()) {
                // The connection breaks, and its owner notices.
                boolean handed = !down || random.nextBoolean();
                int incarnation = from.incarnation();
                simulation.after(random.nextInt(20_000), () -> {
                    if (from.is(incarnation)) {
                        from.input(new Input.Undelivered(forward.attempt(), handed));
                    }
                });
            }
            return;
        }
        deliver(sender, to, message);
        // A connection never carries a forwarded operation twice, and the core never sends one twice.
        if (!(message instanceof Message.Forward) && random.nextDouble() < faults.duplication()) {
            deliver(sender, to, message);
        }
    }

    private void deliver(PeerId sender, String to, Message message) {
        Faults faults = simulation.faults();
        long delayUs = 50L + random.nextInt(1_500);
        if (random.nextDouble() < faults.slow()) {
            delayUs += random.nextInt(faults.slowMs() * 1_000);
        }
        simulation.after(delayUs, () -> {
            SimNode receiver = simulation.node(to);
            if (receiver.running() && !isCut(sender.name(), to)) {
                simulation.logMessage(sender, to, message);
                receiver.input(new Input.Received(sender, message));
            }
        });
    }
}
