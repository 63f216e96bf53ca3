package dev.kvstore.node.coordination.folder;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kvstore.node.coordination.CoordinationMetrics;
import dev.kvstore.node.coordination.Leadership;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two nodes that share a Lease, on a clock that the test moves. */
class FolderLeaseTest {
    private static final FolderSettings SETTINGS = FolderSettings.DEFAULT;
    private static final long LONGEST_MS = SETTINGS.leaseMs() + SETTINGS.jitterMs();

    @TempDir
    Path root;

    private long nowMs = 1_000_000;

    /** One node's view of the Lease. */
    private final class Contender {
        final CoordinationMetrics metrics = new CoordinationMetrics();
        final List<@Nullable String> told = new ArrayList<>();
        final Leadership leadership;
        final FolderLease lease;

        Contender(String name) {
            NumberedFiles files = new NumberedFiles(root.resolve("lease"), root.resolve("drafts"), "");
            leadership = new Leadership(name, SETTINGS.leaseMs(), () -> nowMs, metrics, told::add);
            lease = new FolderLease(files, name, SETTINGS, leadership, () -> nowMs, new SplittableRandom(1));
        }

        @Nullable
        String last() {
            return told.getLast();
        }
    }

    @BeforeEach
    void prepare() throws IOException {
        Files.createDirectory(root.resolve("drafts"));
        Files.createDirectory(root.resolve("lease"));
    }

    private void pass(long ms, Contender... awake) throws IOException {
        for (long passed = 0; passed < ms; passed += SETTINGS.leasePollMs()) {
            nowMs += SETTINGS.leasePollMs();
            for (Contender each : awake) {
                each.lease.poll();
            }
        }
    }

    @Test
    void theFirstOneTakesItAndKeepsIt() throws IOException {
        Contender a = new Contender("a");
        Contender b = new Contender("b");
        a.lease.poll();
        b.lease.poll();
        pass(10 * LONGEST_MS, a, b);
        assertThat(a.told).containsExactly(null, "a");
        assertThat(b.told).containsExactly("a");
    }

    @Test
    void afterASilenceTheOtherTakesOverAndTheFirstNoticesWhenItWakesUp() throws IOException {
        Contender a = new Contender("a");
        Contender b = new Contender("b");
        pass(1_000, a, b);
        pass(SETTINGS.leaseMs() - SETTINGS.beatMs() - SETTINGS.leasePollMs(), b);
        assertThat(b.last()).isEqualTo("a");
        pass(LONGEST_MS, b);
        assertThat(b.last()).isEqualTo("b");

        // the clock alone tells it, before it has looked into the folder
        assertThat(a.leadership.held()).isEqualTo(Leadership.NONE);
        assertThat(a.told).containsExactly(null, "a", null);
        assertThat(a.metrics.leasesLost()).isEqualTo(1);
        pass(LONGEST_MS, a, b);
        assertThat(a.last()).isEqualTo("b");
        assertThat(b.told).containsExactly("a", null, "b");
    }

    @Test
    void aHolderThatFindsAHigherNumberIsNoneAnyMore() throws Exception {
        Contender a = new Contender("a");
        pass(1_000, a);
        new NumberedFiles(root.resolve("lease"), root.resolve("drafts"), "").create(2, "b");
        a.lease.poll();
        assertThat(a.told).containsExactly(null, "a", null, "b");
    }

    @Test
    void aHolderThatCouldNotRenewInTimeStartsOverUnderANewNumber() throws IOException {
        Contender a = new Contender("a");
        pass(1_000, a);
        nowMs += SETTINGS.leaseMs() + 1;
        a.lease.poll();
        assertThat(a.told).containsExactly(null, "a", null, "a");
        assertThat(a.leadership.held()).isEqualTo(2);
    }

    @Test
    void oneThatWasFrozenWhileItTookTheLeaseDoesNotClaimIt() {
        Contender a = new Contender("a");
        a.leadership.hold(1, nowMs - SETTINGS.leaseMs() - 1);
        assertThat(a.told).doesNotContain("a");
        assertThat(a.leadership.held()).isEqualTo(Leadership.NONE);
    }

    @Test
    void oneThatWasFrozenWhileItRenewedIsNoHolder() {
        Contender a = new Contender("a");
        a.leadership.hold(1, nowMs);
        long beforeMs = nowMs;
        nowMs += SETTINGS.leaseMs() + 1;
        a.leadership.renewed(1, beforeMs);
        assertThat(a.leadership.held()).isEqualTo(Leadership.NONE);
        assertThat(a.told).containsExactly("a", null);
    }

    @Test
    void aReleasedLeaseIsTakenAtOnceAndItsHolderStaysOut() throws IOException {
        Contender a = new Contender("a");
        Contender b = new Contender("b");
        pass(1_000, a, b);
        long absentMs = 5_000;
        a.leadership.resign(absentMs);
        a.lease.release();
        assertThat(a.last()).isNull();
        b.lease.poll();
        assertThat(b.last()).isEqualTo("b");
        pass(LONGEST_MS, a);
        assertThat(a.last())
                .as("the other one is silent, but it is not yet time")
                .isNull();
        pass(absentMs, a);
        assertThat(a.last()).isEqualTo("a");
    }

    @Test
    void oneThatResignsWhileItTakesTheLeaseDoesNotHoldIt() throws IOException {
        Contender a = new Contender("a");
        a.leadership.resign(5_000);
        a.leadership.hold(1, nowMs);
        assertThat(a.leadership.held()).isEqualTo(Leadership.NONE);
        assertThat(a.told).isEmpty();
        pass(4_000, a);
        assertThat(a.told).containsOnlyNulls();
    }

    @Test
    void aLeaseOfAnEarlierProcessOfTheSameNameIsNotItsOwn() throws IOException {
        pass(1_000, new Contender("a"));
        Contender again = new Contender("a");
        pass(1_000, again);
        assertThat(again.told).containsOnlyNulls();
        pass(LONGEST_MS, again);
        assertThat(again.last()).isEqualTo("a");
    }

    @Test
    void ofManyThatWaitOneGetsIt() throws IOException {
        Contender gone = new Contender("gone");
        pass(1_000, gone);
        List<Contender> waiting = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            waiting.add(new Contender("waiting " + i));
        }
        pass(2 * LONGEST_MS, waiting.toArray(Contender[]::new));
        assertThat(waiting)
                .filteredOn(each -> each.leadership.held() != Leadership.NONE)
                .hasSize(1);
        assertThat(waiting)
                .extracting(Contender::last)
                .doesNotContainNull()
                .containsOnly(waiting.stream()
                        .filter(each -> each.leadership.held() != Leadership.NONE)
                        .findFirst()
                        .orElseThrow()
                        .last());
    }
}
