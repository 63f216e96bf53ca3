package dev.kvstore.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code ./kvstore bench}, as short as it can be: what it measures is not looked at, only that it does. */
@Tag("under-load")
class BenchIT {
    private static final long TIMEOUT_MINUTES = 5;

    @TempDir
    private Path folder;

    @Test
    void measuresAnOwnClusterAndCleansUp() throws Exception {
        Ended bench = bench("--seconds 1 --warmup-seconds 0 --rounds 1 --keys 20 --connections 2 --output json");

        assertThat(bench.code()).as(bench.errors()).isZero();
        JsonNode report = new ObjectMapper().readTree(bench.output());
        JsonNode throughput = report.at("/tables/0/rows");
        assertThat(throughput).hasSize(2);
        for (JsonNode row : throughput) {
            assertThat(row.path("store").asText()).isEqualTo("kvstore");
            assertThat(row.path("requests/s").asText()).isNotEqualTo("0");
        }
        assertThat(report.path("remarks")).as("failed requests").isEmpty();
        try (var left = Files.list(folder)) {
            assertThat(left.map(Path::getFileName).map(Path::toString)).noneMatch(name -> name.startsWith("kvstore"));
        }
    }

    @Test
    void badOptionsEndWithCodeTwoAndTheReason() throws Exception {
        Ended bench = bench("--replication 9");

        assertThat(bench.code()).isEqualTo(2);
        assertThat(bench.errors()).contains("--replication is 2 or 3");
        assertThat(bench.output()).isEmpty();
    }

    private record Ended(int code, String output, String errors) {}

    private Ended bench(String options) throws IOException, InterruptedException {
        List<String> command =
                new ArrayList<>(List.of(Local.script().toString(), "bench", "--folder", folder.toString()));
        command.addAll(List.of(options.split(" ")));
        File output = folder.resolve("output").toFile();
        File errors = folder.resolve("errors").toFile();
        Process process = new ProcessBuilder(command)
                .redirectOutput(output)
                .redirectError(errors)
                .start();
        process.getOutputStream().close();
        boolean ended = process.waitFor(TIMEOUT_MINUTES, TimeUnit.MINUTES);
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        assertThat(ended).as("the benchmark has ended in time").isTrue();
        return new Ended(process.exitValue(), Files.readString(output.toPath()), Files.readString(errors.toPath()));
    }
}
