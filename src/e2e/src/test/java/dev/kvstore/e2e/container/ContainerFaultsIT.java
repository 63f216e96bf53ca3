package dev.kvstore.e2e.container;

import dev.kvstore.e2e.Local;
import dev.kvstore.testkit.history.History;
import dev.kvstore.testkit.history.LiveRecorder;
import dev.kvstore.testkit.history.Outcome;
import dev.kvstore.testkit.linearizability.FinalScan;
import dev.kvstore.testkit.load.Bytes;
import dev.kvstore.testkit.load.KvClient;
import dev.kvstore.testkit.load.OperationMix;
import dev.kvstore.testkit.load.Workload;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Three nodes in containers, which are paused, killed and cut off from each other under load. */
@Tag("long")
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class ContainerFaultsIT {
    private static final Duration RECOVERY = Duration.ofMinutes(3);
    private static final int ANSWERS_AFTER_A_FAULT = 200;
    private static final long SEED = 20_260_101;

    private enum Fault {
        PAUSE,
        KILL,
        CUT_OFF
    }

    @Test
    void clientsSeeALinearizableStoreWhileContainersArePausedKilledAndCutOff() throws Exception {
        String image = NodeImage.require("node");
        Random random = new Random(SEED);
        try (ContainerCluster cluster = new ContainerCluster(image, 3, Map.of("KVSTORE_REPLICATION_FACTOR", "2"));
                KvClient http = new KvClient(Duration.ofSeconds(10))) {
            cluster.start();
            cluster.awaitInSync(RECOVERY);
            LiveRecorder recorder = new LiveRecorder(System::nanoTime, 100_000);
            Workload load = Workload.start(
                    new Workload.Plan(
                            SEED,
                            8,
                            IntStream.range(0, 12).mapToObj(i -> "key" + i).toList(),
                            cluster.baseUrls(),
                            OperationMix.VARIED,
                            2_000,
                            90_000,
                            Duration.ofMinutes(9),
                            Duration.ofMillis(60)),
                    http,
                    recorder);
            List<Fault> faults = new ArrayList<>();
            faults.addAll(List.of(Fault.values()));
            faults.addAll(List.of(Fault.values()));
            Collections.shuffle(faults, random);
            for (Fault fault : faults) {
                String victim =
                        cluster.names().get(random.nextInt(cluster.names().size()));
                strike(cluster, fault, victim, random.nextInt(1_000, 5_000));
                cluster.awaitInSync(RECOVERY);
                Local.awaitAnswers(recorder, ANSWERS_AFTER_A_FAULT);
            }
            load.stopAndJoin(Duration.ofSeconds(30));
            long scanNs = recorder.nowNs();
            Map<String, Outcome.Value> found = http.scan(cluster.baseUrls().getFirst(), Bytes.of(""));
            History history = FinalScan.append(recorder.history(), found, scanNs, recorder.nowNs());
            Local.assertLinearizable(history, Path.of("target", "histories", "containers.jsonl"));
        }
    }

    private static void strike(ContainerCluster cluster, Fault fault, String victim, long lastsMs) throws Exception {
        switch (fault) {
            case PAUSE -> {
                cluster.pause(victim);
                TimeUnit.MILLISECONDS.sleep(lastsMs);
                cluster.resume(victim);
            }
            case KILL -> {
                cluster.kill(victim);
                TimeUnit.MILLISECONDS.sleep(lastsMs);
                cluster.startAgain(victim);
            }
            case CUT_OFF -> {
                cluster.cutOff(victim);
                TimeUnit.MILLISECONDS.sleep(lastsMs);
                cluster.connect(victim);
            }
        }
    }
}
