package dev.kvstore.operator.observed;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.Map;
import java.util.Optional;

/** What the nodes were last told that the cluster should be, as far as the operator asks for it again. */
@JsonIgnoreProperties(ignoreUnknown = true)
public record Config(int memberCount, Map<String, String> members, int partitions, Map<Integer, Long> acceptLoss) {
    private static final JsonMapper MAPPER = new JsonMapper();

    public Config {
        members = members == null ? Map.of() : Map.copyOf(members);
        acceptLoss = acceptLoss == null ? Map.of() : Map.copyOf(acceptLoss);
    }

    /** Reads the document; empty when someone wrote something else there, which the next pass puts right. */
    static Optional<Config> read(String json) {
        try {
            return Optional.of(MAPPER.readValue(json, Config.class));
        } catch (JacksonException e) {
            return Optional.empty();
        }
    }
}
