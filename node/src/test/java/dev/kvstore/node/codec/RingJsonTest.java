package dev.kvstore.node.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kvstore.core.ring.Assignment;
import dev.kvstore.core.ring.Member;
import dev.kvstore.core.ring.Ring;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RingJsonTest {
    private static final Ring RING = new Ring(
            "c1",
            7,
            List.of(
                    new Member("node1", "s1", 3, "uid-1", "localhost:8001", "localhost:18001", "a", false),
                    new Member("n\"ö\\2", "s2", 4, "", "localhost:8002", "localhost:18002", "", true)),
            List.of(
                    new Assignment(5, "node1", 2, List.of("node1", "n\"ö\\2"), List.of("node1"), false, 0),
                    new Assignment(9, "node1", 6, List.of("node1"), List.of(), true, 1)));

    @Test
    void writesADocumentThatStaysTheSame() {
        Ring ring = new Ring(
                "c1",
                7,
                List.of(new Member("node1", "s1", 3, "uid-1", "localhost:8001", "localhost:18001", "a", false)),
                List.of(new Assignment(5, "node1", 2, List.of("node1"), List.of("node1"), false, 0)));

        assertThat(RingJson.write(ring))
                .isEqualTo(
                        "{\"format\":1,\"clusterId\":\"c1\",\"version\":7,\"members\":[{\"name\":\"node1\",\"storeId\":\"s1\","
                                + "\"boot\":3,\"instance\":\"uid-1\",\"address\":\"localhost:8001\",\"peerAddress\":\"localhost:18001\",\"zone\":\"a\","
                                + "\"leaving\":false}],\"partitions\":[{\"epoch\":5,\"primary\":\"node1\",\"since\":2,"
                                + "\"inSync\":[\"node1\"],\"replicas\":[\"node1\"],\"lost\":false,\"losses\":0}]}");
    }

    @Test
    void readsWhatItWrote() throws RingFormatException {
        assertThat(RingJson.read(RingJson.write(RING))).isEqualTo(RING);
    }

    @Test
    void readsWhatItWroteOfAnyRing() throws RingFormatException {
        Random random = new Random(1);
        for (int i = 0; i < 50; i++) {
            Ring ring = anyRing(random);
            String text = RingJson.write(ring);
            Ring read = RingJson.read(text);

            assertThat(read).isEqualTo(ring);
            assertThat(RingJson.write(read)).isEqualTo(text);
        }
    }

    @Test
    void refusesWhatIsNoRing() {
        refuses("", "ring is not an object");
        refuses("[]", "ring is not an object");
        refuses("{\"format\":1", "not JSON");
        refuses(RingJson.write(RING) + "x", "not JSON");
        refuses(changed("\"version\":7", "\"version\":7,\"version\":8"), "not JSON");
        refuses(changed("\"version\":7,", ""), "ring.version is missing");
        refuses(changed("\"version\":7", "\"version\":\"7\""), "ring.version is not a whole number");
        refuses(changed("\"version\":7", "\"version\":7.5"), "ring.version is not a whole number");
        refuses(changed("\"version\":7", "\"version\":-7"), "ring.version is not a whole number");
        refuses(changed("\"version\":7", "\"version\":9223372036854775808"), "ring.version is not a whole number");
        refuses(changed("\"version\":7", "\"version\":7,\"more\":1"), "ring.more is not known");
        refuses(changed("\"lost\":true", "\"lost\":1"), "ring.partitions[1].lost is neither true nor false");
        refuses(changed("\"zone\":\"a\"", "\"zone\":null"), "ring.members[1].zone is not a text");
        refuses(changed("\"inSync\":[\"node1\"]", "\"inSync\":[1]"), "ring.partitions[1].inSync[0] is not a text");
        refuses(changed("\"inSync\":[\"node1\"]", "\"inSync\":{}"), "ring.partitions[1].inSync is not an array");
        refuses(changed("\"losses\":1", "\"losses\":2147483648"), "ring.partitions[1].losses is not a whole number");
        refuses(changed("\"name\":\"node1\"", "\"name\":\"n\\\"ö\\\\2\""), "has the name of another member");
        refuses(RingJson.write(RING.withPartitions(List.of())), "ring.partitions has 0 elements");
    }

    @Test
    void saysWhenALaterVersionWroteTheRing() {
        refuses(changed("\"format\":1", "\"format\":2"), "a later version of this program wrote");
    }

    private static String changed(String part, String other) {
        String text = RingJson.write(RING);
        assertThat(text).contains(part);
        return text.replace(part, other);
    }

    private static void refuses(String text, String because) {
        assertThatThrownBy(() -> RingJson.read(text))
                .isInstanceOf(RingFormatException.class)
                .hasMessageContaining(because);
    }

    private static Ring anyRing(Random random) {
        List<Member> members = new ArrayList<>();
        List<String> names = new ArrayList<>();
        for (int i = 0; i < 1 + random.nextInt(5); i++) {
            names.add("n" + i + (char) (' ' + random.nextInt(1_000)));
            members.add(new Member(
                    names.getLast(),
                    Long.toHexString(random.nextLong()),
                    random.nextLong() >>> 1,
                    i == 0 ? "" : "uid" + i,
                    "h:1",
                    "h:2",
                    "",
                    random.nextBoolean()));
        }
        List<Assignment> partitions = new ArrayList<>();
        int count = 1 << random.nextInt(6);
        for (int i = 0; i < count; i++) {
            partitions.add(new Assignment(
                    random.nextLong() >>> 1,
                    names.getFirst(),
                    random.nextInt(100),
                    names.subList(0, 1 + random.nextInt(names.size())),
                    names.subList(0, random.nextInt(names.size())),
                    random.nextBoolean(),
                    random.nextInt(3)));
        }
        return new Ring("c" + random.nextInt(), 1 + random.nextInt(1_000), members, partitions);
    }
}
