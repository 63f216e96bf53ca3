package dev.kvstore.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Help, and what wrong use gets. */
class UsageTest {
    @TempDir
    Path home;

    @Test
    void helpListsTheCommandsWithAnExample() {
        Cli.Result result = cli().run("--help");
        assertThat(result.exitCode()).isZero();
        assertThat(result.out())
                .contains("put ", "status ", "kvstore put user1 Alice", "Exit codes")
                .doesNotContain("\u001b");
        assertThat(cli().run("help").out()).isEqualTo(result.out());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "up", "down", "put", "get", "delete", "list", "locate", "status", "start", "stop", "kill", "logs",
                "help"
            })
    void everyCommandHasHelpWithAnExample(String command) {
        Cli.Result result = cli().run(command, "--help");
        assertThat(result.exitCode()).isZero();
        assertThat(result.out()).contains("Usage: kvstore " + command, "Example", "  kvstore " + command);
        assertThat(cli().run("help", command).out()).isEqualTo(result.out());
    }

    @Test
    void versionIsPrinted() {
        assertThat(cli().run("--version").out()).startsWith("kvstore ");
    }

    @ParameterizedTest
    @CsvSource({"gte, get", "staus, status", "lst, list", "lcoate, locate", "kil, kill"})
    void anUnknownCommandSuggestsTheNearest(String typed, String meant) {
        Cli.Result result = cli().run(typed);
        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.err())
                .isEqualTo("There is no command '%s'. Did you mean '%s'? For a list: ./kvstore help\n"
                        .formatted(typed, meant));
        assertThat(cli().run("help", typed).err()).isEqualTo(result.err());
    }

    @Test
    void aWordThatIsLikeNoCommandSuggestsNone() {
        assertThat(cli().run("xyzzy").err()).isEqualTo("There is no command 'xyzzy'. For a list: ./kvstore help\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "put",
                "put k",
                "put k v w",
                "get k --if-absent",
                "get --output xml k",
                "get --node nowhere k",
                "get --node localhost:99999 k",
                "get --timeout soon k",
                "put --if-version x k v",
                "put --if-version -1 k v",
                "list a b",
                "--nodes 3",
                "up --nodes many",
                "up --nodes 0",
                "up --replication 99",
                "up --base-port 80",
                "up --base-port 60000",
                "up --zones a,,b/c",
            })
    void wrongUseIsTwoAndChangesNothing(String line) {
        Cli.Result result = cli().run(line.split(" "));
        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.err()).isNotBlank().doesNotContain("Exception", "\tat ");
        assertThat(result.out()).isEmpty();
        assertThat(home).isEmptyDirectory();
    }

    @Test
    void aValueThatLooksLikeAnOptionGetsAHint() {
        Cli.Result result = cli().run("put", "mood", "-x");
        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.err()).contains("comes after --", "Usage: kvstore put [OPTIONS] KEY VALUE");
    }

    @Test
    void verboseShowsTheStackTrace() {
        assertThat(cli().run("kill", "node1", "--verbose").err()).contains("\tat dev.kvstore.cli");
        assertThat(cli().run("--verbose", "kill", "node1").err()).contains("\tat dev.kvstore.cli");
    }

    /** Nothing listens there: no command that should be refused can reach a real cluster. */
    private Cli cli() {
        return Cli.in(home).asking("localhost:1");
    }
}
