package dev.kvstore.cli.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Addresses and durations as users write them. */
class NodeAddressTest {
    @ParameterizedTest
    @CsvSource({
        "localhost:8001, localhost, 8001",
        "http://node1:80/, node1, 80",
        "[::1]:8001, [::1], 8001",
        "demo-0.demo-peers.default.svc:8080, demo-0.demo-peers.default.svc, 8080"
    })
    void readsHostAndPort(String text, String host, int port) {
        assertThat(NodeAddress.parse(text)).isEqualTo(new NodeAddress(host, port));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "localhost", "localhost:", ":8001", "localhost:0", "localhost:65536", "a b:1", "::1:8001"})
    void refusesTheRest(String text) {
        assertThatThrownBy(() -> NodeAddress.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("HOST:PORT");
    }

    @Test
    void readsDurations() {
        assertThat(Durations.parse("500ms")).isEqualTo(Duration.ofMillis(500));
        assertThat(Durations.parse("30s")).isEqualTo(Duration.ofSeconds(30));
        assertThat(Durations.parse("2m")).isEqualTo(Duration.ofMinutes(2));
        assertThat(Durations.parse("1h")).isEqualTo(Duration.ofHours(1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "5", "0s", "-1s", "1.5s", "s", "10 s"})
    void refusesOtherDurations(String text) {
        assertThatThrownBy(() -> Durations.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }
}
