package dev.kvstore.testkit.process;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A program that starts a process and ends without closing it. */
final class Forgetful {

    private Forgetful() {}

    public static void main(String[] args) throws IOException {
        Path folder = Path.of(args[0]);
        ManagedProcess process =
                ManagedProcess.start("forgotten", List.of("sleep", "600"), Map.of(), folder, folder.resolve("log"));
        System.out.println("started " + process.pid());
        System.exit(0);
    }
}
