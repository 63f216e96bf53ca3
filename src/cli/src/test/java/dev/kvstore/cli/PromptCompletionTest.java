package dev.kvstore.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kvstore.cli.command.KvstoreCommand;
import dev.kvstore.cli.local.Settings;
import dev.kvstore.cli.model.NodeAddress;
import dev.kvstore.cli.output.Output;
import dev.kvstore.cli.prompt.Completion;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What Tab offers of the real commands. */
class PromptCompletionTest {
    @TempDir
    Path home;

    private Completion completion;

    @BeforeEach
    void completion() {
        Output output = new Output(new ByteArrayOutputStream(), new ByteArrayOutputStream(), false);
        KvstoreCommand kvstore = new KvstoreCommand(Commands.session(
                new Settings(home, "java", List.of(), home.resolve("history")), output, InputStream.nullInputStream()));
        completion = PromptCommands.completion(kvstore, List.of(new NodeAddress("localhost", 8001)));
    }

    @Test
    void offersCommandsAndTheirOptions() {
        assertThat(completion.candidates(List.of(), "st")).containsExactly("start", "status", "stop");
        assertThat(completion.candidates(List.of("put"), "--if")).containsExactly("--if-absent", "--if-version");
        assertThat(completion.candidates(List.of("get", "--output"), "")).containsExactly("json", "text");
        assertThat(completion.candidates(List.of("get", "--node"), "")).containsExactly("localhost:8001");
        assertThat(completion.candidates(List.of("help"), "lo")).containsExactly("locate", "logs");
    }

    @Test
    void offersTheNodesOfTheClusterOnThisMachine() throws IOException {
        assertThat(completion.candidates(List.of("kill"), "")).isEmpty();
        Path folder = Files.createDirectories(home.resolve(".kvstore"));
        Files.writeString(folder.resolve("cluster.json"), """
                {"format": "kvstore-local-cluster-1", "replication": 2,
                 "nodes": [{"name": "node1", "port": 8001}, {"name": "node2", "port": 8002}]}""");
        assertThat(completion.candidates(List.of("kill"), "")).containsExactly("node1", "node2");
        assertThat(completion.candidates(List.of("logs", "-n", "5"), "node2")).containsExactly("node2");
        Files.writeString(folder.resolve("cluster.json"), "damaged");
        assertThat(completion.candidates(List.of("kill"), "")).isEmpty();
    }
}
