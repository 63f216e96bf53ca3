package dev.kvstore.cli.prompt;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** What Tab offers. */
class CompletionTest {
    private final Completion completion = new Completion(commands(), Map.of("NODE", () -> List.of("node1", "node2")));

    @Test
    void offersCommandsFirst() {
        assertThat(completion.candidates(List.of(), "")).containsExactly("exit", "get", "kill", "quit");
        assertThat(completion.candidates(List.of(), "k")).containsExactly("kill");
    }

    @Test
    void offersTheOptionsOfTheCommand() {
        assertThat(completion.candidates(List.of("get"), "--")).containsExactly("--output", "--stale");
        assertThat(completion.candidates(List.of("get", "--stale", "k"), "--o")).containsExactly("--output");
        assertThat(completion.candidates(List.of("nothing"), "-")).isEmpty();
    }

    @Test
    void offersTheValuesOfAnOption() {
        assertThat(completion.candidates(List.of("get", "--output"), "j")).containsExactly("json");
        assertThat(completion.candidates(List.of("get", "--stale"), "")).isEmpty();
    }

    @Test
    void offersNamesOfNodesWhereOneIsDue() {
        assertThat(completion.candidates(List.of("kill"), "")).containsExactly("node1", "node2");
        assertThat(completion.candidates(List.of("kill", "node1"), "")).isEmpty();
    }

    @Test
    void offersCommandsAfterHelp() {
        assertThat(completion.candidates(List.of("help"), "g")).containsExactly("get");
    }

    private static CommandSpec commands() {
        CommandSpec get = CommandSpec.create()
                .addOption(OptionSpec.builder("--output")
                        .type(String.class)
                        .arity("1")
                        .completionCandidates(List.of("text", "json"))
                        .build())
                .addOption(OptionSpec.builder("--stale").arity("0").build())
                .addPositional(PositionalParamSpec.builder()
                        .index("0")
                        .type(String.class)
                        .paramLabel("KEY")
                        .build());
        CommandSpec kill = CommandSpec.create()
                .addPositional(PositionalParamSpec.builder()
                        .index("0")
                        .type(String.class)
                        .paramLabel("NODE")
                        .build());
        return CommandSpec.create().addSubcommand("get", get).addSubcommand("kill", kill);
    }
}
