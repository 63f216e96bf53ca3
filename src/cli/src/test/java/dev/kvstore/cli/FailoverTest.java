package dev.kvstore.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kvstore.cli.StubNode.Fault;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What happens when nodes are away or say no, against stubs of two nodes of one cluster. */
class FailoverTest {
    @TempDir
    Path home;

    private final StubStore store = new StubStore();
    private StubNode first;
    private StubNode second;
    private Cli cli;

    @BeforeEach
    void start() throws IOException {
        first = StubNode.start(store);
        second = StubNode.start(store);
        cli = Cli.in(home);
    }

    @AfterEach
    void stop() {
        first.close();
        second.close();
    }

    @Test
    void asksTheNextNodeWhenOneRefusesConnections() {
        first.close();
        Cli both = cli.asking(first.address(), second.address());
        assertThat(both.run("put", "k", "v").out()).isEqualTo("created, version 1\n");
        assertThat(both.run("get", "k").out()).isEqualTo("v");
        assertThat(both.run("delete", "k").exitCode()).isZero();
    }

    @Test
    void tellsInVerboseModeWhomItAsksNext() {
        first.close();
        Cli.Result result = cli.asking(first.address(), second.address()).run("--verbose", "put", "k", "v");
        assertThat(result.err()).contains(first.address() + ": connection refused, asking the next node");
    }

    @Test
    void readsElsewhereWhenANodeDropsTheConnection() {
        store.put(bytes("k"), bytes("v"));
        first.next(new Fault.DropAnswer());
        assertThat(cli.asking(first.address(), second.address()).run("get", "k").out())
                .isEqualTo("v");
    }

    @Test
    void readsElsewhereWhenANodeDoesNotAnswerInTime() {
        store.put(bytes("k"), bytes("v"));
        first.next(new Fault.Hang());
        Cli.Result result = cli.asking(first.address(), second.address()).run("get", "--timeout", "300ms", "k");
        assertThat(result.out()).isEqualTo("v");
    }

    @Test
    void neverWritesElsewhereWhenTheOutcomeIsUnknown() {
        first.next(new Fault.DropAnswer());
        Cli.Result result = cli.asking(first.address(), second.address()).run("put", "k", "v");
        assertThat(result.exitCode()).isEqualTo(3);
        assertThat(result.out()).isEmpty();
        assertThat(result.err()).startsWith("The outcome is unknown: " + first.address());
        assertThat(first.requests()).containsExactly("PUT /v1/keys/k");
        assertThat(second.requests()).isEmpty();
    }

    @Test
    void neverWritesElsewhereWhenANodeDoesNotAnswerInTime() {
        first.next(new Fault.Hang());
        Cli.Result result = cli.asking(first.address(), second.address()).run("delete", "--timeout", "300ms", "k");
        assertThat(result.exitCode()).isEqualTo(3);
        assertThat(result.err()).contains("The outcome is unknown", "no answer within 300 ms");
        assertThat(second.requests()).isEmpty();
    }

    @Test
    void asksTheNextNodeWhenOneKnowsNoPrimarySinceNothingWasWritten() {
        first.next(new Fault.Refuse(503, "no-primary", "Partition 9 has no primary for now"));
        assertThat(cli.asking(first.address(), second.address())
                        .run("put", "k", "v")
                        .exitCode())
                .isZero();
        assertThat(store.get(bytes("k"))).isPresent();
    }

    @Test
    void saysThatThereIsNoPrimaryWhenNobodyKnowsOne() {
        first.next(new Fault.Refuse(503, "no-primary", "Partition 9 has no primary for now"));
        second.close();
        Cli.Result result = cli.asking(first.address(), second.address()).run("put", "k", "v");
        assertThat(result.exitCode()).isEqualTo(3);
        assertThat(result.err())
                .isEqualTo("Partition 9 has no primary for now. Nothing was written. Try again in 1 s.\n");
    }

    @Test
    void aReadThatIsRefusedTalksOfNoWrite() {
        first.next(new Fault.Refuse(503, "no-primary", "Partition 9 has no primary for now"));
        assertThat(cli.asking(first.address()).run("get", "k").err())
                .isEqualTo("Partition 9 has no primary for now. Try again in 1 s.\n");
    }

    @Test
    void namesAllNodesWhenNoneAnswers() {
        first.close();
        second.close();
        Cli.Result result = cli.asking(first.address(), second.address()).run("put", "k", "v");
        assertThat(result.exitCode()).isEqualTo(3);
        assertThat(result.err())
                .contains("No node answers", first.address(), second.address(), "Nothing was written", "./kvstore up");
        assertThat(cli.asking(first.address()).run("get", "k").err()).doesNotContain("written");
    }

    @Test
    void asksNodesThatItLearnedOfEarlier() {
        first.cluster(StubNode.clusterOf(List.of("node1=" + first.address(), "node2=" + second.address()), 4));
        assertThat(cli.asking(first.address()).run("put", "k", "v").exitCode()).isZero();
        first.close();
        assertThat(cli.asking(first.address()).run("get", "k").out()).isEqualTo("v");
    }

    @Test
    void neverAsksNodesOfAnotherCluster() throws IOException {
        first.cluster(StubNode.clusterOf(List.of("node1=" + first.address()), 4));
        assertThat(cli.asking(first.address()).run("put", "k", "v").exitCode()).isZero();
        second.close();
        assertThat(cli.asking(second.address()).run("put", "k", "w").exitCode()).isEqualTo(3);
        assertThat(cli.asking(first.address()).run("get", "k").out()).isEqualTo("v");
    }

    @ParameterizedTest
    @CsvSource({
        "400, bad-key, 2",
        "400, bad-ttl, 2",
        "400, bad-header, 2",
        "413, value-too-large, 2",
        "404, no-such-path, 3",
        "429, overloaded, 3",
        "500, internal, 3",
        "503, partition-lost, 3",
        "504, outcome-unknown, 3",
        "507, disk-full, 3",
    })
    void answersOfNodesHaveExitCodes(int status, String code, int exitCode) {
        first.next(new Fault.Refuse(status, code, "Because of " + code));
        Cli.Result result = cli.asking(first.address(), second.address()).run("put", "k", "v");
        assertThat(result.exitCode()).isEqualTo(exitCode);
        assertThat(result.err()).contains("Because of " + code).doesNotContain("Exception");
        assertThat(second.requests()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"429, overloaded, false", "500, internal, true", "504, outcome-unknown, true", "507, disk-full, false"})
    void anErrorWithinTheNodeLeavesTheOutcomeOfAWriteUnknown(int status, String code, boolean unknown) {
        first.next(new Fault.Refuse(status, code, "Because"));
        String err = cli.asking(first.address()).run("put", "k", "v").err();
        assertThat(err.contains("The outcome is unknown")).isEqualTo(unknown);
        assertThat(err.contains("Nothing was written")).isEqualTo(!unknown);
    }

    @Test
    void anotherProgramOnThePortIsNoEmptyStore() {
        first.next(new Fault.Page(404, "<h1>Not here</h1>"));
        Cli.Result result = cli.asking(first.address()).run("get", "k");
        assertThat(result.exitCode()).isEqualTo(3);
        assertThat(result.err()).contains("does not answer like a kvstore node");
        first.next(new Fault.Page(200, "Welcome"));
        assertThat(cli.asking(first.address()).run("get", "k").exitCode()).isEqualTo(3);
        first.next(new Fault.Page(200, "Welcome"));
        assertThat(cli.asking(first.address()).run("list").exitCode()).isEqualTo(3);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
