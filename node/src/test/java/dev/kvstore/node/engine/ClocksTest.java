package dev.kvstore.node.engine;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

class ClocksTest {
    @Test
    @EnabledOnOs(OS.LINUX)
    void countsSuspensionOnLinux() {
        assertThat(Clocks.system().countsSuspension()).isTrue();
    }

    @Test
    void neverGoesBack() {
        Clocks clocks = Clocks.system();
        long last = clocks.monoMs();
        for (int i = 0; i < 10_000; i++) {
            long now = clocks.now().monoMs();
            assertThat(now).isGreaterThanOrEqualTo(last);
            last = now;
        }
    }

    @Test
    void runsAsFastAsTheSystemsOtherClock() throws InterruptedException {
        Clocks clocks = Clocks.system();
        long beforeNanos = System.nanoTime();
        long firstMs = clocks.monoMs();
        Thread.sleep(60);
        long lastMs = clocks.monoMs();
        long aroundMs = (System.nanoTime() - beforeNanos) / 1_000_000;
        assertThat(lastMs - firstMs).isBetween(59L, aroundMs + 1);
    }
}
