package dev.kvstore.cli.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kvstore.cli.model.Key;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How keys stand in requests. */
class TargetTest {
    @Test
    void plainKeysStandInThePath() {
        assertThat(Target.key("/v1/keys", Key.of("user-1_a.b~C")).text()).isEqualTo("/v1/keys/user-1_a.b~C");
        assertThat(Target.key("/v1/keys", Key.of("a..b")).text()).isEqualTo("/v1/keys/a..b");
    }

    @ParameterizedTest
    @ValueSource(strings = {".", "..", "...", "a/b", "a;b", " ", "+", "%41", "h\u00e9", "a\u0000"})
    void keysThatSomebodyMayNormaliseStandInTheQuery(String key) {
        assertThat(Target.key("/v1/keys", Key.of(key)).text())
                .isEqualTo("/v1/keys?key64=" + Key.of(key).base64());
    }

    @Test
    void parametersAreEncodedByteForByte() {
        assertThat(Target.to("/v1/keys")
                        .with("prefix", "a+b c&d=\u00e9")
                        .with("after", new byte[] {(byte) 0xff, 0})
                        .text())
                .isEqualTo("/v1/keys?prefix=a%2Bb%20c%26d%3D%C3%A9&after=%FF%00");
    }
}
