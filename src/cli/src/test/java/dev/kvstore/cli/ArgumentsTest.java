package dev.kvstore.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kvstore.cli.output.Failure;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Arguments that Java could not decode. */
class ArgumentsTest {
    @Test
    void areReadAgainFromTheEndOfTheCommandLine() {
        byte[] commandLine = "java\0-jar\0x\0put\0k\u00e9\0\0".getBytes(StandardCharsets.UTF_8);
        assertThat(Arguments.last(commandLine, List.of("put", "k??", ""))).containsExactly("put", "k\u00e9", "");
    }

    @Test
    void areRefusedWhenTheyAreNotUtf8() {
        byte[] commandLine = {'g', 'e', 't', 0, (byte) 0xff, 0};
        assertThatThrownBy(() -> Arguments.last(commandLine, List.of("get", "?")))
                .isInstanceOf(Failure.class)
                .hasMessageContaining("--key64");
    }

    @Test
    void stayAsTheyAreWhenJavaUnderstoodThem() {
        List<String> arguments = List.of("put", "k\u00e9", "v");
        assertThat(Arguments.exact(arguments, StandardCharsets.UTF_8)).isEqualTo(arguments);
    }
}
