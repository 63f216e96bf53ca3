package dev.kvstore.node.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Lists over all partitions of a real node. */
@QuarkusTest
class ListCallsTest extends HttpTest {
    @Test
    void listsKeysInByteOrderInPages() throws IOException {
        TreeSet<String> keys = new TreeSet<>();
        for (int i = 0; i < 60; i++) {
            String key = "list/" + i;
            keys.add(key);
            put("/v1/keys/" + key, "value " + i);
        }
        for (int limit : List.of(1, 7, 59, 60, 1_000)) {
            assertThat(pages("/v1/keys?prefix=list/&limit=" + limit, limit)).containsExactlyElementsOf(keys);
        }
        JsonNode page = json(get("/v1/keys?prefix=list/&after=list/3&limit=2&values=true"));
        assertThat(page.path("keys").get(0).path("key").asText()).isEqualTo("list/30");
        assertThat(page.path("keys").get(0).path("value").asText()).isEqualTo("value 30");
        assertThat(page.path("keys").get(0).path("version").asLong()).isPositive();
        assertThat(page.path("next").asText()).isEqualTo("list/31");
        assertThat(json(get("/v1/keys?prefix=list/&limit=1"))
                        .path("keys")
                        .get(0)
                        .has("value"))
                .isFalse();
        keys.forEach(this::delete);
        assertThat(json(get("/v1/keys?prefix=list/")).toString()).isEqualTo("{\"keys\":[]}");
    }

    @Test
    void listsManyKeysOfOnePartitionInFullPages() throws IOException {
        for (int i = 100; i < 200; i++) {
            put("/v1/keys/{tag}" + i, "x");
        }
        List<String> keys = pages("/v1/keys?prefix=%7Btag%7D&limit=90", 90);
        assertThat(keys).hasSize(100).isSorted();
        keys.forEach(this::delete);
    }

    @Test
    void takesAPlusInAQueryForASpace() throws IOException {
        put("/v1/keys/plus%20x", "space");
        put("/v1/keys/plus+x", "plus");
        assertThat(json(get("/v1/keys?prefix=plus+")).findValuesAsText("key")).containsExactly("plus x");
        assertThat(json(get("/v1/keys?prefix=plus%2B")).findValuesAsText("key")).containsExactly("plus+x");
        assertThat(json(get("/v1/keys?prefix64=cGx1cys")).findValuesAsText("key"))
                .containsExactly("plus+x");
        delete("plus%20x");
        delete("plus+x");
    }

    @Test
    void makesPagesShorterRatherThanTooLarge() throws IOException {
        byte[] value = new byte[100_000];
        for (int i = 0; i < 120; i++) {
            http.send("PUT", "/v1/keys/fat" + i, value);
        }
        List<String> keys = pages("/v1/keys?prefix=fat&values=true&limit=1000", 1_000);
        assertThat(keys).hasSize(120).isSorted();
        keys.forEach(this::delete);
    }

    private List<String> pages(String target, int limit) throws IOException {
        List<String> keys = new ArrayList<>();
        JsonNode page = json(get(target));
        while (true) {
            assertThat(page.path("keys").size()).isLessThanOrEqualTo(limit);
            page.path("keys").forEach(item -> keys.add(item.path("key").asText()));
            if (!page.has("next")) {
                return keys;
            }
            page = json(get(target + "&after="
                    + page.path("next").asText().replace("{", "%7B").replace("}", "%7D")));
        }
    }

    private void delete(String key) {
        try {
            assertThat(http.send("DELETE", "/v1/keys/" + key).status()).as(key).isEqualTo(204);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
