package dev.kvstore.e2e;

import dev.kvstore.e2e.chart.Command;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The images that are tested, made from what is packaged. */
public final class Images {
    private static final Duration BUILD = Duration.ofMinutes(8);
    private static final Set<String> MADE = new HashSet<>();

    private Images() {}

    /**
     * Makes the image of {@code node} or {@code operator} when it is first wanted, also when there is one: it could be an older
     * one. When nothing has changed this takes a second.
     *
     * @return the image's name
     * @throws AssertionError when it cannot be made
     */
    public static synchronized String make(String program) {
        if (!MADE.contains(program)) {
            Command.run(BUILD, "", List.of(Local.script().toString(), "images", program))
                    .succeeded();
            MADE.add(program);
        }
        return "kvstore/" + program + ":0.1.0";
    }
}
