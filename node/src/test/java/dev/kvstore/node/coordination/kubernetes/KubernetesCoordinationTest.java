package dev.kvstore.node.coordination.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kvstore.core.io.Effect.ProposeRing;
import dev.kvstore.core.io.Input.DesiredIs;
import dev.kvstore.core.io.Input.LeaderIs;
import dev.kvstore.core.io.Input.Proposed;
import dev.kvstore.core.io.Input.Proposed.Result;
import dev.kvstore.core.io.Input.RegisterRead;
import dev.kvstore.core.ring.Assignment;
import dev.kvstore.core.ring.Desired;
import dev.kvstore.core.ring.Member;
import dev.kvstore.core.ring.Ring;
import dev.kvstore.node.codec.RingJson;
import dev.kvstore.node.coordination.DesiredJson;
import dev.kvstore.node.coordination.Observer;
import dev.kvstore.node.engine.Limits;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.mockwebserver.http.MockResponse;
import io.fabric8.mockwebserver.http.RecordedRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Whole adapters against a mock of the API server, on the real clock, with everything that such a server does to its clients. */
@Execution(ExecutionMode.CONCURRENT)
@Timeout(120)
class KubernetesCoordinationTest {
    private static final Limits LIMITS = new Limits(1_024, 1 << 20, 4_096, 256L << 20);
    private static final String GONE =
            "{\"type\":\"ERROR\",\"object\":{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"status\":\"Failure\","
                    + "\"reason\":\"Expired\",\"message\":\"too old resource version\",\"code\":410}}";

    private final MockApi api = new MockApi();
    private final Observer seenByA = new Observer();
    private final Observer seenByB = new Observer();
    private final BlockingQueue<Limits> limits = new LinkedBlockingQueue<>();
    private final List<KubernetesCoordination> opened = new ArrayList<>();

    @TempDir
    private Path directory = Path.of("");

    @AfterEach
    void close() {
        api.heal();
        opened.forEach(KubernetesCoordination::close);
        api.close();
    }

    private KubernetesCoordination open(String name) {
        return open(name, Clock.systemUTC(), api.client());
    }

    private KubernetesCoordination open(String name, Clock clock, KubernetesClient client) {
        KubernetesCoordination coordination = new KubernetesCoordination(
                client, name, MockApi.SETTINGS, Observer::monoMs, clock, LIMITS, limits::add);
        opened.add(coordination);
        return coordination;
    }

    // --- the Lease -------------------------------------------------------------------------------------------------

    @Test
    void oneLeadsAndTheOtherTakesOverAtOnceWhenItLeaves() throws Exception {
        KubernetesCoordination a = open("a");
        KubernetesCoordination b = open("b");
        a.start(seenByA);
        seenByA.await(LeaderIs.class, leader -> "a".equals(leader.name()));
        b.start(seenByB);
        seenByB.await(LeaderIs.class, leader -> "a".equals(leader.name()));
        assertThat(api.leaseObject().get().getSpec().getHolderIdentity()).isEqualTo("a");
        assertThat(api.leaseObject().get().getSpec().getLeaseDurationSeconds()).isEqualTo(3);

        a.close();
        seenByB.await(LeaderIs.class, leader -> "b".equals(leader.name()));
        assertThat(b.metrics().leasesTaken()).isEqualTo(1);
        assertThat(a.metrics().leasesLost()).isZero();
    }

    @Test
    void aLeaderThatResignsIsFollowedByAnotherAndStaysOut() throws Exception {
        KubernetesCoordination a = open("a");
        KubernetesCoordination b = open("b");
        a.start(seenByA);
        seenByA.await(LeaderIs.class, leader -> "a".equals(leader.name()));
        b.start(seenByB);
        a.resign(60_000);
        seenByB.await(LeaderIs.class, leader -> "b".equals(leader.name()));
        seenByA.await(LeaderIs.class, leader -> "b".equals(leader.name()));
    }

    @Test
    void clocksThatAreTenSecondsOffDisturbNobody() throws Exception {
        KubernetesCoordination a = open("a", Clock.offset(Clock.systemUTC(), Duration.ofSeconds(-10)), api.client());
        KubernetesCoordination b = open("b", Clock.offset(Clock.systemUTC(), Duration.ofSeconds(10)), api.client());
        a.start(seenByA);
        seenByA.await(LeaderIs.class, leader -> "a".equals(leader.name()));
        b.start(seenByB);
        seenByB.await(LeaderIs.class, leader -> "a".equals(leader.name()));

        TimeUnit.MILLISECONDS.sleep(2 * MockApi.SETTINGS.leaseMs());
        assertThat(a.metrics().leasesLost()).isZero();
        assertThat(b.metrics().leasesTaken()).isZero();
    }

    @Test
    void aHolderThatDoesNotRenewIsFollowedWhateverTimeItHasWritten() throws Exception {
        MockApi.edit(
                api.leaseObject(),
                lease -> new LeaseBuilder(lease)
                        .editSpec()
                        .withHolderIdentity("ghost")
                        .withLeaseDurationSeconds(3)
                        .withRenewTime(ZonedDateTime.now(ZoneOffset.UTC).plusDays(1))
                        .endSpec()
                        .build());
        open("a").start(seenByA);
        seenByA.await(LeaderIs.class, leader -> "ghost".equals(leader.name()));
        seenByA.await(LeaderIs.class, leader -> leader.name() == null);
        seenByA.await(LeaderIs.class, leader -> "a".equals(leader.name()));
    }

    @Test
    void aHolderWhoseServerIsAwayKnowsThatItLeadsNoLongerAndIsBackAfterwards() throws Exception {
        KubernetesCoordination a = open("a");
        a.start(seenByA);
        seenByA.await(LeaderIs.class, leader -> "a".equals(leader.name()));
        api.fault((request, server) -> MockApi.status(503));
        seenByA.await(LeaderIs.class, leader -> leader.name() == null);
        assertThat(a.metrics().leasesLost()).isEqualTo(1);
        api.heal();
        seenByA.await(LeaderIs.class, leader -> "a".equals(leader.name()));
    }

    @Test
    void oneSlowOrLostAnswerCostsNoLeadership() throws Exception {
        KubernetesCoordination a = open("a");
        a.start(seenByA);
        seenByA.await(LeaderIs.class, leader -> "a".equals(leader.name()));
        AtomicInteger writes = new AtomicInteger();
        api.fault((request, server) -> {
            boolean every = MockApi.isWrite(request) && writes.incrementAndGet() % 3 == 1;
            // done, but the answer comes too late to be of use
            return every ? server.answer().setBodyDelay(5, TimeUnit.SECONDS) : server.answer();
        });
        long stalledMs = sleep(8_000);
        assertThat(writes).hasValueGreaterThan(3);
        assertThat(a.metrics().failures()).isPositive();
        assertThat(a.metrics().leasesLost())
                .as("the test itself was held up for %d ms at worst", stalledMs)
                .isZero();
        assertThat(api.leaseObject().get().getSpec().getHolderIdentity()).isEqualTo("a");
    }

    /**
     * Sleeps in short pieces.
     *
     * @return by how many milliseconds one of them took too long, at worst: then whoever renews a Lease was held up too
     */
    private static long sleep(long ms) throws InterruptedException {
        long pieceMs = 20;
        long stalledMs = 0;
        long endMs = Observer.monoMs() + ms;
        for (long beganMs = Observer.monoMs(); beganMs < endMs; beganMs = Observer.monoMs()) {
            TimeUnit.MILLISECONDS.sleep(pieceMs);
            stalledMs = Math.max(stalledMs, Observer.monoMs() - beganMs - pieceMs);
        }
        return stalledMs;
    }

    @Test
    void changesOfTheLeasesLabelsCostNoLeadership() throws Exception {
        KubernetesCoordination a = open("a");
        a.start(seenByA);
        seenByA.await(LeaderIs.class, leader -> "a".equals(leader.name()));
        for (int i = 0; i < 20; i++) {
            String label = "v" + i;
            MockApi.edit(
                    api.leaseObject(),
                    lease -> new LeaseBuilder(lease)
                            .editMetadata()
                            .addToLabels("touched", label)
                            .endMetadata()
                            .build());
            TimeUnit.MILLISECONDS.sleep(200);
        }
        assertThat(a.metrics().leasesLost()).isZero();
    }

    @Test
    void whoeverIsAskedToComeBackLaterDoesSo() throws Exception {
        open("a").start(seenByA);
        seenByA.await(LeaderIs.class, leader -> "a".equals(leader.name()));
        api.fault((request, server) -> MockApi.status(429).addHeader("Retry-After", "2"));
        seenByA.await(LeaderIs.class, leader -> leader.name() == null);
        int before = api.requests().size();
        TimeUnit.SECONDS.sleep(4);
        // two or three for the Lease, and none for watches that stand
        assertThat(api.requests().size() - before).isBetween(1, 6);
        api.heal();
        seenByA.await(LeaderIs.class, leader -> "a".equals(leader.name()));
    }

    // --- the ring --------------------------------------------------------------------------------------------------

    @Test
    void theRingChangesByCompareAndSetAndEverybodySeesIt() throws Exception {
        KubernetesCoordination a = open("a");
        KubernetesCoordination b = open("b");
        assertThat(a.ringInRegister()).isEmpty();
        a.start(seenByA);
        b.start(seenByB);
        String empty =
                seenByA.await(RegisterRead.class, read -> read.ring() == null).token();
        api.awaitWatches(4);

        a.propose(new ProposeRing(1, empty, ring(1)));
        Proposed first = seenByA.await(Proposed.class, each -> true);
        assertThat(first.result()).isEqualTo(Result.WON);
        seenByA.await(RegisterRead.class, new RegisterRead(first.token(), ring(1))::equals);
        seenByB.await(RegisterRead.class, new RegisterRead(first.token(), ring(1))::equals);
        assertThat(b.ringInRegister()).contains(ring(1));

        a.propose(new ProposeRing(2, first.token(), ring(2)));
        Proposed second = seenByA.await(Proposed.class, each -> each.proposal() == 2);
        assertThat(second.result()).isEqualTo(Result.WON);
        b.propose(new ProposeRing(7, first.token(), ring(2)));
        assertThat(seenByB.await(Proposed.class, each -> true).result()).isEqualTo(Result.LOST);
        seenByB.await(RegisterRead.class, new RegisterRead(second.token(), ring(2))::equals);
    }

    @Test
    void whoWritesTheRingLeavesTheRestOfTheObjectAlone() throws Exception {
        api.put(MockApi.SETTINGS.ring(), "note", "kept");
        KubernetesCoordination a = open("a");
        a.start(seenByA);
        String token = seenByA.await(RegisterRead.class, read -> true).token();
        a.propose(new ProposeRing(1, token, ring(1)));
        seenByA.await(Proposed.class, each -> each.result() == Result.WON);
        assertThat(api.object(MockApi.SETTINGS.ring()).get().getData()).containsEntry("note", "kept");
    }

    @Test
    void anAnswerThatIsLostIsUnknownAndTheRegisterIsReadAgain() throws Exception {
        KubernetesCoordination a = open("a");
        a.start(seenByA);
        String empty = seenByA.await(RegisterRead.class, read -> true).token();
        api.fault((request, server) -> {
            boolean ring = MockApi.isWrite(request) && MockApi.isFor(request, MockApi.SETTINGS.ring());
            return ring ? lost(server.answer()) : server.answer();
        });
        a.propose(new ProposeRing(1, empty, ring(1)));
        assertThat(seenByA.await(Proposed.class, each -> true).result()).isEqualTo(Result.UNKNOWN);
        seenByA.await(RegisterRead.class, read -> ring(1).equals(read.ring()));
    }

    private static MockResponse lost(MockResponse done) {
        assertThat(done.code()).isEqualTo(200);
        return MockApi.status(504);
    }

    @Test
    void aServersFailureIsUnknownAndARefusalIsLost() throws Exception {
        KubernetesCoordination a = open("a");
        a.start(seenByA);
        String empty = seenByA.await(RegisterRead.class, read -> true).token();
        long proposal = 0;
        for (int code : List.of(500, 503, 409, 429, 403, 422)) {
            proposal++;
            long number = proposal;
            api.fault((request, server) -> MockApi.isWrite(request) && MockApi.isFor(request, MockApi.SETTINGS.ring())
                    ? MockApi.status(code)
                    : server.answer());
            a.propose(new ProposeRing(number, empty, ring(1)));
            Proposed answer = seenByA.await(Proposed.class, each -> each.proposal() == number);
            assertThat(answer.result()).as("%d", code).isEqualTo(code >= 500 ? Result.UNKNOWN : Result.LOST);
            seenByA.await(RegisterRead.class, read -> read.token().equals(empty));
        }
        api.heal();
        a.propose(new ProposeRing(100, empty, ring(1)));
        seenByA.await(Proposed.class, each -> each.result() == Result.WON);
    }

    @Test
    void whatIsNoRingCountsAsNoneAndOneOfALaterFormatIsLeftAlone() throws Exception {
        api.put(MockApi.SETTINGS.ring(), "ring.json", "{}");
        KubernetesCoordination a = open("a");
        a.start(seenByA);
        seenByA.await(RegisterRead.class, read -> read.ring() == null);
        assertThat(a.metrics().unreadable()).isEqualTo(1);
        api.awaitWatches(2);

        String later = RingJson.write(ring(5)).replace("\"format\":1", "\"format\":2");
        api.put(MockApi.SETTINGS.ring(), "ring.json", later);
        api.put(MockApi.SETTINGS.ring(), "ring.json", RingJson.write(ring(6)));
        RegisterRead next = seenByA.await(RegisterRead.class, read -> true);
        assertThat(next.ring()).isEqualTo(ring(6));
        assertThat(a.metrics().unreadable()).isEqualTo(2);
    }

    @Test
    void aRingThatIsDeletedAndMadeAgainIsSeenAsSuch() throws Exception {
        KubernetesCoordination a = open("a");
        a.start(seenByA);
        String token = seenByA.await(RegisterRead.class, read -> true).token();
        api.awaitWatches(2);
        api.object(MockApi.SETTINGS.ring()).delete();
        seenByA.await(RegisterRead.class, new RegisterRead("", null)::equals);
        a.propose(new ProposeRing(1, token, ring(1)));
        assertThat(seenByA.await(Proposed.class, each -> true).result()).isEqualTo(Result.LOST);
        api.own().resource(MockApi.map(MockApi.SETTINGS.ring(), Map.of())).create();
        String made = seenByA.await(RegisterRead.class, read -> !read.token().isEmpty())
                .token();
        a.propose(new ProposeRing(2, made, ring(1)));
        seenByA.await(Proposed.class, each -> each.result() == Result.WON);
    }

    @Test
    void newsOfADeletionThatCameBeforeWhatWasSeenIsDropped() throws Exception {
        KubernetesCoordination a = open("a");
        a.start(seenByA);
        seenByA.await(RegisterRead.class, read -> true);
        api.awaitWatches(2);
        api.put(MockApi.SETTINGS.ring(), "ring.json", RingJson.write(ring(1)));
        seenByA.await(RegisterRead.class, read -> ring(1).equals(read.ring()));

        api.tellWatches("{\"type\":\"DELETED\",\"object\":{\"kind\":\"ConfigMap\",\"apiVersion\":\"v1\",\"metadata\":"
                + "{\"name\":\"demo-ring\",\"namespace\":\"ns\",\"resourceVersion\":\"1\"}}}");
        api.put(MockApi.SETTINGS.ring(), "ring.json", RingJson.write(ring(2)));
        assertThat(seenByA.await(RegisterRead.class, read -> true).ring()).isEqualTo(ring(2));
    }

    @Test
    void slowAnswersAboutTheRingDoNotDisturbTheLease() throws Exception {
        KubernetesCoordination a = open("a");
        a.start(seenByA);
        seenByA.await(LeaderIs.class, leader -> "a".equals(leader.name()));
        String empty = seenByA.await(RegisterRead.class, read -> true).token();
        api.fault((request, server) -> MockApi.isFor(request, MockApi.SETTINGS.ring())
                ? server.answer().setBodyDelay(4, TimeUnit.SECONDS)
                : server.answer());
        a.propose(new ProposeRing(1, empty, ring(1)));
        assertThat(seenByA.await(Proposed.class, each -> true).result()).isEqualTo(Result.WON);
        assertThat(a.metrics().leasesLost()).isZero();
    }

    // --- watches ---------------------------------------------------------------------------------------------------

    @Test
    void aWatchThatHasExpiredIsMadeAnew() throws Exception {
        open("a").start(seenByA);
        seenByA.await(RegisterRead.class, read -> read.ring() == null);
        for (int i = 1; i <= 3; i++) {
            long version = i;
            api.awaitWatches(2);
            api.fault((request, server) -> MockApi.isOwn(request) ? server.answer() : MockApi.status(503));
            api.endWatches(GONE);
            api.put(MockApi.SETTINGS.ring(), "ring.json", RingJson.write(ring(version)));
            api.heal();
            seenByA.await(RegisterRead.class, read -> ring(version).equals(read.ring()));
        }
    }

    @Test
    void whatHappensWhileTheServerIsAwayIsSeenWhenItIsBack() throws Exception {
        KubernetesCoordination a = open("a");
        a.start(seenByA);
        seenByA.await(RegisterRead.class, read -> read.ring() == null);
        seenByA.await(LeaderIs.class, leader -> "a".equals(leader.name()));
        api.awaitWatches(2);
        api.put(MockApi.SETTINGS.config(), "desired.json", DesiredJson.write(desired(3)));
        seenByA.await(DesiredIs.class, new DesiredIs(desired(3))::equals);
        api.fault((request, server) -> MockApi.isOwn(request) ? server.answer() : MockApi.status(503));
        api.endWatches(GONE);
        seenByA.await(LeaderIs.class, leader -> leader.name() == null);
        api.put(MockApi.SETTINGS.ring(), "ring.json", RingJson.write(ring(9)));
        api.put(MockApi.SETTINGS.config(), "desired.json", DesiredJson.write(desired(5)));
        api.heal();
        seenByA.await(RegisterRead.class, read -> ring(9).equals(read.ring()));
        seenByA.await(DesiredIs.class, new DesiredIs(desired(5))::equals);
        seenByA.await(LeaderIs.class, leader -> "a".equals(leader.name()));
    }

    @Test
    void whatShouldBeIsTakenWithoutARestartAndNonsenseIsNot() throws Exception {
        KubernetesCoordination a = open("a");
        a.start(seenByA);
        api.awaitWatches(2);
        api.put(MockApi.SETTINGS.config(), "limits.json", "{\"maxValueBytes\": 2097152}");
        assertThat(limits.poll(30, TimeUnit.SECONDS)).isEqualTo(new Limits(1_024, 2 << 20, 4_096, 256L << 20));
        api.put(MockApi.SETTINGS.config(), "desired.json", DesiredJson.write(desired(3)));
        seenByA.await(DesiredIs.class, new DesiredIs(desired(3))::equals);
        api.put(MockApi.SETTINGS.config(), "desired.json", "{}");
        api.put(MockApi.SETTINGS.config(), "limits.json", "{\"maxValueBytes\": 99999999}");
        api.put(MockApi.SETTINGS.config(), "desired.json", DesiredJson.write(desired(4)));
        assertThat(seenByA.await(DesiredIs.class, each -> true)).isEqualTo(new DesiredIs(desired(4)));
        assertThat(limits).isEmpty();
        assertThat(a.metrics().unreadable()).isGreaterThanOrEqualTo(2);
    }

    // --- the connection --------------------------------------------------------------------------------------------

    @Test
    void anIdleLeaderAsksOnceASecondAndTheOthersNotAtAll() throws Exception {
        open("a").start(seenByA);
        seenByA.await(LeaderIs.class, leader -> "a".equals(leader.name()));
        open("b").start(seenByB);
        seenByB.await(LeaderIs.class, leader -> "a".equals(leader.name()));
        seenByB.await(RegisterRead.class, read -> true);
        while (!requestsWithin(1).stream().allMatch(MockApi::isWrite)) {
            // they are still opening their watches
        }
        assertThat(requestsWithin(6)).hasSizeBetween(3, 8).allMatch(MockApi::isWrite);
    }

    private List<RecordedRequest> requestsWithin(int seconds) throws InterruptedException {
        int before = api.requests().size();
        TimeUnit.SECONDS.sleep(seconds);
        return api.requests().subList(before, api.requests().size());
    }

    @Test
    void nothingWaitsForAServerThatIsNotThere() throws Exception {
        try (KubernetesClient nobody = MockApi.client(new ConfigBuilder(Config.empty())
                .withMasterUrl("http://localhost:1/")
                .build())) {
            KubernetesCoordination a = open("a", Clock.systemUTC(), nobody);
            assertThat(a.ringInRegister()).isEmpty();
            a.start(seenByA);
            a.propose(new ProposeRing(1, "5", ring(1)));
            assertThat(seenByA.await(Proposed.class, each -> true).result()).isEqualTo(Result.LOST);
            a.close();
        }
    }

    @Test
    void aTokenThatIsRotatedIsReadAgain() throws Exception {
        Path token = Files.writeString(directory.resolve("token"), "first");
        Map<String, String> properties = Map.of(
                Config.KUBERNETES_AUTH_SERVICEACCOUNT_TOKEN_FILE_SYSTEM_PROPERTY,
                token.toString(),
                Config.KUBERNETES_AUTH_TRYKUBECONFIG_SYSTEM_PROPERTY,
                "false",
                Config.KUBERNETES_MASTER_SYSTEM_PROPERTY,
                api.url(),
                Config.KUBERNETES_TRUST_CERT_SYSTEM_PROPERTY,
                "true");
        properties.forEach(System::setProperty);
        try (KubernetesClient client = MockApi.client(Config.autoConfigure(null))) {
            api.fault(only("first"));
            KubernetesCoordination a = open("a", Clock.systemUTC(), client);
            a.start(seenByA);
            seenByA.await(LeaderIs.class, leader -> "a".equals(leader.name()));
            Files.writeString(token, "second");
            api.fault(only("second"));
            TimeUnit.MILLISECONDS.sleep(2 * MockApi.SETTINGS.leaseMs());
            assertThat(a.metrics().leasesLost()).isZero();
            a.close();
        } finally {
            properties.keySet().forEach(System::clearProperty);
        }
    }

    private static MockApi.Fault only(String token) {
        return (request, server) ->
                ("Bearer " + token).equals(request.getHeader("Authorization")) ? server.answer() : MockApi.status(401);
    }

    private static Desired desired(int members) {
        return new Desired(members, Map.of("a", "", "b", ""), 2, 128, 1, 300_000, Map.of(), false);
    }

    private static Ring ring(long version) {
        return new Ring(
                "cluster",
                version,
                List.of(new Member("a", "store-a", 1, "uid", "a:1", "a:2", "", false)),
                List.of(new Assignment(1, "a", 1, List.of("a"), List.of("a"), false, 0)));
    }
}
