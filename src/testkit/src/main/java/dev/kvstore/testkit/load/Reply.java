package dev.kvstore.testkit.load;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.http.HttpHeaders;
import java.net.http.HttpResponse;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a node answered.
 *
 * @param status the HTTP status
 * @param headers the headers
 * @param body the body, whole
 */
public record Reply(int status, HttpHeaders headers, Bytes body) {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern ETAG = Pattern.compile("\"([0-9]{1,19})\"");
    private static final String NO_CODE = "";

    static Reply of(HttpResponse<byte[]> response) {
        return new Reply(response.statusCode(), response.headers(), Bytes.of(response.body()));
    }

    /**
     * The version in the {@code ETag} header.
     *
     * @return the version; empty when there is no such header
     * @throws UnexpectedReplyException when the header is there and holds no version
     */
    public OptionalLong version() {
        return headers.firstValue("ETag").map(this::parsed).orElseGet(OptionalLong::empty);
    }

    private OptionalLong parsed(String etag) {
        Matcher matcher = ETAG.matcher(etag);
        if (!matcher.matches()) {
            throw new UnexpectedReplyException("an ETag that is no version: " + etag, this);
        }
        return OptionalLong.of(Long.parseLong(matcher.group(1)));
    }

    /**
     * The stable code of a problem document.
     *
     * @return the code; empty when the body is no problem document
     */
    public String problemCode() {
        boolean problem = headers.firstValue("Content-Type")
                .map(type -> type.startsWith("application/problem+json"))
                .orElse(false);
        if (!problem) {
            return NO_CODE;
        }
        try {
            return JSON.readTree(body.toArray()).path("code").asText(NO_CODE);
        } catch (JacksonException e) {
            throw new UnexpectedReplyException("a problem document that is no JSON", this, e);
        } catch (IOException e) {
            throw new IllegalStateException("reading from memory", e);
        }
    }

    /**
     * The body as JSON.
     *
     * @return its root
     * @throws UnexpectedReplyException when it is none
     */
    public JsonNode json() {
        try {
            return JSON.readTree(body.toArray());
        } catch (IOException e) {
            throw new UnexpectedReplyException("a body that is no JSON", this, e);
        }
    }
}
