package dev.kvstore.node.coordination.folder;

import dev.kvstore.core.io.Effect;
import dev.kvstore.core.io.Input;
import dev.kvstore.core.ring.Desired;
import dev.kvstore.core.ring.Ring;
import dev.kvstore.node.coordination.Coordination;
import dev.kvstore.node.coordination.CoordinationException;
import dev.kvstore.node.coordination.CoordinationMetrics;
import dev.kvstore.node.coordination.Declaration;
import dev.kvstore.node.coordination.Leadership;
import dev.kvstore.node.coordination.OrderRefusedException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Coordination through a folder that all nodes share. Two threads work in it, so that a slow write of the ring does not keep
 * the Lease from being renewed; a third only watches the clock, so that a folder that hangs does not keep this node from
 * noticing that its Lease has run out.
 */
@SuppressWarnings("FutureReturnValueIgnored") // every task handles its own failures
public final class FolderCoordination implements Coordination {
    private static final Logger LOG = Logger.getLogger(FolderCoordination.class);
    private static final long READ_MS = 5_000;
    private static final long CLOSE_MS = 1_000;
    private static final long FOREVER_MS = TimeUnit.DAYS.toMillis(365);

    private final FolderLayout layout;
    private final String name;
    private final FolderSettings settings;
    private final LongSupplier monoMs;
    private final CoordinationMetrics metrics = new CoordinationMetrics();
    private final RingWatch ring;
    private final DesiredWatch desired;
    private final FolderAccess leaseAccess;
    private final FolderAccess registerAccess;
    private final ScheduledExecutorService leaseThread = thread("kvstore-lease");
    private final ScheduledExecutorService registerThread = thread("kvstore-register");
    private final ScheduledExecutorService clockThread = thread("kvstore-lease-clock");

    private volatile @Nullable Consumer<Input> sink;
    private volatile @Nullable Leadership leadership;
    private volatile @Nullable FolderLease lease;

    private FolderCoordination(FolderLayout layout, String name, FolderSettings settings, LongSupplier monoMs) {
        this.layout = layout;
        this.name = name;
        this.settings = settings;
        this.monoMs = monoMs;
        this.ring = new RingWatch(layout.ring(), metrics);
        this.desired = new DesiredWatch(layout.desired(), metrics);
        this.leaseAccess = new FolderAccess("the lease", layout.root(), settings.slowMs(), monoMs, metrics);
        this.registerAccess = new FolderAccess("the ring", layout.root(), settings.slowMs(), monoMs, metrics);
    }

    /**
     * Prepares the folder, which is created when it is missing.
     *
     * @param name this node's name
     * @param monoMs a clock in milliseconds that never goes back
     * @throws CoordinationException when the folder cannot be used, with a message for a user
     */
    public static FolderCoordination open(Path folder, String name, FolderSettings settings, LongSupplier monoMs)
            throws CoordinationException {
        return new FolderCoordination(FolderLayout.open(folder), name, settings, monoMs);
    }

    private static ScheduledExecutorService thread(String name) {
        return Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().daemon().name(name).factory());
    }

    @Override
    public Optional<Ring> ringInRegister() {
        try {
            return registerThread.submit(ring::stored).get(READ_MS, TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            LOG.warnf(e.getCause(), "the ring in the coordination folder %s cannot be read", layout.root());
        } catch (TimeoutException e) {
            LOG.warnf("the coordination folder %s does not answer (%s)", layout.root(), e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return Optional.empty();
    }

    @Override
    public void start(Consumer<Input> to) {
        Leadership state = new Leadership(
                name, settings.leaseMs(), monoMs, metrics, holder -> to.accept(new Input.LeaderIs(holder)));
        FolderLease contender = new FolderLease(layout.lease(), name, settings, state, monoMs, new SplittableRandom());
        sink = to;
        leadership = state;
        lease = contender;
        repeat(leaseThread, () -> access(leaseAccess, contender::poll), settings.leasePollMs());
        repeat(registerThread, () -> access(registerAccess, () -> ring.poll(to)), settings.ringPollMs());
        repeat(registerThread, () -> access(registerAccess, () -> desired.poll(to)), settings.desiredPollMs());
        repeat(clockThread, () -> watchTheClock(state), settings.leasePollMs());
    }

    private static void repeat(ScheduledExecutorService on, Runnable task, long everyMs) {
        on.scheduleWithFixedDelay(task, 0, everyMs, TimeUnit.MILLISECONDS);
    }

    private void access(FolderAccess access, FolderAccess.Step step) {
        if (!access.run(step)) {
            try {
                layout.mend();
            } catch (IOException e) {
                LOG.debug("the folder cannot be mended", e);
            }
        }
    }

    private void watchTheClock(Leadership state) {
        state.held();
        leaseAccess.check();
        registerAccess.check();
    }

    @Override
    public void propose(Effect.ProposeRing proposal) {
        Consumer<Input> to = Objects.requireNonNull(sink, "not started");
        execute(registerThread, () -> access(registerAccess, () -> ring.propose(proposal, to)));
    }

    @Override
    public void resign(long forMs) {
        Leadership state = leadership;
        FolderLease contender = lease;
        if (state != null && contender != null) {
            state.resign(forMs);
            execute(leaseThread, () -> access(leaseAccess, contender::release));
        }
    }

    @Override
    public void declare(Declaration declaration) {
        desired.declare(declaration);
        Consumer<Input> to = sink;
        if (to != null) {
            execute(registerThread, () -> access(registerAccess, () -> desired.poll(to)));
        }
    }

    @Override
    public CompletionStage<Desired> order(Order order) {
        CompletableFuture<Desired> done = new CompletableFuture<>();
        Consumer<Input> to = Objects.requireNonNull(sink, "not started");
        execute(registerThread, () -> {
            access(registerAccess, () -> {
                try {
                    done.complete(desired.order(order));
                    desired.poll(to);
                } catch (OrderRefusedException | RuntimeException e) {
                    done.completeExceptionally(e);
                }
            });
            // of no effect when it is done
            done.completeExceptionally(
                    new CoordinationException("the coordination folder " + layout.root() + " cannot be used now"));
        });
        return done;
    }

    @Override
    public CoordinationMetrics metrics() {
        return metrics;
    }

    @Override
    public void close() {
        resign(FOREVER_MS);
        leaseThread.shutdown();
        registerThread.shutdown();
        clockThread.shutdownNow();
        try {
            if (!leaseThread.awaitTermination(CLOSE_MS, TimeUnit.MILLISECONDS)
                    || !registerThread.awaitTermination(CLOSE_MS, TimeUnit.MILLISECONDS)) {
                LOG.warnf("the coordination folder %s does not answer; not waiting for it", layout.root());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        leaseThread.shutdownNow();
        registerThread.shutdownNow();
    }

    private static void execute(ScheduledExecutorService on, Runnable task) {
        try {
            on.execute(task);
        } catch (RejectedExecutionException e) {
            LOG.debug("coordination is closed", e);
        }
    }
}
