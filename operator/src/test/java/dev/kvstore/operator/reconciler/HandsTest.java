package dev.kvstore.operator.reconciler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kvstore.operator.api.KVCluster;
import dev.kvstore.operator.observed.Node;
import dev.kvstore.operator.observed.Scene;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.lang.reflect.Proxy;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is done by decisions that were made on caches of before. */
class HandsTest {
    private final MockKubernetes kubernetes = new MockKubernetes();
    private final Hands hands = new Hands(
            kubernetes.client(), new EventLog(kubernetes.client(), InstantSource.system()), new SimpleMeterRegistry());

    @AfterEach
    void close() {
        kubernetes.close();
    }

    @Test
    void podThatCameInThePlaceOfAForgottenOneStays() {
        Pod before = pod();
        kubernetes.client().resource(before).delete();
        Pod now = pod();

        assertThatThrownBy(() -> perform(new Action.Forget(new Node(before))))
                .isInstanceOf(KubernetesClientException.class);
        assertThat(kubernetes.client().resource(now).get()).isNotNull();
    }

    @Test
    void podOfAMachineThatIsGoneGoes() {
        Pod pod = pod();

        perform(new Action.Forget(new Node(pod)));
        assertThat(kubernetes.client().resource(pod).get()).isNull();
    }

    @Test
    void eventOfAnAcceptedLossNamesItsPartitions() {
        KVCluster cluster =
                Scene.empty("{}").annotated(LossOrder.ANNOTATION, "7,9").cluster();
        kubernetes.client().resource(cluster).create();

        hands.perform(new Action.RemoveAnnotation(LossOrder.ANNOTATION, List.of(7, 9)), cluster, unused());
        assertThat(kubernetes.client().v1().events().inNamespace("ns").list().getItems())
                .singleElement()
                .satisfies(each -> assertThat(each.getMessage()).endsWith(": 7, 9"));
    }

    private void perform(Action action) {
        hands.perform(action, Scene.empty("{}").cluster(), unused());
    }

    private Pod pod() {
        return kubernetes
                .client()
                .resource(new PodBuilder()
                        .withNewMetadata()
                        .withName("demo-0")
                        .withNamespace("ns")
                        .endMetadata()
                        .build())
                .create();
    }

    /** What is decided about pods looks at no cache. */
    @SuppressWarnings("unchecked")
    private static Context<KVCluster> unused() {
        return (Context<KVCluster>) Proxy.newProxyInstance(
                HandsTest.class.getClassLoader(), new Class<?>[] {Context.class}, (proxy, method, arguments) -> {
                    throw new UnsupportedOperationException(method.getName());
                });
    }
}
