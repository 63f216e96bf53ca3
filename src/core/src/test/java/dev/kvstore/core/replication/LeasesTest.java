package dev.kvstore.core.replication;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LeasesTest {
    private static final long LEASE_MS = 1_000;
    private static final long SENT_MS = 100;

    private final Leases leases = new Leases(LEASE_MS, 1_250, 0);

    @Test
    void leaseCountsFromTheMomentWhenTheHeartbeatWasSent() {
        leases.sent("b", 7, SENT_MS);
        leases.acknowledged("b", "store", 7, 3, 3);

        assertThat(leases.holds("b", "store", 3, SENT_MS + LEASE_MS - 1)).isTrue();
        assertThat(leases.holds("b", "store", 3, SENT_MS + LEASE_MS)).isFalse();
        assertThat(leases.holds("b", "other store", 3, SENT_MS)).isFalse();
    }

    @Test
    void heartbeatThatIsAcknowledgedAgainUnderANewerRingIsALeaseUnderThatRing() {
        leases.sent("b", 7, SENT_MS);
        leases.acknowledged("b", "store", 7, 3, 4);
        assertThat(leases.holds("b", "store", 4, SENT_MS + 10)).isFalse();

        leases.acknowledged("b", "store", 7, 4, 4);
        assertThat(leases.holds("b", "store", 4, SENT_MS + 10)).isTrue();
        assertThat(leases.holds("b", "store", 4, SENT_MS + LEASE_MS)).isFalse();
    }

    @Test
    void acknowledgementOfAnEarlierHeartbeatTakesNothingAway() {
        leases.sent("b", 7, SENT_MS);
        leases.sent("b", 8, SENT_MS + 50);
        leases.acknowledged("b", "store", 8, 3, 3);
        leases.acknowledged("b", "store", 7, 3, 3);

        assertThat(leases.holds("b", "store", 3, SENT_MS + 50 + LEASE_MS - 1)).isTrue();
    }

    @Test
    void acknowledgementUnderANewerRingThanMineCountsForNothing() {
        leases.sent("b", 7, SENT_MS);
        leases.acknowledged("b", "store", 7, 4, 3);

        assertThat(leases.holds("b", "store", 3, SENT_MS + 10)).isFalse();
    }
}
