package dev.kvstore.node.http;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.util.Map;

/**
 * An RFC 9457 problem document.
 *
 * @param status the HTTP status
 * @param title what kind of problem it is; the same for every problem of one code
 * @param detail what is wrong this time, and what would be right
 * @param code what clients may rely on
 * @param headers that the answer has besides
 */
@JsonPropertyOrder({"type", "title", "status", "detail", "code"})
public record Problem(
        String type,
        String title,
        int status,
        String detail,
        String code,
        @JsonIgnore Map<String, String> headers) {
    /** The media type of problem documents. */
    public static final String MEDIA_TYPE = "application/problem+json";

    private static final String NO_TYPE = "about:blank";
    private static final Map<String, String> RETRY = Map.of("Retry-After", "1");

    /** A problem of this code. */
    public static Problem of(ProblemCode code, String detail) {
        return of(code, detail, code.retry() ? RETRY : Map.of());
    }

    /** A problem of this code, answered with these headers. */
    public static Problem of(ProblemCode code, String detail, Map<String, String> headers) {
        return new Problem(NO_TYPE, code.title(), code.status(), detail, code.code(), headers);
    }

    /** A problem whose status something else than this interface has chosen. */
    static Problem ofStatus(int status, String detail, Map<String, String> headers) {
        ProblemCode code = ProblemCode.ofStatus(status);
        return new Problem(NO_TYPE, code.title(), status, detail, code.code(), headers);
    }
}
