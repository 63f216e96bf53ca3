package dev.kvstore.testkit.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class OutageDetectorTest {

    @Test
    void theLongestGapOfAnyKeyCounts() {
        OutageDetector detector = new OutageDetector(2);
        detector.acknowledged(0, 100);
        detector.acknowledged(1, 100);
        detector.acknowledged(0, 150);
        detector.acknowledged(1, 400);
        detector.acknowledged(0, 410);
        detector.acknowledged(1, 410);

        assertThat(detector.longestNs(410)).isEqualTo(300);
    }

    @Test
    void anOutageThatStillLastsCounts() {
        OutageDetector detector = new OutageDetector(2);
        detector.acknowledged(0, 100);
        detector.acknowledged(1, 100);
        detector.acknowledged(0, 900);

        assertThat(detector.longestNs(1_000)).isEqualTo(900);
    }

    @Test
    void keysDoNotHelpEachOther() {
        OutageDetector detector = new OutageDetector(2);
        detector.acknowledged(0, 10);
        assertThat(detector.allSince(5)).isFalse();
        detector.acknowledged(1, 6);
        assertThat(detector.allSince(5)).isTrue();
        assertThat(detector.allSince(6)).isFalse();
    }

    @Test
    void aGapThatWasForgottenIsNotTold() {
        OutageDetector detector = new OutageDetector(1);
        detector.acknowledged(0, 0);
        detector.acknowledged(0, 5_000);
        detector.forgetLongest();
        detector.acknowledged(0, 5_100);

        assertThat(detector.longestNs(5_100)).isEqualTo(100);
    }
}
