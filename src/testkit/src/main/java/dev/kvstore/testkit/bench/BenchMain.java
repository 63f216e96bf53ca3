package dev.kvstore.testkit.bench;

import dev.kvstore.testkit.bench.report.Report;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/** {@code ./kvstore bench}: exits with 0 when everything was measured, 1 when something failed, 2 on bad options. */
public final class BenchMain {
    private static final int FAILED = 1;

    private BenchMain() {}

    /**
     * Measures.
     *
     * @param arguments see {@code --help}
     */
    public static void main(String[] arguments) {
        System.exit(run(arguments));
    }

    private static int run(String[] arguments) {
        BenchArguments options = new BenchArguments();
        CommandLine line = new CommandLine(options).setCaseInsensitiveEnumValuesAllowed(true);
        Plan plan;
        try {
            line.parseArgs(arguments);
            if (line.isUsageHelpRequested()) {
                line.usage(System.out);
                return CommandLine.ExitCode.OK;
            }
            plan = options.plan();
        } catch (ParameterException e) {
            System.err.println(e.getMessage());
            System.err.println("./kvstore bench --help tells the options");
            return CommandLine.ExitCode.USAGE;
        }
        return measure(plan, "./kvstore bench " + String.join(" ", List.of(arguments)));
    }

    private static int measure(Plan plan, String command) {
        try {
            Path folder = Files.createTempDirectory(plan.folder(), "kvstore-bench");
            Report report;
            try {
                report = new Bench(plan, folder, System.err::println).run(command.strip());
            } finally {
                remove(folder);
            }
            System.out.print(plan.output().write(report));
            return CommandLine.ExitCode.OK;
        } catch (IOException | TimeoutException | IllegalStateException | MissingProgramException e) {
            System.err.println(e instanceof IOException ? e.toString() : e.getMessage());
            return FAILED;
        } catch (InterruptedException e) {
            System.err.println("interrupted");
            return FAILED;
        }
    }

    private static void remove(Path folder) throws IOException {
        List<Path> deepestFirst;
        try (Stream<Path> paths = Files.walk(folder)) {
            deepestFirst = paths.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path path : deepestFirst) {
            Files.deleteIfExists(path);
        }
    }
}
