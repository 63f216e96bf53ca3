package dev.kvstore.testkit.bench;

import dev.kvstore.testkit.bench.report.Format;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options of {@code ./kvstore bench}, and what is wrong with them. */
@Command(
        name = "bench",
        mixinStandardHelpOptions = true,
        usageHelpWidth = 100,
        description = {
            "Measures the store: an own cluster of three nodes in a temporary folder, or a given one.",
            "Progress goes to standard error, the result to standard output."
        })
final class BenchArguments implements Runnable {
    private static final Set<Plan.What> LOAD = EnumSet.of(Plan.What.PUT, Plan.What.GET);

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--what",
            split = ",",
            paramLabel = "WHAT",
            description = "what to measure, with commas between: ${COMPLETION-CANDIDATES} (put,get)")
    private List<Plan.What> what = List.of(Plan.What.PUT, Plan.What.GET);

    @Option(names = "--replication", paramLabel = "N", description = "copies of each key, 2 or 3 (${DEFAULT-VALUE})")
    private int replication = 3;

    @Option(
            names = "--connections",
            paramLabel = "N",
            description = "requests under way at a time, one a connection (${DEFAULT-VALUE})")
    private int connections = 64;

    @Option(names = "--keys", paramLabel = "N", description = "how many keys there are (${DEFAULT-VALUE})")
    private int keys = 100_000;

    @Option(names = "--value-bytes", paramLabel = "N", description = "length of a value (${DEFAULT-VALUE})")
    private int valueBytes = 100;

    @Option(
            names = "--rounds",
            paramLabel = "N",
            description = "how often each phase is repeated, stores taking turns; medians are told (${DEFAULT-VALUE})")
    private int rounds = 5;

    @Option(names = "--seconds", paramLabel = "N", description = "length of a phase (${DEFAULT-VALUE})")
    private int seconds = 6;

    @Option(
            names = "--warmup-seconds",
            paramLabel = "N",
            description = "time before each phase, under the same load; ten times as long before the first"
                    + " (${DEFAULT-VALUE})")
    private int warmupSeconds = 2;

    @Option(
            names = "--rate",
            paramLabel = "N",
            description = "requests a second when latency is measured (half of what the slowest store took)")
    private @Nullable Double perSecond;

    @Option(
            names = "--peer",
            paramLabel = "STORE",
            description = "measure another store in the same run: ${COMPLETION-CANDIDATES}")
    private Plan.@Nullable Peer peer;

    @Option(
            names = "--nodes",
            split = ",",
            paramLabel = "HOST:PORT",
            description = "measure this cluster instead of an own one, with commas between; for put and get")
    private List<String> nodes = List.of();

    @Option(names = "--times", paramLabel = "N", description = "how often each failure happens (${DEFAULT-VALUE})")
    private int times = 20;

    @Option(
            names = "--refill-mib",
            paramLabel = "N",
            description = "how much a wiped node has to get back (${DEFAULT-VALUE})")
    private int refillMib = 1_024;

    @Option(
            names = "--folder",
            paramLabel = "DIR",
            description = "where the nodes' folders are made and removed again (the system's temporary folder)")
    private Path folder = Path.of(System.getProperty("java.io.tmpdir"));

    @Option(
            names = "--output",
            paramLabel = "FORMAT",
            description = "how the result is written: ${COMPLETION-CANDIDATES} (table)")
    private Format output = Format.TABLE;

    @Override
    public void run() {
        // what was parsed is all that is wanted
    }

    /**
     * What was asked for.
     *
     * @throws ParameterException when that makes no sense
     */
    Plan plan() {
        require(!what.isEmpty(), "--what names nothing");
        Set<Plan.What> chosen = EnumSet.copyOf(what);
        require(replication == 2 || replication == 3, "--replication is 2 or 3");
        within("--connections", connections, 1, 2_000);
        within("--keys", keys, 1, 10_000_000);
        within("--value-bytes", valueBytes, 0, 1 << 20);
        within("--rounds", rounds, 1, 100);
        within("--seconds", seconds, 1, 3_600);
        within("--warmup-seconds", warmupSeconds, 0, 3_600);
        within("--times", times, 1, 1_000);
        within("--refill-mib", refillMib, 1, 1 << 20);
        require(perSecond == null || (perSecond >= 1 && perSecond <= 1e6), "--rate is from 1 to 1000000");
        require(
                nodes.isEmpty() || LOAD.containsAll(chosen),
                "--nodes is for --what put,get: to measure failures, memory and starts, bench must own the processes");
        require(
                peer == null || chosen.stream().anyMatch(LOAD::contains),
                "--peer is for --what put and get, of which there is none");
        return new Plan(
                chosen,
                replication,
                connections,
                keys,
                valueBytes,
                rounds,
                Duration.ofSeconds(seconds),
                Duration.ofSeconds(warmupSeconds),
                perSecond,
                peer,
                nodes.stream().map(this::url).toList(),
                times,
                refillMib,
                folder,
                output);
    }

    private URI url(String node) {
        if (node.matches("[^/:@?#]+:\\d{1,5}")) {
            return URI.create("http://" + node);
        }
        throw bad("--nodes: '" + node + "' is not HOST:PORT");
    }

    private void within(String option, int value, int min, int max) {
        require(value >= min && value <= max, option + " is from " + min + " to " + max + ", not " + value);
    }

    private void require(boolean holds, String otherwise) {
        if (!holds) {
            throw bad(otherwise);
        }
    }

    private ParameterException bad(String text) {
        return new ParameterException(spec.commandLine(), text);
    }
}
