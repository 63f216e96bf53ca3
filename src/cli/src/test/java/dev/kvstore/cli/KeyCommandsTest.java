package dev.kvstore.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Commands on keys, against a stub of one node (a map behind the HTTP interface). */
class KeyCommandsTest {
    @TempDir
    Path home;

    private final StubStore store = new StubStore();
    private StubNode node;
    private Cli cli;

    @BeforeEach
    void start() throws IOException {
        node = StubNode.start(store);
        cli = Cli.in(home).asking(node.address());
    }

    @AfterEach
    void stop() {
        node.close();
    }

    @Test
    void putSaysWhetherTheKeyWasThereAndItsVersion() {
        assertThat(cli.run("put", "user1", "Alice").out()).isEqualTo("created, version 1\n");
        Cli.Result second = cli.run("put", "user1", "Bob");
        assertThat(second.out()).isEqualTo("replaced, version 2\n");
        assertThat(second.exitCode()).isZero();
        assertThat(second.err()).isEmpty();
    }

    @Test
    void getPrintsTheBytesOfTheValueAndNothingElse() {
        byte[] any = allBytes();
        store.put(bytes("bin"), any);
        Cli.Result result = cli.run("get", "bin");
        assertThat(result.bytes()).isEqualTo(any);
        assertThat(result.exitCode()).isZero();
    }

    @Test
    void getEndsTheLineForAPersonWhenTheValueDoesNot() {
        store.put(bytes("a"), bytes("no end"));
        store.put(bytes("b"), bytes("an end\n"));
        assertThat(cli.atTerminal().run("get", "a").out()).isEqualTo("no end\n");
        assertThat(cli.atTerminal().run("get", "b").out()).isEqualTo("an end\n");
    }

    @Test
    void putReadsAnyBytesFromStandardInput() {
        assertThat(cli.runWith(allBytes(), "put", "bin", "-").exitCode()).isZero();
        assertThat(store.get(bytes("bin")).orElseThrow().value()).isEqualTo(allBytes());
    }

    @Test
    void putTakesAnEmptyValue() {
        assertThat(cli.run("put", "empty", "").exitCode()).isZero();
        assertThat(cli.run("get", "empty").bytes()).isEmpty();
    }

    @Test
    void putTakesValuesThatLookLikeOptionsOrFiles() {
        cli.run("put", "at", "@/etc/hostname");
        cli.run("put", "minus", "-5");
        cli.run("put", "--", "option", "-x");
        assertThat(store.get(bytes("at")).orElseThrow().value()).isEqualTo(bytes("@/etc/hostname"));
        assertThat(store.get(bytes("minus")).orElseThrow().value()).isEqualTo(bytes("-5"));
        assertThat(store.get(bytes("option")).orElseThrow().value()).isEqualTo(bytes("-x"));
    }

    @Test
    void putRefusesAnInputThatNoClusterTakes() {
        Cli.Result result = cli.runWith(new byte[(16 << 20) + 1], "put", "big", "-");
        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.err()).contains("larger than 16 MiB");
        assertThat(node.requests()).isEmpty();
    }

    @Test
    void putSendsTtlAndConditions() {
        cli.run("put", "--ttl", "30s", "s", "x");
        assertThat(node.requests()).contains("PUT /v1/keys/s?ttl=30s");
        assertThat(cli.run("put", "--if-absent", "s", "y").exitCode()).isEqualTo(1);
        assertThat(cli.run("put", "--if-version", "1", "s", "y").exitCode()).isZero();
        assertThat(cli.run("put", "--if-version", "1", "s", "z").exitCode()).isEqualTo(1);
        assertThat(store.get(bytes("s")).orElseThrow().value()).isEqualTo(bytes("y"));
    }

    @Test
    void aFailedConditionTellsTheVersionThatIsThere() {
        store.put(bytes("k"), bytes("v"));
        assertThat(cli.run("put", "--if-absent", "k", "w").err())
                .isEqualTo("condition failed: k has version 1, so it is not absent. Nothing was written.\n");
        assertThat(cli.run("put", "--if-version", "7", "k", "w").err())
                .isEqualTo("condition failed: k has version 1, not version 7. Nothing was written.\n");
        assertThat(cli.run("delete", "--if-version", "7", "absent").err())
                .isEqualTo("condition failed: absent is not there, not version 7. Nothing was written.\n");
    }

    @Test
    void refusesTwoConditionsAtOnce() {
        Cli.Result result = cli.run("put", "--if-absent", "--if-version", "3", "k", "v");
        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(node.requests()).isEmpty();
    }

    @Test
    void anAbsentKeyIsNotFound() {
        assertThat(cli.run("get", "nobody").exitCode()).isEqualTo(1);
        assertThat(cli.run("get", "nobody").err()).isEqualTo("not found: nobody\n");
        assertThat(cli.run("get", "nobody").bytes()).isEmpty();
        assertThat(cli.run("delete", "nobody").exitCode()).isEqualTo(1);
    }

    @Test
    void deleteRemovesTheKey() {
        store.put(bytes("k"), bytes("v"));
        assertThat(cli.run("delete", "k").out()).isEqualTo("deleted\n");
        assertThat(store.get(bytes("k"))).isEmpty();
    }

    @Test
    void getAsJsonTellsTheVersionAndWritesOtherBytesInBase64() {
        store.put(bytes("k"), bytes("v\u00e9"));
        store.put(new byte[] {(byte) 0xff}, new byte[] {0, (byte) 0xfe});
        assertThat(cli.run("get", "--output", "json", "k").out())
                .isEqualToIgnoringWhitespace("{\"key\": \"k\", \"version\": 1, \"value\": \"v\u00e9\"}");
        assertThat(cli.run("get", "--output", "json", "--key64", "_w").out())
                .isEqualToIgnoringWhitespace("{\"key64\": \"_w\", \"version\": 2, \"value64\": \"AP4\"}");
    }

    @Test
    void getMayAskForAnyCopy() {
        store.put(bytes("k"), bytes("v"));
        cli.run("get", "--stale", "k");
        assertThat(node.requests()).contains("GET /v1/keys/k?consistency=stale");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"a/", "//a", "a//b", "a;b", "..", ".", "%2E%2E", "%FF", "+", " ", "a b", "h\u00e9", "a?b#c"})
    void everyKeyStaysItself(String key) {
        assertThat(cli.run("put", key, "v").exitCode()).isZero();
        assertThat(store.get(bytes(key))).isPresent();
        assertThat(store.all()).hasSize(1);
        assertThat(cli.run("get", key).out()).isEqualTo("v");
        assertThat(cli.run("delete", key).exitCode()).isZero();
    }

    @ParameterizedTest
    @CsvSource({"'', A key has at least one byte.", "=?, is not base64url"})
    void refusesWhatIsNoKey(String key, String why) {
        String[] command = key.isEmpty() ? new String[] {"get", key} : new String[] {"get", "--key64", key};
        Cli.Result result = cli.run(command);
        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.err()).contains(why);
        assertThat(node.requests()).isEmpty();
    }

    @Test
    void locateTellsWhereAKeyLives() {
        assertThat(cli.run("locate", "user1").out()).isEqualTo("""
                key        user1
                slot       1234
                partition  9, epoch 3
                primary    node2
                in sync    node2, node3
                replicas   node2, node3
                """);
        assertThat(cli.run("locate", "--output", "json", "a/b").out()).contains("\"key\" : \"a/b\"", "\"slot\" : 1234");
    }

    private static byte[] allBytes() {
        byte[] bytes = new byte[256];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) i;
        }
        return bytes;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
