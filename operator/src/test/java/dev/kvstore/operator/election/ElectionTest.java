package dev.kvstore.operator.election;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kvstore.operator.OperatorSettings;
import dev.kvstore.operator.election.Election.Standing;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.http.BasicBuilder;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.Interceptor;
import io.fabric8.kubernetes.client.server.mock.KubernetesCrudDispatcher;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.fabric8.mockwebserver.Context;
import io.fabric8.mockwebserver.MockWebServer;
import io.fabric8.mockwebserver.http.MockResponse;
import io.fabric8.mockwebserver.http.RecordedRequest;
import io.quarkus.runtime.configuration.DurationConverter;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Operators that are elected by a mock of an API server, which can be away, and by clocks that the test moves. */
class ElectionTest {
    private static final String NAMESPACE = "system";
    private static final int DURATION_S = 30;
    private static final int DEADLINE_S = 20;

    // each request is a line of its log; held here, since a logger without a reference forgets its level
    private static final Logger REQUESTS = Logger.getLogger("io.fabric8.mockwebserver.MockWebServer");

    private final Outage outage = new Outage();
    private final KubernetesMockServer server =
            new KubernetesMockServer(new Context(), new MockWebServer(), new HashMap<>(), outage, false);
    private long nowNs = 1L << 40;
    private Instant wallClock = Instant.parse("2030-01-01T00:00:00Z");

    /** An API server that can be as if it were away. */
    private static final class Outage extends KubernetesCrudDispatcher {
        private volatile boolean away;

        @Override
        public MockResponse dispatch(RecordedRequest request) {
            return away ? new MockResponse().setResponseCode(503) : super.dispatch(request);
        }
    }

    /** One operator. */
    private final class Candidate implements AutoCloseable {
        private final Fence fence = new Fence(() -> nowNs);
        private final KubernetesClient lease = client(new Interceptor() {
            @Override
            public void before(BasicBuilder builder, HttpRequest request, RequestTags tags) {
                if (request.method().equals("PUT")) {
                    beforeWrite.run();
                }
            }
        });
        private final KubernetesClient fenced = client(fence);
        private final Election election;
        private Runnable beforeWrite = () -> {};

        Candidate(String name) {
            OperatorSettings settings = new SmallRyeConfigBuilder()
                    .withConverter(Duration.class, 200, new DurationConverter())
                    .withMapping(OperatorSettings.class)
                    .build()
                    .getConfigMapping(OperatorSettings.class);
            assertThat(settings.lease().duration()).hasSeconds(DURATION_S);
            assertThat(settings.lease().renewDeadline()).hasSeconds(DEADLINE_S);
            election = new Election(
                    lease, NAMESPACE, name, settings.lease(), fence, () -> nowNs, (InstantSource) () -> wallClock);
        }

        private KubernetesClient client(Interceptor interceptor) {
            KubernetesClient plain = server.createClient();
            Config config = new ConfigBuilder(plain.getConfiguration())
                    .withRequestRetryBackoffLimit(0)
                    .build();
            plain.close();
            return new KubernetesClientBuilder()
                    .withConfig(config)
                    .withHttpClientBuilderConsumer(http -> http.addOrReplaceInterceptor("test", interceptor))
                    .build();
        }

        Standing step() {
            return election.step();
        }

        void write() {
            ConfigMap map = new ConfigMapBuilder()
                    .withNewMetadata()
                    .withName("written")
                    .withNamespace(NAMESPACE)
                    .endMetadata()
                    .addToData("at", String.valueOf(nowNs))
                    .build();
            fenced.resource(map).createOr(resource -> resource.update());
        }

        @Override
        public void close() {
            lease.close();
            fenced.close();
        }
    }

    private final Candidate one;
    private final Candidate two;

    ElectionTest() {
        REQUESTS.setLevel(Level.WARNING);
        server.start();
        one = new Candidate("one");
        two = new Candidate("two");
    }

    @BeforeEach
    void elect() {
        assertThat(one.step()).isEqualTo(Standing.LEADING);
        assertThat(two.step()).isEqualTo(Standing.WAITING);
    }

    @AfterEach
    void close() {
        one.close();
        two.close();
        server.destroy();
    }

    @Test
    void onlyTheLeaderWritesAndEveryoneReads() {
        assertThatCode(one::write).doesNotThrowAnyException();
        assertThatThrownBy(two::write).isInstanceOf(NotLeadingException.class);
        assertThat(two.fenced
                        .configMaps()
                        .inNamespace(NAMESPACE)
                        .withName("written")
                        .get())
                .isNotNull();
    }

    @Test
    void aLeaderWithoutAnApiServerStopsToWriteAndGoesOnWhenItIsBack() {
        outage.away = true;
        for (int waitedS = 0; waitedS < 120; waitedS += 5) {
            pass(5);
            assertThatThrownBy(one::step).isInstanceOf(KubernetesClientException.class);
        }
        outage.away = false;
        assertThatThrownBy(one::write).isInstanceOf(NotLeadingException.class);

        assertThat(one.step()).isEqualTo(Standing.LEADING);
        assertThatCode(one::write).doesNotThrowAnyException();
    }

    @Test
    void aLeaderMayNoLongerWriteWhenAnotherOneMayTakeTheLease() {
        two.step();
        pass(DEADLINE_S - 1);
        assertThatCode(one::write).doesNotThrowAnyException();
        pass(1);
        assertThatThrownBy(one::write).isInstanceOf(NotLeadingException.class);
        // the longest request that began before is over by then
        assertThat(two.step()).isEqualTo(Standing.WAITING);
        pass(DURATION_S - DEADLINE_S + 1);
        assertThat(two.step()).isEqualTo(Standing.LEADING);

        assertThat(one.step()).isEqualTo(Standing.REPLACED);
        assertThatThrownBy(one::write).isInstanceOf(NotLeadingException.class);
        assertThatCode(two::write).doesNotThrowAnyException();
    }

    @Test
    void aWallClockThatIsOffDisturbsNobody() {
        wallClock = wallClock.plusSeconds(3_600);
        assertThat(two.step()).isEqualTo(Standing.WAITING);
        for (int waitedS = 0; waitedS < 2 * DURATION_S; waitedS += 5) {
            pass(5);
            assertThat(one.step()).isEqualTo(Standing.LEADING);
            wallClock = wallClock.plusSeconds(3_600);
            assertThat(two.step()).isEqualTo(Standing.WAITING);
        }
    }

    @Test
    void aReleasedLeaseIsTakenAtOnce() {
        one.election.release();
        assertThatThrownBy(one::write).isInstanceOf(NotLeadingException.class);
        assertThat(two.step()).isEqualTo(Standing.LEADING);
        assertThat(lease().getSpec().getLeaseTransitions()).isEqualTo(2);
    }

    @Test
    void aProcessThatStartsAgainInItsPodLeadsAtOnce() {
        try (Candidate again = new Candidate("one")) {
            assertThat(again.step()).isEqualTo(Standing.LEADING);
        }
        assertThat(lease().getSpec().getLeaseTransitions()).isEqualTo(1);
    }

    @Test
    void aLeaseThatWasDeletedIsMadeAgain() {
        leaseOf(one).delete();
        assertThat(one.step()).isEqualTo(Standing.LEADING);
        assertThat(lease().getSpec().getHolderIdentity()).isEqualTo("one");
    }

    @Test
    void ofTwoThatTakeAFreeLeaseAtTheSameTimeOneLeads() {
        one.election.release();
        try (Candidate three = new Candidate("three")) {
            three.beforeWrite = () -> assertThat(two.step()).isEqualTo(Standing.LEADING);
            assertThatThrownBy(three::step).isInstanceOf(KubernetesClientException.class);
            assertThatThrownBy(three::write).isInstanceOf(NotLeadingException.class);
            three.beforeWrite = () -> {};
            assertThat(three.step()).isEqualTo(Standing.WAITING);
        }
        assertThat(lease().getSpec().getHolderIdentity()).isEqualTo("two");
    }

    private void pass(int seconds) {
        nowNs += TimeUnit.SECONDS.toNanos(seconds);
        wallClock = wallClock.plusSeconds(seconds);
    }

    private Lease lease() {
        return leaseOf(one).get();
    }

    private Resource<Lease> leaseOf(Candidate candidate) {
        return candidate.lease.leases().inNamespace(NAMESPACE).withName("kvstore-operator");
    }
}
