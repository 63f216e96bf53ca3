package dev.kvstore.e2e.kubernetes;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How often the API server was asked to write, by its own count. One that is asked to apply what is there already counts it, and
 * leaves the object's version as it was.
 */
final class Writes {
    private static final Pattern REQUESTS =
            Pattern.compile("^apiserver_request_total\\{(.*)\\} (\\S+)$", Pattern.MULTILINE);
    private static final Pattern LABEL = Pattern.compile("(\\w+)=\"([^\"]*)\"");

    /** As the objects of a namespace that goes are deleted all at once, deletions are others' too. */
    private static final List<String> VERBS = List.of("POST", "PUT", "PATCH", "APPLY");

    private Writes() {}

    /** Those so far of these kinds, each named as in a path, such as services or kvclusters/status. */
    static Map<String, Long> soFar(List<String> kinds) {
        Map<String, Long> writes = new TreeMap<>();
        kinds.forEach(kind -> writes.put(kind, 0L));
        Matcher request = REQUESTS.matcher(Kubectl.run("get", "--raw", "/metrics"));
        while (request.find()) {
            Map<String, String> labels = new TreeMap<>();
            Matcher label = LABEL.matcher(request.group(1));
            while (label.find()) {
                labels.put(label.group(1), label.group(2));
            }
            String part = labels.getOrDefault("subresource", "");
            String kind = labels.getOrDefault("resource", "") + (part.isEmpty() ? "" : "/" + part);
            String verb = labels.getOrDefault("verb", "");
            // nodes replace the ring's ConfigMap
            boolean ring = kind.equals("configmaps") && verb.equals("PUT");
            if (VERBS.contains(verb) && !ring) {
                long count = (long) Double.parseDouble(request.group(2));
                writes.computeIfPresent(kind, (_, before) -> before + count);
            }
        }
        return writes;
    }
}
