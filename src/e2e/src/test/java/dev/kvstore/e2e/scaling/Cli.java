package dev.kvstore.e2e.scaling;

import dev.kvstore.e2e.Local;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Commands as a user types them. */
final class Cli {
    private static final int LONGEST_S = 600;

    private Cli() {}

    /** How a command ended and what it said. */
    record Ended(int code, String out) {}

    /** Runs a command; both of its outputs go to a file in this folder. */
    static Ended run(Path folder, String... words) throws IOException, InterruptedException {
        List<String> command = Local.command(words);
        Path out = Files.createTempFile(folder, "cli", ".out");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(out.toFile());
        builder.environment().put("KVSTORE_NO_BUILD", "1");
        Process process = builder.start();
        try {
            if (!process.waitFor(LONGEST_S, TimeUnit.SECONDS)) {
                throw new IllegalStateException(command + " has not ended within " + LONGEST_S + " s");
            }
        } finally {
            process.destroyForcibly();
        }
        return new Ended(process.exitValue(), Files.readString(out, StandardCharsets.UTF_8));
    }
}
