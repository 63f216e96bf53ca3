package dev.kvstore.testkit.bench.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ArrivalsTest {
    private static final long SECOND_NS = TimeUnit.SECONDS.toNanos(1);
    private static final long MS_NS = TimeUnit.MILLISECONDS.toNanos(1);

    @Test
    void requestsAreMeantToStartAtAConstantRate() {
        Arrivals arrivals = new Arrivals(5 * SECOND_NS, 1_000, 3);

        assertThat(arrivals.dueInNs(5 * SECOND_NS)).isZero();
        assertThat(arrivals.take()).isEqualTo(5 * SECOND_NS);
        assertThat(arrivals.dueInNs(5 * SECOND_NS)).isEqualTo(MS_NS);
        assertThat(arrivals.take()).isEqualTo(5 * SECOND_NS + MS_NS);
        assertThat(arrivals.take()).isEqualTo(5 * SECOND_NS + 2 * MS_NS);
        assertThat(arrivals.exhausted()).isTrue();
        assertThatThrownBy(arrivals::take).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aRateThatDividesNoNanosecondDoesNotDrift() {
        Arrivals arrivals = new Arrivals(0, 3, 3_000_001);
        long last = 0;
        while (!arrivals.exhausted()) {
            last = arrivals.take();
        }
        assertThat(last).isEqualTo(1_000_000 * SECOND_NS);
    }

    /** One lane at 1,000 requests a second, each answered after 0.1 ms, but for one answer that takes a second. */
    @Test
    void aStallIsSeenByEveryRequestThatItHeldBack() {
        Arrivals arrivals = new Arrivals(0, 1_000, 10_000);
        Latencies latencies = new Latencies();
        long now = 0;
        for (int request = 0; !arrivals.exhausted(); request++) {
            now = Math.max(now, now + arrivals.dueInNs(now));
            long intendedNs = arrivals.take();
            now += request == 2_000 ? SECOND_NS : MS_NS / 10;
            latencies.add(now - intendedNs, null);
        }
        Measurement measured = latencies.take(10, 0);

        // a tenth of all requests was meant to start during the stall, a client that waits would have sent one
        assertThat(measured.latencies().getTotalCount()).isEqualTo(10_000);
        assertThat(measured.percentileMs(50)).isLessThan(1);
        assertThat(measured.percentileMs(95)).isGreaterThan(400);
        assertThat(measured.percentileMs(100)).isGreaterThan(990);
    }
}
