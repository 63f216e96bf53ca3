package dev.kvstore.testkit.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;

class RingChangeTest {
    private static final String BEFORE = """
            {"members": [{"name": "a"}, {"name": "b"}, {"name": "c"}], "partitions": [
              {"primary": "a", "inSync": ["a", "b"]}, {"primary": "b", "inSync": ["b", "c"]},
              {"primary": "c", "inSync": ["a", "c"]}, {"primary": "a", "inSync": ["a", "b"]}]}""";
    private static final String AFTER = """
            {"members": [{"name": "a"}, {"name": "b"}, {"name": "c"}, {"name": "d"}], "partitions": [
              {"primary": "d", "inSync": ["b", "d"]}, {"primary": "b", "inSync": ["b", "c"]},
              {"primary": "c", "inSync": ["c", "d"]}, {"primary": "b", "inSync": ["b", "c"]}]}""";

    @Test
    void countsCopiesThatAMemberDidNotHaveBefore() throws Exception {
        RingChange change = RingChange.of(json(BEFORE), json(AFTER));
        assertThat(change).isEqualTo(new RingChange(8, 3, 4, 1, 2, 4));
        assertThat(change.least()).isEqualTo(2);
        assertThat(change.movedOverLeast()).isEqualTo(1.5);
        assertThat(change.primariesOverMean()).isEqualTo(2);
    }

    private static JsonNode json(String text) throws Exception {
        return new ObjectMapper().readTree(text);
    }
}
