package dev.kvstore.testkit.bench.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FormatTest {
    private static final Report REPORT = new Report(
            "./kvstore bench",
            Map.of("cores", "2"),
            List.of(new Table("Speed", List.of("", "requests/s"), List.of(List.of("PUT", "1,234")))),
            List.of("nothing failed"));

    @Test
    void markdownCanBePasted() {
        assertThat(Format.MARKDOWN.write(REPORT)).isEqualTo("""
                        `./kvstore bench`

                        cores: 2.

                        Speed:

                        |  | requests/s |
                        | --- | --- |
                        | PUT | 1,234 |

                        nothing failed
                        """);
    }

    @Test
    void columnsOfATableStandBelowEachOther() {
        assertThat(Format.TABLE.write(REPORT)).contains("       requests/s\n  PUT  1,234\n");
    }

    @Test
    void jsonNamesEveryCell() throws Exception {
        JsonNode json = new ObjectMapper().readTree(Format.JSON.write(REPORT));
        assertThat(json.at("/tables/0/rows/0/requests~1s").asText()).isEqualTo("1,234");
        assertThat(json.at("/command").asText()).isEqualTo("./kvstore bench");
    }

    @Test
    void aRowHasACellForEveryColumn() {
        assertThatThrownBy(() -> new Table("Speed", List.of("a", "b"), List.of(List.of("1"))))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void theMedianIsTheMiddle() {
        assertThat(Numbers.median(List.of(5.0, 1.0, 3.0))).isEqualTo(3);
        assertThat(Numbers.median(List.of(4.0, 1.0, 3.0, 2.0))).isEqualTo(2.5);
        assertThatThrownBy(() -> Numbers.median(List.of())).isInstanceOf(IllegalArgumentException.class);
    }
}
