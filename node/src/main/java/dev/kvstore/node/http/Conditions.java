package dev.kvstore.node.http;

import dev.kvstore.core.data.Condition;
import io.vertx.core.MultiMap;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads conditions and writes entity tags. An entity tag is the key's version in double quotes. Of what RFC 9110 allows in
 * conditions only the forms are taken that the store can keep to; the others are refused, never ignored.
 */
final class Conditions {
    private static final String IF_MATCH = "If-Match";
    private static final String IF_NONE_MATCH = "If-None-Match";
    private static final Pattern TAG = Pattern.compile("\"[1-9]\\d{0,18}\"");

    private Conditions() {}

    /** The entity tag of a version. */
    static String tag(long version) {
        return "\"" + version + "\"";
    }

    /** The condition of a PUT: {@code If-None-Match: *} or {@code If-Match: "7"}. */
    static Condition ofPut(MultiMap headers) {
        String match = single(headers, IF_MATCH);
        String noneMatch = single(headers, IF_NONE_MATCH);
        if (match != null && noneMatch != null) {
            throw bad("a PUT takes If-Match or If-None-Match, not both");
        }
        if (noneMatch != null) {
            if (!noneMatch.equals("*")) {
                throw bad("a PUT takes If-None-Match: * only, to create the key");
            }
            return new Condition.IfAbsent();
        }
        return match == null ? Condition.ALWAYS : new Condition.IfVersion(version(IF_MATCH, match));
    }

    /** The condition of a DELETE: {@code If-Match: "7"}. */
    static Condition ofDelete(MultiMap headers) {
        refuse(headers, IF_NONE_MATCH, "a DELETE takes If-Match only");
        String match = single(headers, IF_MATCH);
        return match == null ? Condition.ALWAYS : new Condition.IfVersion(version(IF_MATCH, match));
    }

    /** The version that the client of a GET has already ({@code If-None-Match: "7"}); 0 for none. */
    static long ofGet(MultiMap headers) {
        refuse(headers, IF_MATCH, "a GET takes If-None-Match only");
        String noneMatch = single(headers, IF_NONE_MATCH);
        return noneMatch == null ? 0 : version(IF_NONE_MATCH, noneMatch);
    }

    private static void refuse(MultiMap headers, String name, String otherwise) {
        if (headers.contains(name)) {
            throw bad(otherwise);
        }
    }

    private static @Nullable String single(MultiMap headers, String name) {
        List<String> all = headers.getAll(name);
        if (all.size() > 1) {
            throw bad(name + " is given " + all.size() + " times; it takes one version");
        }
        return all.isEmpty() ? null : all.getFirst().strip();
    }

    private static long version(String name, String text) {
        if (TAG.matcher(text).matches()) {
            try {
                return Long.parseLong(text.substring(1, text.length() - 1));
            } catch (NumberFormatException e) {
                throw bad(name + ": " + text + " is larger than any version");
            }
        }
        throw bad(name + " takes one version in double quotes as in an ETag, for example " + name
                + ": \"7\"; no list, no weak tag" + (text.equals("*") ? ", no *" : ""));
    }

    private static ProblemException bad(String detail) {
        return new ProblemException(ProblemCode.BAD_HEADER, detail);
    }
}
