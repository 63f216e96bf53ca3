package dev.kvstore.operator.reconciler;

import io.fabric8.kubernetes.api.model.APIResourceBuilder;
import io.fabric8.kubernetes.api.model.APIResourceListBuilder;
import io.fabric8.kubernetes.api.model.DeleteOptions;
import io.fabric8.kubernetes.api.model.Preconditions;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.KubernetesCrudDispatcher;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.fabric8.mockwebserver.Context;
import io.fabric8.mockwebserver.MockWebServer;
import io.fabric8.mockwebserver.dsl.HttpMethod;
import io.fabric8.mockwebserver.http.Buffer;
import io.fabric8.mockwebserver.http.Headers;
import io.fabric8.mockwebserver.http.MockResponse;
import io.fabric8.mockwebserver.http.RecordedRequest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Fabric8's mock of an API server, taught what it lacks: server-side apply with the record of managed fields (elements of
 * lists count by their names where they have one), which kinds are served, and deletion of an object of one UID only.
 */
final class MockKubernetes implements AutoCloseable {
    // each request is a line of its log; held here, since a logger without a reference forgets its level
    private static final Logger REQUESTS = Logger.getLogger("io.fabric8.mockwebserver.MockWebServer");

    private final Dispatcher dispatcher = new Dispatcher();
    private final KubernetesMockServer server;
    private final KubernetesClient client;

    MockKubernetes() {
        REQUESTS.setLevel(Level.WARNING);
        server = new KubernetesMockServer(new Context(), new MockWebServer(), new HashMap<>(), dispatcher, false);
        server.start();
        client = server.createClient();
    }

    KubernetesClient client() {
        return client;
    }

    /** Paths of objects that were applied, in order; those of statuses too. */
    List<String> applied() {
        return List.copyOf(dispatcher.applied);
    }

    @Override
    public void close() {
        client.close();
        server.destroy();
    }

    private static final class Dispatcher extends KubernetesCrudDispatcher {
        private static final String APPLY = "application/apply-patch+yaml";
        private final List<String> applied = new CopyOnWriteArrayList<>();

        @Override
        public MockResponse handleGet(String path) {
            if (!path.equals("/apis/policy/v1")) {
                return super.handleGet(path);
            }
            return new MockResponse()
                    .setResponseCode(200)
                    .setBody(Serialization.asJson(new APIResourceListBuilder()
                            .withGroupVersion("policy/v1")
                            .withResources(new APIResourceBuilder()
                                    .withKind("PodDisruptionBudget")
                                    .withName("poddisruptionbudgets")
                                    .withNamespaced(true)
                                    .build())
                            .build()));
        }

        @Override
        public MockResponse dispatch(RecordedRequest request) {
            return HttpMethod.DELETE.equals(request.method()) && isOfAnother(request)
                    ? new MockResponse().setResponseCode(409)
                    : super.dispatch(request);
        }

        private boolean isOfAnother(RecordedRequest request) {
            MockResponse present = super.handleGet(request.getPath());
            String body = request.getUtf8Body();
            if (present.code() != 200 || body == null || body.isBlank()) {
                return false;
            }
            Preconditions wanted =
                    Serialization.unmarshal(body, DeleteOptions.class).getPreconditions();
            return wanted != null
                    && wanted.getUid() != null
                    && !present.getBody().readUtf8().contains(wanted.getUid());
        }

        @Override
        public synchronized MockResponse handlePatch(RecordedRequest request) {
            if (!request.getHeader("Content-Type").startsWith(APPLY)) {
                return super.handlePatch(request);
            }
            String path = request.getPath().replaceAll("\\?.*", "");
            applied.add(path);
            Map<String, Object> object = asMap(Serialization.unmarshal(request.getUtf8Body(), Map.class));
            MockResponse before = super.handleGet(path.replaceAll("/status$", ""));
            boolean exists = before.code() == 200;
            Map<String, Object> present =
                    exists ? asMap(Serialization.unmarshal(before.getBody().readUtf8(), Map.class)) : Map.of();
            List<Object> managers = new ArrayList<>();
            managers.add(Map.of("manager", "kvstore-operator", "operation", "Apply", "fieldsV1", managed(object)));
            if (exists) {
                managers.addAll(others(present));
            }
            asMap(Objects.requireNonNull(object.get("metadata"))).put("managedFields", managers);
            Headers headers =
                    Headers.builder().add("Content-Type", "application/json").build();
            if (exists) {
                Map<String, Object> merged = merge(present, object);
                asMap(Objects.requireNonNull(merged.get("metadata"))).remove("resourceVersion");
                return super.handleUpdate(new RecordedRequest("HTTP/1.1", HttpMethod.PUT, path, headers, body(merged)));
            }
            String parent = path.substring(0, path.lastIndexOf('/'));
            return super.handleCreate(new RecordedRequest("HTTP/1.1", HttpMethod.POST, parent, headers, body(object)));
        }

        @SuppressWarnings("unchecked")
        private static List<Object> others(Map<String, Object> before) {
            Object managers =
                    asMap(Objects.requireNonNull(before.get("metadata"))).get("managedFields");
            return managers instanceof List<?> list
                    ? ((List<Object>) list)
                            .stream()
                                    .filter(each -> !"Apply".equals(asMap(each).get("operation")))
                                    .toList()
                    : List.of();
        }

        private static Buffer body(Map<String, Object> object) {
            return new Buffer(Serialization.asJson(object).getBytes(StandardCharsets.UTF_8));
        }

        private static Map<String, Object> merge(Map<String, Object> into, Map<String, Object> from) {
            Map<String, Object> merged = new LinkedHashMap<>(into);
            from.forEach((name, value) -> merged.put(
                    name,
                    value instanceof Map<?, ?> && into.get(name) instanceof Map<?, ?>
                            ? merge(asMap(Objects.requireNonNull(into.get(name))), asMap(value))
                            : value));
            return merged;
        }

        /** What identifies an object is nobody's. */
        private static Map<String, Object> managed(Map<String, Object> object) {
            Map<String, Object> managed = fields(object);
            managed.keySet().removeAll(List.of("f:apiVersion", "f:kind"));
            asMap(Objects.requireNonNull(managed.get("f:metadata")))
                    .keySet()
                    .removeAll(List.of("f:name", "f:namespace"));
            return managed;
        }

        private static Map<String, Object> fields(Map<String, Object> object) {
            Map<String, Object> fields = new LinkedHashMap<>();
            object.forEach((name, value) -> fields.put("f:" + name, field(value)));
            return fields;
        }

        private static Map<String, Object> field(Object value) {
            if (value instanceof Map<?, ?>) {
                return fields(asMap(value));
            }
            Map<String, Object> elements = new LinkedHashMap<>();
            if (value instanceof List<?> list) {
                for (Object each : list) {
                    if (each instanceof Map<?, ?> element && element.containsKey("name")) {
                        Map<String, Object> fields = fields(asMap(element));
                        fields.put(".", Map.of());
                        elements.put(
                                "k:"
                                        + Serialization.asJson(
                                                Map.of("name", asMap(element).get("name"))),
                                fields);
                    }
                }
            }
            return elements;
        }

        @SuppressWarnings("unchecked")
        private static Map<String, Object> asMap(Object value) {
            return (Map<String, Object>) value;
        }
    }
}
