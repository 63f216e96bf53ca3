package dev.kvstore.testkit.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kvstore.testkit.history.Call;
import dev.kvstore.testkit.history.History;
import dev.kvstore.testkit.history.LiveRecorder;
import dev.kvstore.testkit.history.Operation;
import dev.kvstore.testkit.history.Outcome;
import dev.kvstore.testkit.linearizability.CheckerSettings;
import dev.kvstore.testkit.linearizability.FinalScan;
import dev.kvstore.testkit.linearizability.LinearizabilityChecker;
import dev.kvstore.testkit.process.FreePorts;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WorkloadTest {

    private static final Duration LONG = Duration.ofSeconds(60);
    private static final OperationMix WITHOUT_TTL = new OperationMix(40, 4, 30, 0, 6, 10, 6, 4);

    private final KvClient http = new KvClient(Duration.ofSeconds(10));

    @AfterEach
    void closeClient() {
        http.close();
    }

    private static Workload.Plan plan(int maxCalls, URI... nodes) {
        return new Workload.Plan(
                42, 6, List.of("a", "b", "c"), List.of(nodes), WITHOUT_TTL, 1_000, maxCalls, LONG, Duration.ZERO);
    }

    @Test
    void recordsALinearizableHistoryOfACorrectServer() throws Exception {
        try (RegisterServer server = new RegisterServer()) {
            History history = Workload.run(plan(600, server.baseUrl()), http);
            long nowNs = System.nanoTime();
            Map<String, Outcome.Value> scan = http.scan(server.baseUrl(), Bytes.of(""));
            History withScan = FinalScan.append(history, scan, nowNs, System.nanoTime());

            assertThat(history.calls()).hasSize(600);
            assertThat(history.calls()).extracting(Call::client).contains("c0", "c5");
            assertThat(history.calls())
                    .hasOnlyElementsOfType(Call.class)
                    .anyMatch(call -> call.outcome() instanceof Outcome.Replaced)
                    .anyMatch(call -> call.outcome() instanceof Outcome.ConditionFailed)
                    .anyMatch(call -> call.outcome() instanceof Outcome.Deleted)
                    .anyMatch(call -> call.operation() instanceof Operation.Get get && get.stale());
            assertThat(new LinearizabilityChecker(CheckerSettings.withSkewMs(0)).check(withScan))
                    .satisfies(verdict ->
                            assertThat(verdict.ok()).as(verdict.toString()).isTrue());
        }
    }

    @Test
    void goesOnWhileANodeIsAway() throws Exception {
        try (RegisterServer server = new RegisterServer()) {
            URI nobody = URI.create("http://localhost:" + FreePorts.one());
            History history = Workload.run(plan(60, server.baseUrl(), nobody), http);

            assertThat(history.calls())
                    .anyMatch(call -> call.outcome() instanceof Outcome.Refused)
                    .anyMatch(call -> call.outcome() instanceof Outcome.Created);
        }
    }

    @Test
    void endsWhenStopped() throws Exception {
        try (RegisterServer server = new RegisterServer()) {
            LiveRecorder recorder = new LiveRecorder(System::nanoTime, 1_000_000);
            Workload workload = Workload.start(plan(1_000_000, server.baseUrl()), http, recorder);
            workload.stopAndJoin(LONG);

            assertThat(recorder.history().calls()).allMatch(call -> call.returnNs() != Call.OPEN_END);
        }
    }

    @Test
    void clientsWithTimesOfTheirOwnKeepToThemAndMakeUpForWhatTheyMissed() throws Exception {
        long periodNs = 100_000_000;
        AtomicInteger asked = new AtomicInteger();
        try (RegisterServer server = new RegisterServer()) {
            LiveRecorder recorder = new LiveRecorder(System::nanoTime, 100);
            Workload.Plan plan = new Workload.Plan(
                    42,
                    1,
                    List.of("a"),
                    List.of(server.baseUrl()),
                    WITHOUT_TTL,
                    1_000,
                    10,
                    LONG,
                    new Workload.Pace.Every(Duration.ofNanos(periodNs)));
            Workload.start(plan, http, recorder, () -> {
                        if (asked.incrementAndGet() == 3) {
                            LockSupport.parkNanos(5 * periodNs);
                        }
                        return plan.baseUrls();
                    })
                    .join();

            List<Long> times =
                    recorder.history().calls().stream().map(Call::invokeNs).toList();
            assertThat(times).hasSize(10);
            assertThat(times.get(9) - times.get(0)).isGreaterThanOrEqualTo(8 * periodNs);
            assertThat(times.get(4) - times.get(2)).as("after the third").isLessThan(2 * periodNs);
        }
    }

    @Test
    void failsWhenANodeAnswersWhatTheInterfaceDoesNotKnow() throws Exception {
        try (RawServer server = new RawServer("HTTP/1.1 302 x\r\nContent-Length: 0\r\n\r\n")) {
            assertThatThrownBy(() -> Workload.run(plan(100, server.baseUrl()), http))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("302");
        }
    }
}
