package dev.kvstore.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kvstore.testkit.history.Call;
import dev.kvstore.testkit.history.History;
import dev.kvstore.testkit.history.LiveRecorder;
import dev.kvstore.testkit.history.Operation;
import dev.kvstore.testkit.history.Outcome;
import dev.kvstore.testkit.linearizability.FinalScan;
import dev.kvstore.testkit.load.Bytes;
import dev.kvstore.testkit.load.KvClient;
import dev.kvstore.testkit.load.OperationMix;
import dev.kvstore.testkit.load.Workload;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Clients that read, write and write on conditions at a steady rate, through a cluster's address or whichever nodes are there,
 * half of them on kept-alive connections and half on fresh ones. They retry nothing. A call has failed when it got no answer in
 * two seconds, a 5xx, a 429, or no connection.
 */
public final class SteadyLoad implements AutoCloseable {
    private static final Duration NO_ANSWER = Duration.ofSeconds(2);
    private static final Duration LONGEST = Duration.ofMinutes(60);
    private static final Duration END = Duration.ofSeconds(60);

    /** Of each kind of connection: enough that the rate is kept while answers take a while. */
    private static final int CLIENTS = 20;

    /** About 320 calls a second by all clients, as long as the machine lets them: a little above the least, which is 300. */
    private static final Duration PERIOD = Duration.ofMillis(125);

    private static final int KEYS = 64;
    private static final int MAX_CALLS = 2_000_000;
    private static final int SHOWN_FAILURES = 8;
    private static final OperationMix MIX = new OperationMix(40, 0, 30, 0, 5, 15, 5, 5);

    private final String run;
    private final LiveRecorder recorder = new LiveRecorder(System::nanoTime, MAX_CALLS);
    private final KvClient keptAlive =
            new KvClient(NO_ANSWER, KvClient.KeyAddressing.PATH, KvClient.Connections.KEPT_ALIVE);
    private final KvClient fresh = new KvClient(NO_ANSWER, KvClient.KeyAddressing.PATH, KvClient.Connections.FRESH);
    private final List<Workload> workloads = new ArrayList<>();
    private final long startNs = System.nanoTime();
    private volatile List<URI> targets;

    private SteadyLoad(String run, List<URI> targets) {
        this.run = run;
        this.targets = List.copyOf(targets);
    }

    /** Starts the clients. The keys are those of this run alone: the store must hold none of them. */
    public static SteadyLoad start(String run, List<URI> targets) {
        SteadyLoad load = new SteadyLoad(run, targets);
        load.begin("-kept-", load.keptAlive);
        load.begin("-fresh-", load.fresh);
        return load;
    }

    private void begin(String kind, KvClient client) {
        workloads.add(Workload.start(plan(run + kind), client, recorder, () -> targets));
    }

    /** The nodes that clients are sent to from now on, as the endpoints of a Service would be. */
    public void to(List<URI> nodes) {
        targets = List.copyOf(nodes);
    }

    private Workload.Plan plan(String prefix) {
        List<String> keys = IntStream.range(0, KEYS).mapToObj(i -> prefix + i).toList();
        return new Workload.Plan(
                prefix.hashCode(),
                CLIENTS,
                keys,
                targets,
                MIX,
                0,
                MAX_CALLS / 2,
                LONGEST,
                new Workload.Pace.Every(PERIOD));
    }

    /** Stops the clients, and returns what they saw when it is linearizable with all that the store now holds. */
    public List<Call> stopAndCheck() throws Exception {
        for (Workload workload : workloads) {
            workload.stop();
        }
        for (Workload workload : workloads) {
            workload.stopAndJoin(END);
        }
        long scanNs = recorder.nowNs();
        Map<String, Outcome.Value> found;
        // what is found counts here, not how soon
        try (KvClient patient = new KvClient(END)) {
            found = patient.scan(targets.getFirst(), Bytes.of(run + "-"));
        }
        History seen = recorder.history();
        Local.assertLinearizable(
                FinalScan.append(seen, found, scanNs, recorder.nowNs()),
                Path.of("target", "histories", "steady-" + run + ".jsonl"));
        double callsASecond = seen.calls().size() * 1e9 / (scanNs - startNs);
        System.out.printf(
                "measured: %s: %d calls, %.0f a second, %d failed%n",
                run, seen.calls().size(), callsASecond, failed(seen.calls()).size());
        return seen.calls();
    }

    /** As {@link #stopAndCheck}; there were calls of every kind, and none has failed. */
    public void stopWithoutFailure() throws Exception {
        List<Call> calls = stopAndCheck();
        List<Call> failed = failed(calls);
        assertThat(failed.size())
                .as("failed calls, why, and when after the start: %s", explain(failed))
                .isZero();
        assertThat(calls.stream().map(call -> kind(call.operation())).distinct())
                .as("kinds of calls")
                .containsExactlyInAnyOrder(
                        "Get", "Put None", "Put IfAbsent", "Put IfVersion", "Delete None", "Delete IfVersion");
    }

    private static String kind(Operation operation) {
        return switch (operation) {
            case Operation.Get _ -> "Get";
            case Operation.Put put -> "Put " + put.condition().getClass().getSimpleName();
            case Operation.Delete delete ->
                "Delete " + delete.condition().getClass().getSimpleName();
        };
    }

    /** Calls without an answer, or with one that says that it could not be done. */
    private static List<Call> failed(List<Call> calls) {
        return calls.stream()
                .filter(call -> call.outcome() instanceof Outcome.Refused || call.outcome() instanceof Outcome.Unknown)
                .toList();
    }

    private String explain(List<Call> failed) {
        Map<String, Integer> reasons = new TreeMap<>();
        for (Call call : failed) {
            String reason = switch (call.outcome()) {
                case Outcome.Refused refused -> refused.reason();
                case Outcome.Unknown unknown -> unknown.reason();
                case Outcome.Created _,
                        Outcome.Replaced _,
                        Outcome.Deleted _,
                        Outcome.Value _,
                        Outcome.NotFound _,
                        Outcome.ConditionFailed _ -> "";
            };
            reasons.merge(reason, 1, Integer::sum);
        }
        Map<Long, Long> bySecond = failed.stream()
                .collect(Collectors.groupingBy(
                        call -> (call.invokeNs() - startNs) / 1_000_000_000, TreeMap::new, Collectors.counting()));
        StringBuilder text = new StringBuilder(reasons + ", by second " + bySecond);
        failed.stream()
                .limit(SHOWN_FAILURES)
                .forEach(call -> text.append("%n%.1f s: %s".formatted((call.invokeNs() - startNs) / 1e9, call)));
        return text.toString();
    }

    @Override
    public void close() {
        workloads.forEach(Workload::stop);
        keptAlive.close();
        fresh.close();
    }
}
