package dev.kvstore.cli.client;

import dev.kvstore.cli.model.Key;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;

/** The path and query of a request, already encoded. */
record Target(String path, List<String> parameters) {
    static Target to(String path) {
        return new Target(path, List.of());
    }

    /**
     * A key's place below {@code path}. It stands in the path only when no client, proxy or server can read it in two ways;
     * slashes, dots, {@code ;} and bytes beyond ASCII are normalised by some of them.
     */
    static Target key(String path, Key key) {
        return isPlain(key.bytes())
                ? to(path + "/" + new String(key.bytes(), StandardCharsets.US_ASCII))
                : to(path).with("key64", key.base64());
    }

    Target with(String name, String value) {
        return with(name, value.getBytes(StandardCharsets.UTF_8));
    }

    Target with(String name, byte[] value) {
        return new Target(
                path,
                Stream.concat(parameters.stream(), Stream.of(name + "=" + encode(value)))
                        .toList());
    }

    String text() {
        return parameters.isEmpty() ? path : path + "?" + String.join("&", parameters);
    }

    private static boolean isPlain(byte[] key) {
        boolean onlyDots = true;
        for (byte b : key) {
            if (!isUnreserved(b)) {
                return false;
            }
            onlyDots &= b == '.';
        }
        return !onlyDots;
    }

    private static String encode(byte[] value) {
        StringBuilder encoded = new StringBuilder(value.length);
        for (byte b : value) {
            if (isUnreserved(b)) {
                encoded.append((char) b);
            } else {
                encoded.append("%%%02X".formatted(b & 0xff));
            }
        }
        return encoded.toString();
    }

    /** RFC 3986, section 2.3. */
    private static boolean isUnreserved(byte b) {
        return (b >= 'a' && b <= 'z')
                || (b >= 'A' && b <= 'Z')
                || (b >= '0' && b <= '9')
                || b == '-'
                || b == '.'
                || b == '_'
                || b == '~';
    }
}
