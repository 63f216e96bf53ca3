package dev.kvstore.node.coordination.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.server.mock.KubernetesCrudDispatcher;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.fabric8.mockwebserver.Context;
import io.fabric8.mockwebserver.MockWebServer;
import io.fabric8.mockwebserver.http.Dispatcher;
import io.fabric8.mockwebserver.http.MockResponse;
import io.fabric8.mockwebserver.http.RecordedRequest;
import io.fabric8.mockwebserver.http.Response;
import io.fabric8.mockwebserver.http.WebSocket;
import io.fabric8.mockwebserver.http.WebSocketListener;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Fabric8's mock of an API server, which keeps objects, and faults that come before it or after it. */
final class MockApi implements AutoCloseable {
    static final String NAMESPACE = "ns";
    static final KubernetesSettings SETTINGS =
            KubernetesSettings.of(NAMESPACE, "demo-leader", "demo-ring", "demo-config");

    /** By this name of its client a request of the test itself is known. */
    private static final String OWN = "the test itself";

    private final List<RecordedRequest> requests = new CopyOnWriteArrayList<>();
    private final List<WebSocket> watches = new CopyOnWriteArrayList<>();
    private volatile Fault fault = (request, server) -> server.answer();
    private final KubernetesMockServer server;
    private final KubernetesClient client;
    private final KubernetesClient own;

    /** What becomes of a request. */
    interface Fault {
        /** May answer itself, or have the server do it. */
        MockResponse on(RecordedRequest request, Answer server);
    }

    /** What the server would do; it is done when this is called. */
    interface Answer {
        MockResponse answer();
    }

    MockApi() {
        KubernetesCrudDispatcher objects = new KubernetesCrudDispatcher(List.of());
        Dispatcher dispatcher = new Dispatcher() {
            @Override
            public MockResponse dispatch(RecordedRequest request) {
                requests.add(request);
                return fault.on(request, () -> keptWatch(objects.dispatch(request)));
            }
        };
        server = new KubernetesMockServer(new Context(), new MockWebServer(), new HashMap<>(), dispatcher, false);
        server.start();
        Config config = new ConfigBuilder(Config.empty())
                .withMasterUrl(server.url("/"))
                .withNamespace(NAMESPACE)
                .build();
        client = client(config);
        own = client(new ConfigBuilder(config).withUserAgent(OWN).build());
        own.resource(lease()).create();
        own.resource(map(SETTINGS.ring(), Map.of())).create();
        own.resource(map(SETTINGS.config(), Map.of())).create();
        requests.clear();
    }

    static KubernetesClient client(Config config) {
        return new KubernetesClientBuilder().withConfig(config).build();
    }

    static Lease lease() {
        return new LeaseBuilder()
                .withNewMetadata()
                .withName(SETTINGS.lease())
                .withNamespace(NAMESPACE)
                .endMetadata()
                .withNewSpec()
                .endSpec()
                .build();
    }

    static ConfigMap map(String name, Map<String, String> data) {
        return new ConfigMapBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace(NAMESPACE)
                .endMetadata()
                .withData(data)
                .build();
    }

    String url() {
        return server.url("/");
    }

    /** For what is tested. */
    KubernetesClient client() {
        return client;
    }

    /** For the test itself, as for somebody else. */
    KubernetesClient own() {
        return own;
    }

    Resource<Lease> leaseObject() {
        return own.leases().inNamespace(NAMESPACE).withName(SETTINGS.lease());
    }

    Resource<ConfigMap> object(String name) {
        return own.configMaps().inNamespace(NAMESPACE).withName(name);
    }

    /** Puts an entry into a ConfigMap, as somebody else would. */
    void put(String name, String entry, String text) {
        edit(
                object(name),
                map -> new ConfigMapBuilder(map).addToData(entry, text).build());
    }

    /** Changes an object as somebody else would, who tries again whenever another was faster. */
    static <T> void edit(Resource<T> object, UnaryOperator<T> change) {
        boolean changed = false;
        while (!changed) {
            try {
                object.edit(change);
                changed = true;
            } catch (KubernetesClientException e) {
                assertThat(e.getCode()).as(e.getMessage()).isEqualTo(409);
            }
        }
    }

    /** From now on requests are answered so. */
    void fault(Fault now) {
        fault = now;
    }

    void heal() {
        fault = (request, answer) -> answer.answer();
    }

    /** Requests so far, this test's own among them. */
    List<RecordedRequest> requests() {
        return List.copyOf(requests);
    }

    /**
     * Waits until so many watches stand, two for each node. This server does not tell a new one what happened since the state
     * that was read before it, as a real one does.
     */
    void awaitWatches(int count) throws InterruptedException {
        long untilNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (watches.size() < count) {
            assertThat(System.nanoTime() - untilNs)
                    .as("time for %d watches", count)
                    .isNegative();
            TimeUnit.MILLISECONDS.sleep(5);
        }
    }

    /** Has every watch told of this event. */
    void tellWatches(String event) {
        watches.forEach(watch -> watch.send(event));
    }

    /** Ends every watch by this event. */
    void endWatches(String event) {
        for (WebSocket watch : watches) {
            watch.send(event);
            watch.close(1000, "");
        }
        watches.clear();
    }

    static boolean isWrite(RecordedRequest request) {
        return request.getMethod().equals("PUT");
    }

    static boolean isOwn(RecordedRequest request) {
        return OWN.equals(request.getHeader("User-Agent"));
    }

    static boolean isFor(RecordedRequest request, String name) {
        return request.getPath().contains(name);
    }

    static MockResponse status(int code) {
        return new MockResponse().setResponseCode(code);
    }

    private MockResponse keptWatch(MockResponse answer) {
        WebSocketListener inner = answer.getWebSocketListener();
        return inner == null ? answer : answer.withWebSocketUpgrade(new Kept(inner));
    }

    /** Remembers the watches that are open. */
    private final class Kept extends WebSocketListener {
        private final WebSocketListener inner;

        Kept(WebSocketListener inner) {
            this.inner = inner;
        }

        @Override
        public void onOpen(WebSocket socket, Response response) {
            inner.onOpen(socket, response);
            watches.add(socket);
        }

        @Override
        public void onClosing(WebSocket socket, int code, @Nullable String reason) {
            inner.onClosing(socket, code, reason);
        }

        @Override
        public void onClosed(WebSocket socket, int code, @Nullable String reason) {
            inner.onClosed(socket, code, reason);
        }

        @Override
        public void onFailure(WebSocket socket, Throwable failure, @Nullable Response response) {
            inner.onFailure(socket, failure, response);
        }
    }

    @Override
    public void close() {
        client.close();
        own.close();
        server.shutdown();
    }
}
