package dev.kvstore.cli.local;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kvstore.cli.model.Json;
import java.util.Optional;

/**
 * Which process a node was started as. The system gives a process number to another process one day, so the number alone
 * proves nothing: {@link NodeProcess} compares the rest.
 *
 * @param startedMs when the process started, by the system's account, in milliseconds since 1970
 */
record RunFile(String name, long pid, long startedMs, int port) {
    ObjectNode toJson() {
        return Json.object()
                .put("name", name)
                .put("pid", pid)
                .put("startedMs", startedMs)
                .put("host", LocalNode.HOST)
                .put("port", port);
    }

    static Optional<RunFile> of(ObjectNode json) {
        RunFile run = new RunFile(
                json.path("name").asText(),
                json.path("pid").asLong(),
                json.path("startedMs").asLong(),
                json.path("port").asInt());
        return run.pid > 0 && run.startedMs > 0 && run.port > 0 ? Optional.of(run) : Optional.empty();
    }
}
