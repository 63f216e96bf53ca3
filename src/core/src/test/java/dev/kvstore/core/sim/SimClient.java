package dev.kvstore.core.sim;

import dev.kvstore.core.data.Bytes;
import dev.kvstore.core.data.Condition;
import dev.kvstore.core.data.Operation;
import dev.kvstore.core.data.Outcome;
import dev.kvstore.core.io.Input;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** A client that does one operation after the other, on few keys, at any member that runs, and retries nothing. */
final class SimClient {
    private static final int TIMEOUT_MS = 3_000;
    private static final int SHORT_TIMEOUT_MS = 200;
    private static final int WATCH_US = 15_000;

    private final Simulation simulation;
    private final Random random;
    private final String name;
    private final Map<String, Long> versions = new HashMap<>();
    private long values;
    private long watchUntilMs = -1;
    private boolean watchReads;
    private int watchesLeft;
    private Operation.Get watched = new Operation.Get(Bytes.EMPTY, false);
    private @Nullable SimNode watchedAt;
    private @Nullable SimNode at;
    /** The only member that this client asks, or empty: some stay with one even if it is cut off. */
    private final String home;

    private final int readPercent;
    private int call = -1;
    private long requestId;
    private @Nullable Operation operation;
    private boolean refused;

    SimClient(Simulation simulation, Random random, String name) {
        this.simulation = simulation;
        this.random = random;
        this.name = name;
        this.home = random.nextBoolean() ? simulation.anyName(random) : "";
        this.readPercent = random.nextInt(3) == 0 ? 80 : 35;
    }

    void start() {
        simulation.after(random.nextInt(400_000), this::next);
    }

    /** Does the same in quick succession at one member, until a moment and at most so many times. */
    void watch(SimNode node, String key, boolean reads, long untilMs, int times) {
        watchesLeft = times;
        watchedAt = node;
        watched = new Operation.Get(Bytes.utf8(key), false);
        watchReads = reads;
        boolean begins = watchUntilMs < 0;
        watchUntilMs = untilMs;
        if (begins) {
            watchOn();
        }
    }

    private void watchOn() {
        SimNode node = watchedAt;
        if (simulation.nowMs() > watchUntilMs || watchesLeft <= 0 || node == null || !simulation.takesOperations()) {
            watchUntilMs = -1;
        } else if (!node.running() || node.paused()) {
            simulation.after(WATCH_US, this::watchOn);
        } else {
            Operation next = watched;
            if (watchReads && random.nextInt(3) == 0) {
                // Without effect, if the key is there: as good as a read.
                next = new Operation.Put(watched.key(), Bytes.utf8(name + "-" + values++), 0, new Condition.IfAbsent());
            } else if (!watchReads) {
                next = new Operation.Put(watched.key(), Bytes.utf8(name + "-" + values++), 0, Condition.ALWAYS);
            }
            watchesLeft--;
            begin(node, next, SHORT_TIMEOUT_MS);
        }
    }

    /** The next operation, if the run still takes some. */
    private void next() {
        if (!simulation.takesOperations()) {
            return;
        }
        SimNode node = home.isEmpty() ? simulation.anyRunning(random) : simulation.node(home);
        if (node == null || !node.running() || node.paused()) {
            simulation.after(100_000, this::next);
            return;
        }
        // Who waits for long in bad times sees little of them.
        begin(node, draw(), random.nextInt(4) == 0 ? TIMEOUT_MS : SHORT_TIMEOUT_MS);
    }

    /** Reads a key at a member and reports when that was answered. */
    void read(SimNode node, String key) {
        begin(node, new Operation.Get(Bytes.utf8(key), false), TIMEOUT_MS);
    }

    /** Whether the last answer was that the operation could not be carried out. */
    boolean refused() {
        return refused;
    }

    /** The key of the operation under way, or null. */
    @Nullable
    String key() {
        return operation instanceof Operation.Keyed keyed ? keyed.key().toString() : null;
    }

    boolean idle() {
        return operation == null;
    }

    private void begin(SimNode node, Operation next, long waitMs) {
        at = node;
        operation = next;
        requestId = simulation.nextRequest(this);
        call = simulation.recorder().invoke(name, Translation.toHistory(next), simulation.nowUs() * 1_000);
        long deadlineMs = node.time().monoMs() + waitMs;
        simulation.trace(3, () -> name + " at " + node.name() + ": " + next);
        node.input(new Input.Client(requestId, next, deadlineMs));
    }

    private Operation draw() {
        String text = "k" + random.nextInt(simulation.keys());
        Bytes key = Bytes.utf8(text);
        int dice = random.nextInt(100);
        if (dice < readPercent) {
            return dice % 5 == 0
                    ? new Operation.Scan(Simulation.partitionOf(text), key, null, 100, true)
                    : new Operation.Get(key, false);
        }
        if (dice < readPercent + (100 - readPercent) * 2 / 3) {
            long ttlMs = random.nextInt(4) == 0 ? 200 + random.nextInt(3_000) : 0;
            return new Operation.Put(key, Bytes.utf8(name + "-" + values++), ttlMs, condition(text));
        }
        Condition condition = condition(text);
        return new Operation.Delete(key, condition instanceof Condition.IfAbsent ? Condition.ALWAYS : condition);
    }

    private Condition condition(String key) {
        return switch (random.nextInt(4)) {
            case 0 -> new Condition.IfAbsent();
            case 1 ->
                versions.containsKey(key) ? new Condition.IfVersion(versions.getOrDefault(key, 1L)) : Condition.ALWAYS;
            default -> Condition.ALWAYS;
        };
    }

    void answered(long request, Outcome outcome) {
        Operation asked = operation;
        if (request != requestId || asked == null) {
            throw new Violation(name + " was answered twice, or what it did not ask: " + outcome);
        }
        simulation.trace(4, () -> name + " is answered " + outcome);
        if (asked instanceof Operation.Keyed keyed) {
            remember(keyed.key().toString(), outcome);
        }
        refused = outcome instanceof Outcome.Failed;
        end(Translation.toHistory(asked, outcome));
    }

    private void remember(String key, Outcome outcome) {
        switch (outcome) {
            case Outcome.Found found -> versions.put(key, found.stored().version());
            case Outcome.Written written -> versions.put(key, written.version());
            case Outcome.ConditionFailed failed -> versions.put(key, Math.max(1, failed.version()));
            case Outcome.NotFound none -> {}
            case Outcome.Deleted none -> {}
            case Outcome.Page none -> {}
            case Outcome.Failed none -> {}
        }
    }

    private void end(dev.kvstore.testkit.history.Outcome outcome) {
        simulation.recorder().complete(call, outcome, simulation.nowUs() * 1_000 + 999);
        operation = null;
        at = null;
        if (watchUntilMs >= 0) {
            simulation.after(random.nextInt(WATCH_US), this::watchOn);
            return;
        }
        simulation.after(random.nextInt(10) == 0 ? random.nextInt(300_000) : random.nextInt(30_000), this::next);
    }

    /** The member that was asked died: nobody will answer. */
    void crashed(SimNode node) {
        if (node.equals(at)) {
            end(new dev.kvstore.testkit.history.Outcome.Unknown("the member died"));
        }
    }
}
