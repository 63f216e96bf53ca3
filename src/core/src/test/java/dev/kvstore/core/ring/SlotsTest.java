package dev.kvstore.core.ring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kvstore.core.data.Bytes;
import java.nio.charset.StandardCharsets;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class SlotsTest {
    /** The reference value of the Redis Cluster specification, appendix A. */
    @Test
    void crcIsThatOfTheRedisClusterSpecification() {
        byte[] text = "123456789".getBytes(StandardCharsets.US_ASCII);
        assertThat(Slots.crc16(text, 0, text.length)).isEqualTo(0x31C3);
    }

    /** The examples of Redis' documentation of CLUSTER KEYSLOT. */
    @Test
    void slotsAreThoseOfRedis() {
        assertThat(slot("somekey")).isEqualTo(11058);
        assertThat(slot("foo{hash_tag}")).isEqualTo(2515);
        assertThat(slot("bar{hash_tag}")).isEqualTo(2515);
    }

    /** The examples of the Redis Cluster specification, "Hash tags". */
    @Test
    void tagsAreThoseOfRedis() {
        assertThat(slot("{user1000}.following"))
                .isEqualTo(slot("{user1000}.followers"))
                .isEqualTo(slot("user1000"));
        assertThat(slot("foo{}{bar}")).isNotEqualTo(slot("bar"));
        assertThat(slot("foo{{bar}}zap")).isEqualTo(slot("{bar"));
        assertThat(slot("foo{bar}{zap}")).isEqualTo(slot("bar"));
        assertThat(slot("no}tag{here")).isNotEqualTo(slot(""));
    }

    @Property
    void partitionsAreContiguousRangesOfEqualLength(
            @ForAll @Size(max = 64) byte[] key, @ForAll @IntRange(max = 10) int log) {
        int partitions = 1 << log;
        int slot = Slots.slotOf(Bytes.wrap(key));
        int partition = Slots.partitionOf(Bytes.wrap(key), partitions);
        int length = Slots.COUNT / partitions;
        assertThat(slot).isBetween(partition * length, (partition + 1) * length - 1);
        assertThat(partition).isBetween(0, partitions - 1);
    }

    private static int slot(String key) {
        return Slots.slotOf(Bytes.utf8(key));
    }
}
