package dev.kvstore.node.coordination;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kvstore.core.ring.Desired;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DesiredJsonTest {
    private static final String MINIMAL = """
            {"memberCount": 3, "members": {"a": "east", "b": ""}, "replicationFactor": 2, "partitions": 128,
             "minInSync": 1, "replaceAfterMs": 300000}
            """;

    @Test
    void readsBackWhatItWrote() throws DesiredFormatException {
        Desired desired = new Desired(
                3, Map.of("a", "east", "b", "", "ä", "w"), 2, 64, 1, 60_000, Map.of(7, 12L, 63, 1L << 40), true);
        assertThat(DesiredJson.read(DesiredJson.write(desired))).isEqualTo(desired);
    }

    @Test
    void takesWhatAHumanMayLeaveOutOrAdd() throws DesiredFormatException {
        Desired expected = new Desired(3, Map.of("a", "east", "b", ""), 2, 128, 1, 300_000, Map.of(), false);
        assertThat(DesiredJson.read(MINIMAL)).isEqualTo(expected);
        assertThat(DesiredJson.read(MINIMAL.replace("{\"memberCount\"", "{\"note\": [1], \"memberCount\"")))
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "memberCount\": 3 -> memberCount\": 0",
                "memberCount\": 3 -> memberCount\": 1.5",
                "memberCount\": 3 -> memberCount\": \"3\"",
                "\"partitions\": 128 -> \"partitions\": 100",
                "\"partitions\": 128 -> \"partitions\": 2048",
                "\"a\": \"east\" -> \"a\": 5",
                "\"minInSync\" -> \"minInsync\"",
                "300000 -> 300000, \"acceptLoss\": {\"x\": 5}",
                "300000 -> 300000, \"acceptLoss\": 5",
                "300000 -> 300000, \"unsafeRestore\": \"yes\"",
                "} -> ",
                "{ -> [",
            })
    void saysWhatIsWrong(String change) {
        String[] parts = change.split(" -> ", -1);
        String text = MINIMAL.replace(parts[0], parts[1]);
        assertThat(text).isNotEqualTo(MINIMAL);
        assertThatThrownBy(() -> DesiredJson.read(text))
                .isInstanceOf(DesiredFormatException.class)
                .hasMessageMatching("(?s).+");
    }
}
