package dev.kvstore.core.node;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class AllowanceTest {
    private static final int RATE = 1_000;

    private final Allowance allowance = new Allowance();

    @Test
    void whatWasSentIsPaidOffByTime() {
        assertThat(allowance.isOpen(RATE, 5_000)).isTrue();
        allowance.spend(2_500);
        assertThat(allowance.isOpen(RATE, 5_001)).isFalse();
        assertThat(allowance.isOpen(RATE, 7_499)).isFalse();
        assertThat(allowance.isOpen(RATE, 7_500)).isTrue();
    }

    @Test
    void timeInWhichNothingWasSentIsNotSavedUp() {
        assertThat(allowance.isOpen(RATE, 0)).isTrue();
        assertThat(allowance.isOpen(RATE, 50_000)).isTrue();
        allowance.spend(1_000);
        assertThat(allowance.isOpen(RATE, 50_999)).isFalse();
        assertThat(allowance.isOpen(RATE, 51_000)).isTrue();
    }

    @Test
    void whoAsksOftenIsPaidForPartsOfABytesTimeToo() {
        assertThat(allowance.isOpen(RATE / 500, 0)).isTrue();
        allowance.spend(10);
        long nowMs = 0;
        while (!allowance.isOpen(RATE / 500, nowMs)) {
            nowMs += 7;
        }
        assertThat(nowMs).isBetween(5_000L, 5_100L);
    }

    @Test
    void overALongTimeTheRateIsKept() {
        long sent = 0;
        long untilMs = 600_000;
        for (long nowMs = 0; nowMs < untilMs; nowMs += 13) {
            if (allowance.isOpen(RATE, nowMs)) {
                allowance.spend(777);
                sent += 777;
            }
        }
        assertThat(sent).isBetween(untilMs * RATE / 1_000 * 97 / 100, untilMs * RATE / 1_000 + 777);
    }

    @Test
    void noLimitIsNone() {
        for (int i = 0; i < 10; i++) {
            assertThat(allowance.isOpen(0, 0)).isTrue();
            allowance.spend(1_000_000);
        }
        assertThat(allowance.isOpen(RATE, 1)).isFalse();
        assertThat(allowance.isOpen(0, 1)).isTrue();
        assertThat(allowance.isOpen(RATE, 1)).isTrue();
    }
}
