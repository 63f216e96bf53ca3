package dev.kvstore.node.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Keys that HTTP servers like to normalise each stay themselves, and no two of them meet. */
@QuarkusTest
class KeysStayThemselvesTest extends HttpTest {
    /** Path as it is sent, and the key that it names, each character a byte. */
    private static final String[][] KEYS = {
        {"a", "a"},
        {"a/", "a/"},
        {"//a", "//a"},
        {"/", "/"},
        {"/a", "/a"},
        {"a//b", "a//b"},
        {"a///b", "a///b"},
        {"a;b", "a;b"},
        {"a;", "a;"},
        {";b", ";b"},
        {"a;b=c", "a;b=c"},
        {"a%3Bb;c", "a;b;c"},
        {"..", ".."},
        {".", "."},
        {"./a", "./a"},
        {"../a", "../a"},
        {"a/../b", "a/../b"},
        {"a/./b", "a/./b"},
        {"a/%2E%2E/c", "a/../c"},
        {"%2E%2E%2Fd", "../d"},
        {"%2E%2E/%2E%2E/v1/cluster", "../../v1/cluster"},
        {"%FF", "\u00ff"},
        {"%ff%FE", "\u00ff\u00fe"},
        {"%80", "\u0080"},
        {"%C3%28", "\u00c3("},
        {"+", "+"},
        {"a+b", "a+b"},
        {"%20", " "},
        {"a%20b", "a b"},
        {"%2B%20+", "+ +"},
        {"a%2Fb", "a/b"},
        {"%3F", "?"},
        {"a%3Fb%3D1", "a?b=1"},
        {"%23", "#"},
        {"a%23b", "a#b"},
        {"%00", "\u0000"},
        {"a%00", "a\u0000"},
        {"a%00b", "a\u0000b"},
        {"%25", "%"},
        {"%2525", "%25"},
        {"%25%32%46", "%2F"},
        {"%7B%7D", "{}"},
        {"{x}y", "{x}y"},
        {"{key}", "{key}"},
        {"*", "*"},
        {"%0D%0A", "\r\n"},
        {"%09", "\t"},
        {"a%5Cb", "a\\b"},
        {"\\", "\\"},
        {"%22", "\""},
        {"'", "'"},
        {"a:b@c", "a:b@c"},
        {"a=b&c", "a=b&c"},
        {"A", "A"},
        {"%41%42", "AB"},
        {"sch%C3%B6n", "sch\u00c3\u00b6n"},
        {"scho%CC%88n", "scho\u00cc\u0088n"},
        {"%F0%9F%98%80", "\u00f0\u009f\u0098\u0080"},
        {"%EF%BB%BF", "\u00ef\u00bb\u00bf"},
        {"q/health", "q/health"},
        {"http://other/x", "http://other/x"},
        {"|^`<>\"", "|^`<>\""},
        {"\u00c3\u009c", "\u00c3\u009c"},
    };

    @Test
    void eachKeyKeepsItsOwnValue() throws IOException {
        for (String[] each : KEYS) {
            assertThat(put("/v1/keys/" + each[0], "value of " + each[0]).status())
                    .as(each[0])
                    .isIn(201, 204);
        }
        for (String[] each : KEYS) {
            assertThat(get("/v1/keys/" + each[0]).text()).as(each[0]).isEqualTo("value of " + each[0]);
            assertThat(get("/v1/keys?key64=" + base64(each[1])).text())
                    .as("%s by key64", each[0])
                    .isEqualTo("value of " + each[0]);
        }
        Map<String, String> listed = list();
        for (String[] each : KEYS) {
            assertThat(listed).as(each[0]).containsEntry(each[1], "value of " + each[0]);
        }
        for (String[] each : KEYS) {
            assertThat(http.send("DELETE", "/v1/keys/" + each[0]).status())
                    .as(each[0])
                    .isEqualTo(204);
            assertThat(get("/v1/keys/" + each[0]).status()).as(each[0]).isEqualTo(404);
        }
        assertThat(list()).isEmpty();
    }

    @Test
    void noTwoOfTheKeysAreTheSame() {
        assertThat(List.of(KEYS).stream().map(each -> each[1])).doesNotHaveDuplicates();
    }

    @Test
    void aKeyIsItsBytesHoweverTheyAreEscaped() throws IOException {
        put("/v1/keys/a/b", "one");
        assertThat(get("/v1/keys/a%2Fb").text()).isEqualTo("one");
        assertThat(get("/v1/keys/%61%2f%62").text()).isEqualTo("one");
        assertThat(get("/v1/keys?key64=YS9i").text()).isEqualTo("one");
        assertThat(get("/v1/keys?key64=YS9i&consistency=stale").text()).isEqualTo("one");
        put("/v1/keys/sch\u00c3\u00b6n", "two");
        assertThat(get("/v1/keys/sch%C3%B6n").text()).isEqualTo("two");
        put("/v1/keys?key64=_w", "three");
        assertThat(get("/v1/keys/%FF").text()).isEqualTo("three");
        put("/v1/keys?key64=_w%3D%3D", "four");
        assertThat(get("/v1/keys/%FF").text()).isEqualTo("four");
        for (String key : List.of("a/b", "sch%C3%B6n", "%FF")) {
            http.send("DELETE", "/v1/keys/" + key);
        }
    }

    @Test
    void aRequestAsForAProxyNamesTheSameKey() throws IOException {
        put("/v1/keys/via//proxy", "x");
        assertThat(get("http://localhost/v1/keys/via//proxy").text()).isEqualTo("x");
        http.send("DELETE", "/v1/keys/via//proxy");
    }

    @Test
    void aKeyIsLocatedAsItIs() throws IOException {
        for (String[] each : KEYS) {
            var located = json(get("/v1/cluster/locate/" + each[0]));
            assertThat(bytes(
                            located.path("key").textValue(),
                            located.path("key64").textValue()))
                    .as(each[0])
                    .isEqualTo(each[1]);
            assertThat(json(get("/v1/cluster/locate?key64=" + base64(each[1]))))
                    .as(each[0])
                    .isEqualTo(located);
        }
    }

    @Test
    void pathsThatOnlyBecomeOursByNormalisingAreNone() throws IOException {
        for (String path : List.of(
                "//v1/keys/a",
                "/v1//keys/a",
                "/v1/./keys/a",
                "/x/../v1/keys/a",
                "/v1/%6Beys/a",
                "/v1/keys;x/a",
                "/v1/keys%2Fa")) {
            assertProblem(put(path, "x"), 404, "no-such-path");
        }
    }

    private Map<String, String> list() throws IOException {
        Map<String, String> all = new LinkedHashMap<>();
        List<String> order = new ArrayList<>();
        String after = "";
        while (true) {
            var page = json(get("/v1/keys?limit=7&values=true" + after));
            for (var item : page.path("keys")) {
                String key =
                        bytes(item.path("key").textValue(), item.path("key64").textValue());
                order.add(key);
                all.put(key, item.path("value").asText());
            }
            if (!page.has("next") && !page.has("next64")) {
                assertThat(order).isSorted().doesNotHaveDuplicates();
                return all;
            }
            after = "&after64="
                    + base64(bytes(
                            page.path("next").textValue(), page.path("next64").textValue()));
        }
    }

    private static String bytes(String text, String base64) {
        return new String(
                text != null
                        ? text.getBytes(StandardCharsets.UTF_8)
                        : Base64.getUrlDecoder().decode(base64),
                StandardCharsets.ISO_8859_1);
    }

    private static String base64(String bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes.getBytes(StandardCharsets.ISO_8859_1));
    }
}
