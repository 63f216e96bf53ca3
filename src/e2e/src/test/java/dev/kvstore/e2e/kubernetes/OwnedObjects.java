package dev.kvstore.e2e.kubernetes;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The objects that the operator makes for a cluster named demo. */
final class OwnedObjects {
    /** What the operator alone writes. */
    static final List<String> STEADY = List.of(
            "statefulset/demo",
            "service/demo",
            "service/demo-peers",
            "configmap/demo-config",
            "serviceaccount/demo",
            "role/demo",
            "rolebinding/demo");

    /** What the nodes write too, once it is there. */
    static final List<String> SHARED = List.of("configmap/demo-ring", "lease/demo-leader");

    private static final String BUDGET = "poddisruptionbudget/demo";

    private OwnedObjects() {}

    /** All of them, by kind and name; the disruption budget only where the API server serves its present version. */
    static List<String> all() {
        List<String> all = new ArrayList<>(STEADY);
        all.addAll(SHARED);
        if (servesBudgets()) {
            all.add(BUDGET);
        }
        return all;
    }

    /** Their kinds, and that of the pods. */
    static List<String> served() {
        List<String> kinds = new ArrayList<>(List.of("pod"));
        for (String object : all()) {
            String kind = object.substring(0, object.indexOf('/'));
            if (!kinds.contains(kind)) {
                kinds.add(kind);
            }
        }
        return kinds;
    }

    static boolean servesBudgets() {
        return Kubectl.run("api-versions").lines().anyMatch("policy/v1"::equals);
    }

    /** The versions of what the operator alone writes, by kind and name. */
    static Map<String, String> versions(String namespace) {
        Map<String, String> versions = new TreeMap<>();
        for (String object : STEADY) {
            versions.put(
                    object,
                    Kubectl.get(object, "-n", namespace)
                            .path("metadata")
                            .path("resourceVersion")
                            .asText());
        }
        return versions;
    }
}
