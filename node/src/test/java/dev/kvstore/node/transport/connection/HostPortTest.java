package dev.kvstore.node.transport.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HostPortTest {
    @Test
    void readsNamesAndAddresses() {
        assertThat(HostPort.parse("localhost:18001")).isEqualTo(new HostPort("localhost", 18001));
        assertThat(HostPort.parse("10.0.0.1:1")).isEqualTo(new HostPort("10.0.0.1", 1));
        assertThat(HostPort.parse("[::1]:18001")).isEqualTo(new HostPort("::1", 18001));
        assertThat(HostPort.parse("[::1]:18001")).hasToString("[::1]:18001");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "localhost", ":1", "localhost:", "localhost:x", "localhost:0", "localhost:65536", "::1:5"})
    void refusesWhatIsNoAddress(String text) {
        assertThatThrownBy(() -> HostPort.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("host:port");
    }
}
