package dev.kvstore.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kvstore.cli.model.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code list}, against a stub of one node. */
class ListCommandTest {
    @TempDir
    Path home;

    private final StubStore store = new StubStore();
    private StubNode node;
    private Cli cli;

    @BeforeEach
    void start() throws IOException {
        node = StubNode.start(store);
        cli = Cli.in(home).asking(node.address());
        for (String name : new String[] {"apple", "user1", "user2", "user3"}) {
            store.put(bytes(name), bytes("value of " + name));
        }
    }

    @AfterEach
    void stop() {
        node.close();
    }

    @Test
    void listsKeysInOrder() {
        assertThat(cli.run("list").out()).isEqualTo("apple\nuser1\nuser2\nuser3\n");
        assertThat(cli.run("list", "user").out()).isEqualTo("user1\nuser2\nuser3\n");
        assertThat(cli.run("list", "nothing").out()).isEmpty();
        assertThat(cli.run("list", "nothing").exitCode()).isZero();
    }

    @Test
    void listsValuesOnTheSameLine() {
        assertThat(cli.run("list", "apple", "--values").out()).isEqualTo("apple\tvalue of apple\n");
    }

    @Test
    void saysHowToGoOnWhenThereIsMore() {
        Cli.Result result = cli.run("list", "--limit", "2");
        assertThat(result.out()).isEqualTo("apple\nuser1\n");
        assertThat(result.err()).isEqualTo("There are more keys. To go on: --after 'user1'\n");
        assertThat(cli.run("list", "--limit", "2", "--after", "user1").out()).isEqualTo("user2\nuser3\n");
        assertThat(cli.run("list", "--limit", "2", "--after", "user1").err()).isEmpty();
    }

    @Test
    void followsPagesUpToTheLimit() {
        for (int i = 0; i < 2500; i++) {
            store.put(bytes("z%04d".formatted(i)), bytes("v"));
        }
        assertThat(cli.run("list", "z", "--limit", "2400").out().lines())
                .hasSize(2400)
                .last()
                .isEqualTo("z2399");
        assertThat(node.requests().stream().filter(r -> r.startsWith("GET /v1/keys?")))
                .hasSize(3);
    }

    @Test
    void keysThatAreNoTextAreShownSoThatTheyCanBeTyped() {
        store.put(new byte[] {(byte) 0xff, '\n'}, new byte[] {(byte) 0xfe});
        store.put(bytes("two\nlines"), bytes("a\tb"));
        assertThat(cli.run("list", "--after", "user3", "--values").out()).isEqualTo("--key64 _wo\tbase64:_g\n");
        assertThat(cli.run("list", "two", "--values").out()).isEqualTo("two\\nlines\ta\\tb\n");
    }

    @Test
    void goesOnAfterAKeyThatIsNoText() {
        store.put(new byte[] {(byte) 0xfe}, bytes("1"));
        store.put(new byte[] {(byte) 0xff}, bytes("2"));
        Cli.Result result = cli.run("list", "--limit", "1", "--after", "user3");
        assertThat(result.err()).isEqualTo("There are more keys. To go on: --after64 _g\n");
        assertThat(cli.run("list", "--after64", "_g").out()).isEqualTo("--key64 _w\n");
    }

    @Test
    void jsonIsOneDocument() {
        store.put(new byte[] {(byte) 0xff}, bytes("x"));
        ObjectNode all = Json.parseObject(
                        cli.run("list", "--output", "json", "--values").bytes())
                .orElseThrow();
        assertThat(all.path("keys")).hasSize(5);
        assertThat(all.path("keys").get(0).path("value").asText()).isEqualTo("value of apple");
        assertThat(all.path("keys").get(4).path("key64").asText()).isEqualTo("_w");
        assertThat(all.has("next")).isFalse();
        ObjectNode page = Json.parseObject(
                        cli.run("list", "--output", "json", "--limit", "1").bytes())
                .orElseThrow();
        assertThat(page.path("next").asText()).isEqualTo("apple");
        ObjectNode none = Json.parseObject(
                        cli.run("list", "--output", "json", "none").bytes())
                .orElseThrow();
        assertThat(none.path("keys")).isEmpty();
    }

    @Test
    void refusesBadLimits() {
        assertThat(cli.run("list", "--limit", "0").exitCode()).isEqualTo(2);
        assertThat(cli.run("list", "--limit", "many").exitCode()).isEqualTo(2);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
