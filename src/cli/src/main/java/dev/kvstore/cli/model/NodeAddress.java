package dev.kvstore.cli.model;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Where a node takes HTTP requests. */
public record NodeAddress(String host, int port) {
    private static final Pattern FORM =
            Pattern.compile("(?:http://)?(\\[[0-9a-fA-F:.]+]|[^\\s\\[\\]:/]+):(\\d{1,5})/?");
    private static final int MAX_PORT = 65_535;

    /**
     * Reads {@code host:port}; an IPv6 address stands in brackets, a leading {@code http://} is left out.
     *
     * @throws IllegalArgumentException when the text is not of this form
     */
    public static NodeAddress parse(String text) {
        Matcher form = FORM.matcher(text.strip());
        if (form.matches()) {
            int port = Integer.parseInt(form.group(2));
            if (port >= 1 && port <= MAX_PORT) {
                return new NodeAddress(form.group(1), port);
            }
        }
        throw new IllegalArgumentException("'%s' is not HOST:PORT, as in localhost:8001".formatted(text));
    }

    /** {@code host:port}. */
    @Override
    public String toString() {
        return host + ":" + port;
    }
}
