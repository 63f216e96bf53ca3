package dev.kvstore.testkit.load;

import dev.kvstore.testkit.history.Condition;
import dev.kvstore.testkit.history.History;
import dev.kvstore.testkit.history.LiveRecorder;
import dev.kvstore.testkit.history.Operation;
import dev.kvstore.testkit.history.Outcome;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Concurrent clients that read and write a set of keys through all nodes, each on a virtual thread of its own, until a
 * number of calls or a time is reached. What each asks next follows from the seed and from the answers it had. No value is
 * written twice, so a history says which write a read saw.
 */
public final class Workload {

    /** How long a client waits after a refusal, so that a node that is away does not fill the history. */
    private static final long PAUSE_AFTER_REFUSAL_MS = 20;

    /** A client that is further behind its times than this lets go what it missed before, so as not to flood a store that wakes. */
    private static final long MOST_BEHIND_NS = TimeUnit.SECONDS.toNanos(1);

    /** One in so many conditional writes names another version than the one last seen. */
    private static final int WRONG_VERSION_ONE_IN = 8;

    private final Plan plan;
    private final KvClient http;
    private final LiveRecorder recorder;
    private final Supplier<List<URI>> targets;
    private final AtomicInteger callsLeft;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private final List<Thread> clients = new ArrayList<>();
    private final long endNs;

    /**
     * What a workload does.
     *
     * @param seed decides what every client asks
     * @param clients how many run at a time
     * @param keys what they read and write
     * @param baseUrls the nodes; each call goes to one of them by chance
     * @param mix which operations
     * @param ttlMs the time to live of values that have one, in milliseconds
     * @param maxCalls after how many calls it ends
     * @param maxTime after what time it ends
     * @param pace when a client calls again
     */
    public record Plan(
            long seed,
            int clients,
            List<String> keys,
            List<URI> baseUrls,
            OperationMix mix,
            long ttlMs,
            int maxCalls,
            Duration maxTime,
            Pace pace) {

        public Plan {
            keys = List.copyOf(keys);
            baseUrls = List.copyOf(baseUrls);
        }

        /**
         * A plan whose clients wait for a time after each call.
         *
         * @param seed decides what every client asks
         * @param clients how many run at a time
         * @param keys what they read and write
         * @param baseUrls the nodes; each call goes to one of them by chance
         * @param mix which operations
         * @param ttlMs the time to live of values that have one, in milliseconds
         * @param maxCalls after how many calls it ends
         * @param maxTime after what time it ends
         * @param pauseBetweenCalls how long a client waits after each call
         */
        public Plan(
                long seed,
                int clients,
                List<String> keys,
                List<URI> baseUrls,
                OperationMix mix,
                long ttlMs,
                int maxCalls,
                Duration maxTime,
                Duration pauseBetweenCalls) {
            this(seed, clients, keys, baseUrls, mix, ttlMs, maxCalls, maxTime, new Pace.Pause(pauseBetweenCalls));
        }
    }

    /** When a client calls again. */
    public sealed interface Pace {
        /**
         * So long after the answer: a store that is slow is asked less.
         *
         * @param time how long
         */
        record Pause(Duration time) implements Pace {}

        /**
         * At times that do not depend on the answers. What was missed while one was waited for is made up for, up to a second.
         *
         * @param period from one call of a client to its next one
         */
        record Every(Duration period) implements Pace {}
    }

    private Workload(Plan plan, KvClient http, LiveRecorder recorder, Supplier<List<URI>> targets) {
        this.targets = targets;
        this.plan = plan;
        this.http = http;
        this.recorder = recorder;
        this.callsLeft = new AtomicInteger(plan.maxCalls());
        this.endNs = System.nanoTime() + plan.maxTime().toNanos();
    }

    /**
     * Starts the clients.
     *
     * @param plan what they do
     * @param http what they call with
     * @param recorder where their calls are recorded
     * @return the running workload
     */
    public static Workload start(Plan plan, KvClient http, LiveRecorder recorder) {
        return start(plan, http, recorder, plan::baseUrls);
    }

    /**
     * Starts the clients on nodes that come and go.
     *
     * @param plan what they do
     * @param http what they call with
     * @param recorder where their calls are recorded
     * @param targets the nodes at this time, in the place of the plan's; asked before each call, on any thread
     * @return the running workload
     */
    public static Workload start(Plan plan, KvClient http, LiveRecorder recorder, Supplier<List<URI>> targets) {
        Workload workload = new Workload(plan, http, recorder, targets);
        for (int i = 0; i < plan.clients(); i++) {
            Client client = workload.new Client("c" + i, new Random(plan.seed() * 31 + i), firstCallNs(plan, i));
            workload.clients.add(Thread.ofVirtual().name("workload-" + i).start(client));
        }
        return workload;
    }

    /** Clients that call at times of their own do not all call at once. */
    private static long firstCallNs(Plan plan, int client) {
        return System.nanoTime()
                + switch (plan.pace()) {
                    case Pace.Pause _ -> 0;
                    case Pace.Every every -> every.period().toNanos() * client / plan.clients();
                };
    }

    /**
     * Runs a workload to its end.
     *
     * @param plan what its clients do
     * @param http what they call with
     * @return what they saw
     * @throws InterruptedException when the caller is interrupted
     */
    public static History run(Plan plan, KvClient http) throws InterruptedException {
        Workload workload = start(plan, http, new LiveRecorder(System::nanoTime, plan.maxCalls()));
        workload.join();
        return workload.recorder.history();
    }

    /** Asks the clients to end after the calls that they are at. */
    public void stop() {
        stopped.countDown();
    }

    /**
     * Waits for the end.
     *
     * @throws InterruptedException when the caller is interrupted; the clients are asked to end
     * @throws IllegalStateException when a client met what the interface does not know
     */
    public void join() throws InterruptedException {
        try {
            for (Thread client : clients) {
                client.join();
            }
        } finally {
            stop();
        }
        Throwable thrown = failure.get();
        if (thrown != null) {
            throw new IllegalStateException("a client failed: " + thrown.getMessage(), thrown);
        }
    }

    /**
     * Stops, and waits for the end.
     *
     * @param timeout how long; a call that runs is given up after its own timeout
     * @throws InterruptedException when the caller is interrupted
     * @throws TimeoutException when a client goes on
     * @throws IllegalStateException when a client met what the interface does not know
     */
    public void stopAndJoin(Duration timeout) throws InterruptedException, TimeoutException {
        stop();
        long deadlineNs = System.nanoTime() + timeout.toNanos();
        for (Thread client : clients) {
            if (!client.join(Duration.ofNanos(Math.max(1, deadlineNs - System.nanoTime())))) {
                throw new TimeoutException(client.getName() + " did not end within " + timeout);
            }
        }
        join();
    }

    private boolean goesOn() {
        return stopped.getCount() > 0 && System.nanoTime() < endNs && callsLeft.getAndDecrement() > 0;
    }

    /** One client: it knows the versions that it saw and nothing of the others. */
    private final class Client implements Runnable {

        private final String name;
        private final Random random;
        private final Map<String, Long> seen = new HashMap<>();
        private long nextCallNs;
        private int values;

        Client(String name, Random random, long firstCallNs) {
            this.name = name;
            this.random = random;
            this.nextCallNs = firstCallNs;
        }

        @Override
        public void run() {
            try {
                while (!stopped.await(nextCallNs - System.nanoTime(), TimeUnit.NANOSECONDS) && goesOn()) {
                    Outcome outcome = call();
                    nextCallNs = next(outcome);
                }
            } catch (InterruptedException _) {
                stop();
            } catch (RuntimeException | Error e) {
                // the others are of no use without this one, and whoever waits must hear of it
                failure.compareAndSet(null, e);
                stop();
            }
        }

        private Outcome call() {
            Operation operation = nextOperation();
            List<URI> nodes = targets.get();
            URI baseUrl = nodes.get(random.nextInt(nodes.size()));
            int number = recorder.invoke(name, operation);
            Outcome outcome = http.execute(baseUrl, operation);
            recorder.complete(number, outcome);
            learn(operation.key(), outcome);
            return outcome;
        }

        private long next(Outcome outcome) {
            long nowNs = System.nanoTime();
            long dueNs = switch (plan.pace()) {
                case Pace.Pause pause -> nowNs + pause.time().toNanos();
                case Pace.Every every -> Math.max(nextCallNs + every.period().toNanos(), nowNs - MOST_BEHIND_NS);
            };
            return outcome instanceof Outcome.Refused
                    ? Math.max(dueNs, nowNs + TimeUnit.MILLISECONDS.toNanos(PAUSE_AFTER_REFUSAL_MS))
                    : dueNs;
        }

        private Operation nextOperation() {
            String key = plan.keys().get(random.nextInt(plan.keys().size()));
            return switch (plan.mix().at(random.nextInt(plan.mix().total()))) {
                case GET -> Operation.get(key);
                case STALE_GET -> Operation.staleGet(key);
                case PUT -> Operation.put(key, nextValue());
                case PUT_WITH_TTL -> Operation.putWithTtl(key, nextValue(), plan.ttlMs());
                case PUT_IF_ABSENT -> Operation.put(key, nextValue(), Condition.IF_ABSENT);
                case PUT_IF_VERSION -> Operation.put(key, nextValue(), lastSeen(key));
                case DELETE -> Operation.delete(key);
                case DELETE_IF_VERSION -> Operation.delete(key, lastSeen(key));
            };
        }

        private String nextValue() {
            values++;
            return name + "-" + values;
        }

        private Condition lastSeen(String key) {
            long version = seen.getOrDefault(key, 1L);
            boolean wrong = random.nextInt(WRONG_VERSION_ONE_IN) == 0;
            return Condition.ifVersion(wrong ? version + 1 : version);
        }

        private void learn(String key, Outcome outcome) {
            switch (outcome) {
                case Outcome.Created created -> seen.put(key, created.version());
                case Outcome.Replaced replaced -> seen.put(key, replaced.version());
                case Outcome.Value value -> seen.put(key, value.version());
                case Outcome.ConditionFailed failed -> {
                    if (failed.current() instanceof Outcome.Current.At at) {
                        seen.put(key, at.version());
                    }
                }
                case Outcome.Deleted _, Outcome.NotFound _, Outcome.Refused _, Outcome.Unknown _ -> {}
            }
        }
    }
}
