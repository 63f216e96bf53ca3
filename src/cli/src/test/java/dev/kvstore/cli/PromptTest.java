package dev.kvstore.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The prompt when its lines come from a file, against a stub of one node. */
class PromptTest {
    @TempDir
    Path home;

    private StubNode node;
    private Cli cli;

    @BeforeEach
    void start() throws IOException {
        node = StubNode.start(new StubStore());
        cli = Cli.in(home).asking(node.address());
    }

    @AfterEach
    void stop() {
        node.close();
    }

    @Test
    void runsLineAfterLine() {
        Cli.Result result = type("""
                # a comment
                put user1 Alice

                put user2 'Bob "the" builder'   # another
                get user1
                get user2
                list
                delete user1
                quit
                get user2
                """);
        assertThat(result.out()).isEqualTo("""
                created, version 1
                created, version 2
                Alice
                Bob "the" builder
                user1
                user2
                deleted
                """);
        assertThat(result.exitCode()).isZero();
        assertThat(result.err()).isEmpty();
    }

    @Test
    void goesOnAfterAFailureAndEndsWithTheFirstOnesCode() {
        Cli.Result result = type("get nobody\nput k v\nget\nget k\n");
        assertThat(result.out()).isEqualTo("created, version 1\nv\n");
        assertThat(result.err()).contains("not found: nobody", "Missing required parameter");
        assertThat(result.exitCode()).isEqualTo(1);
    }

    @Test
    void anUnclosedQuoteIsWrongUse() {
        Cli.Result result = type("put k 'v\nget k\n");
        assertThat(result.err()).startsWith("A quote (') is not closed.\n");
        assertThat(result.exitCode()).isEqualTo(2);
    }

    @Test
    void standardInputIsThePromptsOwn() {
        Cli.Result result = type("put k -\n");
        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.err()).contains("At the prompt a value cannot come from standard input");
    }

    @Test
    void optionsBeforeThePromptHoldForItsCommandsUnlessTheySayOtherwise() throws IOException {
        try (StubNode other = StubNode.start(new StubStore())) {
            Cli.Result result =
                    type("put k v --node " + other.address() + "\nget k --node " + other.address() + "\nget k\n");
            assertThat(result.out()).isEqualTo("created, version 1\nv\n");
            assertThat(result.err()).isEqualTo("not found: k\n");
        }
    }

    @Test
    void helpListsTheCommands() {
        assertThat(type("help\n").out()).contains("put ", "locate ", "quit ");
        assertThat(type("help put\n").out()).contains("Usage: kvstore put");
    }

    @Test
    void writesNoEscapeCodesAndNoPrompt() {
        assertThat(type("help\nput k v\nhelp put\nstatus\n").out()).doesNotContain("\u001b", "kvstore>");
    }

    private Cli.Result type(String lines) {
        return cli.runWith(lines.getBytes(StandardCharsets.UTF_8));
    }
}
