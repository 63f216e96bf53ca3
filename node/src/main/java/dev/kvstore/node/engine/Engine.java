package dev.kvstore.node.engine;

import dev.kvstore.core.data.Operation;
import dev.kvstore.core.data.Outcome;
import dev.kvstore.core.io.Effect;
import dev.kvstore.core.io.Input;
import dev.kvstore.core.io.View;
import dev.kvstore.core.ring.Desired;
import dev.kvstore.core.ring.Ring;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The core's loop: on one thread it takes inputs in batches, reads the clocks, steps the core and begins its effects in their
 * order. Everything else of the node talks to the core through it. The thread is one that others may work on too, between
 * turns: the transport does, so that what comes from other members and goes to them is not handed from thread to thread.
 *
 * <p>An exception out of the core or out of the beginning of an effect is a defect. The loop then ends at once and for good:
 * nothing is done any more on a state that is not to be trusted.
 */
public final class Engine implements AutoCloseable {
    /** Inputs that one step of the core takes at most. */
    public static final int BATCH = 1_024;

    /** The core is told at least this often that time has passed, in milliseconds. */
    public static final long TICK_MS = 50;

    /** Every so many ticks there is a new view: making it costs as much as a tick. */
    private static final int LOOK_TICKS = 4;

    private static final long JOIN_MS = 5_000;
    private static final Logger LOG = Logger.getLogger(Engine.class);
    private static final Outcome OVERLOADED = Outcome.failed(Outcome.Failure.OVERLOADED);
    private static final Outcome NO_PRIMARY = Outcome.failed(Outcome.Failure.NO_PRIMARY);
    private static final Outcome UNKNOWN = Outcome.failed(Outcome.Failure.UNKNOWN);

    private final Core core;
    private final Ports ports;
    private final Clocks clocks;
    private final Inbox inbox;
    private final Admission admission;
    private final Consumer<Defect> onDefect;
    private final ScheduledExecutorService thread;

    private final AtomicLong lastId = new AtomicLong();
    private final Map<Long, Pending> pending = new ConcurrentHashMap<>();
    private final CompletableFuture<Void> drained = new CompletableFuture<>();
    private final DiskProgress disk = new DiskProgress();
    private final AtomicLong turns = new AtomicLong();
    private long ringVersion;
    private int ticksSinceLook;
    private @Nullable Future<?> ticks;
    private volatile @Nullable Thread turning;
    private volatile boolean started;
    private volatile boolean ended;
    private volatile View view;
    private volatile @Nullable Desired desired;
    private volatile long lastTurnMs;

    private record Pending(Operation operation, int sizeBytes, CompletableFuture<Outcome> answer) {}

    /**
     * Makes an engine that does not run yet.
     *
     * @param thread one thread, on which nothing may block
     * @param inbox where everybody puts inputs for the core
     * @param admission the bounds of what clients may have under way
     * @param onDefect told once, on the core's thread, when the loop has ended by a defect
     */
    public Engine(
            Core core,
            Ports ports,
            ScheduledExecutorService thread,
            Clocks clocks,
            Inbox inbox,
            Admission admission,
            Consumer<Defect> onDefect) {
        this.core = core;
        this.ports = ports;
        this.clocks = clocks;
        this.inbox = inbox;
        this.admission = admission;
        this.onDefect = onDefect;
        this.view = core.view();
        this.lastTurnMs = clocks.monoMs();
        this.thread = thread;
    }

    /** Begins to run. */
    public void start() {
        started = true;
        ticks = thread.scheduleWithFixedDelay(() -> turn(true), TICK_MS, TICK_MS, TimeUnit.MILLISECONDS);
        inbox.taker(this::turnSoon);
    }

    /**
     * Has an operation carried out.
     *
     * @param timeoutMs how long it may take; the answer comes by then
     * @return completed on the core's thread, or at once when the operation is refused; never exceptionally
     */
    public CompletionStage<Outcome> execute(Operation operation, long timeoutMs) {
        int sizeBytes = operation.sizeBytes();
        if (!admission.enter(sizeBytes)) {
            return CompletableFuture.completedStage(OVERLOADED);
        }
        Pending asked = new Pending(operation, sizeBytes, new CompletableFuture<>());
        long id = lastId.incrementAndGet();
        pending.put(id, asked);
        if (ended) {
            // the loop may have cleared what was pending before this was put there
            complete(id, NO_PRIMARY);
        } else {
            inbox.post(new Input.Client(id, operation, clocks.monoMs() + timeoutMs));
        }
        return asked.answer().minimalCompletionStage();
    }

    /** How things stood a few ticks ago at most. */
    public View view() {
        return view;
    }

    /** What the cluster should be, as far as this node was told; null before that. */
    public @Nullable Desired desired() {
        return desired;
    }

    /** What clients have under way. */
    public Admission admission() {
        return admission;
    }

    /** Inputs that wait for the core. */
    public int waiting() {
        return inbox.size();
    }

    /** How often the loop has turned. */
    public long turns() {
        return turns.get();
    }

    /** Time in milliseconds since the loop turned last. */
    public long stillForMs() {
        return Math.max(0, clocks.monoMs() - lastTurnMs);
    }

    /**
     * Time in milliseconds that the oldest write has been waiting for the disk, 0 when none does. A disk that has said that it
     * takes no writes counts as 0: it is not stuck.
     */
    public long diskStuckForMs() {
        return disk.stuckForMs(clocks.monoMs());
    }

    /** Whether the loop runs. */
    public boolean running() {
        return started && !ended;
    }

    /**
     * Has the core hand its primaries over and say goodbye.
     *
     * @return completed when it has, or cannot any more
     */
    public CompletionStage<Void> drain(long timeoutMs) {
        inbox.post(new Input.Drain(clocks.monoMs() + timeoutMs));
        if (ended) {
            drained.complete(null);
        }
        return drained.minimalCompletionStage();
    }

    /** Ends the loop; what clients still have under way is answered as unknown, or as not carried out where that is sure. */
    @Override
    public void close() {
        if (!started || turning == Thread.currentThread()) {
            end();
            return;
        }
        CountDownLatch done = new CountDownLatch(1);
        try {
            thread.execute(() -> {
                end();
                done.countDown();
            });
            if (!done.await(JOIN_MS, TimeUnit.MILLISECONDS)) {
                LOG.warnf("the core has not ended within %d ms", JOIN_MS);
            }
        } catch (RejectedExecutionException e) {
            // its thread has ended before it
            end();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void turnSoon() {
        try {
            thread.execute(() -> turn(false));
        } catch (RejectedExecutionException e) {
            LOG.debug("the core's thread has ended", e);
        }
    }

    private void turn(boolean tick) {
        if (ended) {
            return;
        }
        turning = Thread.currentThread();
        List<Input> batch = new ArrayList<>();
        try {
            if (inbox.take(batch, BATCH)) {
                turnSoon();
            }
            // after the inputs were taken: a time read before could be older than what they tell
            var now = clocks.now();
            if (tick) {
                batch.add(new Input.Tick());
            }
            observe(batch);
            for (Effect effect : core.on(batch, now)) {
                begin(effect, now.monoMs());
            }
            ports.flush();
            if (tick && ++ticksSinceLook >= LOOK_TICKS) {
                ticksSinceLook = 0;
                look();
            }
            lastTurnMs = now.monoMs();
            turns.incrementAndGet();
        } catch (Throwable e) {
            // an Error too: whatever it is, the core may have stopped half-way
            end();
            onDefect.accept(new Defect(e, batch));
        }
    }

    private void observe(List<Input> batch) {
        for (Input input : batch) {
            if (input instanceof Input.Persisted persisted) {
                disk.done(persisted.id());
            } else if (input instanceof Input.DiskRefuses refusal) {
                disk.refuses(refusal.refuses());
            } else if (input instanceof Input.DesiredIs wanted) {
                desired = wanted.desired();
            }
        }
    }

    /** Takes the core's view, and tells the ports about a ring of another version. */
    private void look() {
        View now = core.view();
        view = now;
        Ring ring = now.ring();
        if (ring != null && ring.version() != ringVersion) {
            ringVersion = ring.version();
            ports.ring(ring);
        }
    }

    private void begin(Effect effect, long nowMs) {
        switch (effect) {
            case Effect.Send send -> ports.send(send.to(), send.message());
            case Effect.Persist persist -> {
                disk.begun(persist.id(), nowMs);
                ports.store(persist);
            }
            case Effect.Apply apply -> ports.store(apply);
            case Effect.Lookup lookup -> ports.store(lookup);
            case Effect.ScanRange scan -> ports.store(scan);
            case Effect.FindExpired find -> ports.store(find);
            case Effect.ReadLog read -> ports.store(read);
            case Effect.OpenSnapshot open -> ports.store(open);
            case Effect.ReadSnapshot read -> ports.store(read);
            case Effect.CloseSnapshot close -> ports.store(close);
            case Effect.InstallPart part -> ports.store(part);
            case Effect.Reply reply -> complete(reply.id(), reply.outcome());
            case Effect.ProposeRing proposal -> ports.propose(proposal);
            case Effect.Resign resign -> ports.resign(resign.forMs());
            case Effect.Drained done -> drained.complete(null);
            case Effect.Notice notice -> log(notice);
        }
    }

    private void complete(long id, Outcome outcome) {
        Pending asked = pending.remove(id);
        if (asked != null) {
            admission.leave(asked.sizeBytes());
            asked.answer().complete(outcome);
        }
    }

    private void end() {
        ended = true;
        Future<?> ticking = ticks;
        if (ticking != null) {
            ticking.cancel(false);
        }
        drained.complete(null);
        for (Map.Entry<Long, Pending> each : pending.entrySet()) {
            complete(each.getKey(), each.getValue().operation().writes() ? UNKNOWN : NO_PRIMARY);
        }
    }

    private static void log(Effect.Notice notice) {
        String line = notice.text() + " [" + notice.code() + "]";
        switch (notice.level()) {
            case INFO -> LOG.info(line);
            case WARNING -> LOG.warn(line);
            case ALARM -> LOG.error(line);
        }
    }
}
