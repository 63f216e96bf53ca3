package dev.kvstore.node.storage.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kvstore.core.data.Bytes;
import dev.kvstore.core.data.Change;
import dev.kvstore.core.data.Entry;
import dev.kvstore.core.data.EntryId;
import dev.kvstore.core.data.Stored;
import dev.kvstore.core.io.Effect;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The texts are what stands on disks: a change of one needs a new format number and a way to read the old one. */
class FormatTest {
    private static final EntryId ID = new EntryId(300, 2, 5);

    @Test
    void encodesEntries() throws FormatException {
        encodes(new Change.Put(Bytes.utf8("key"), Bytes.utf8("v"), 1_000), "0107ac020201e807036b657976");
        encodes(new Change.Delete(Bytes.utf8("key")), "0107ac0202026b6579");
        encodes(new Change.Noop(), "0107ac020203");
    }

    @Test
    void encodesWhatTheStateHolds() throws FormatException {
        byte[] record = DataRecord.encode(Bytes.utf8("v"), 5, 1_000);
        assertThat(hex(record)).isEqualTo("0105e80776");
        assertThat(DataRecord.decode(record)).isEqualTo(new Stored(Bytes.utf8("v"), 5, 1_000));
        byte[] header = Arrays.copyOf(record, DataRecord.HEADER_BYTES);
        assertThat(DataRecord.decodeHeader(header, 1_000_000)).isEqualTo(new Stored(Bytes.EMPTY, 5, 1_000));
        byte[] largest = DataRecord.encode(Bytes.EMPTY, Long.MAX_VALUE, -1);
        assertThat(DataRecord.decodeHeader(largest, largest.length).expiresAtMs())
                .isEqualTo(-1);
    }

    @Test
    void encodesAPartitionsRecords() throws FormatException {
        assertThat(hex(StateRecord.encode(ID))).isEqualTo("01ac020205");
        assertThat(StateRecord.decodeId(StateRecord.encode(ID))).isEqualTo(ID);
        StateRecord.Base base = new StateRecord.Base(ID, true);
        assertThat(hex(StateRecord.encode(base))).isEqualTo("0101ac020205");
        assertThat(StateRecord.decodeBase(StateRecord.encode(base))).isEqualTo(base);
        Effect.Joining joining = new Effect.Joining("n", "é", 4);
        assertThat(hex(StateRecord.encode(joining))).isEqualTo("01016e02c3a904");
        assertThat(StateRecord.decodeJoining(StateRecord.encode(joining))).isEqualTo(joining);
    }

    @Test
    void encodesPartsOfASnapshot() throws FormatException {
        SnapshotPart part = new SnapshotPart(16);
        part.add(new byte[] {1, 2}, new byte[] {3});
        part.add(new byte[300], new byte[0]);
        Bytes encoded = part.encode();

        List<SnapshotPart.Pair> pairs = SnapshotPart.decode(encoded);
        assertThat(pairs).hasSize(2);
        assertThat(pairs.getFirst().userKey()).containsExactly(1, 2);
        assertThat(pairs.getFirst().record()).containsExactly(3);
        assertThat(pairs.getLast().userKey()).hasSize(300);
        assertThat(SnapshotPart.decode(new SnapshotPart(0).encode())).isEmpty();
        for (int i = 0; i < encoded.size(); i += 7) {
            byte[] changed = encoded.array().clone();
            changed[i] ^= 0x10;
            assertThatThrownBy(() -> SnapshotPart.decode(Bytes.wrap(changed))).isInstanceOf(FormatException.class);
        }
        assertThatThrownBy(() -> SnapshotPart.decode(Bytes.EMPTY)).isInstanceOf(FormatException.class);
    }

    @Test
    void refusesFormatsThatItDoesNotKnow() {
        assertThatThrownBy(() -> DataRecord.decode(new byte[] {9, 1, 1}))
                .hasMessage("a value is of format 9; this program reads format 1");
    }

    @Test
    void refusesWhatIsCutShort() throws FormatException {
        byte[] key = Keys.log(0, 1);
        Entry entry = new Entry(new EntryId(1, 1, 1), new Change.Put(Bytes.utf8("key"), Bytes.EMPTY, 0));
        byte[] whole = new LogRecord(entry, 1).encode();
        for (int length = 0; length < whole.length; length++) {
            byte[] cut = Arrays.copyOf(whole, length);
            assertThatThrownBy(() -> LogRecord.decode(key, cut)).isInstanceOf(FormatException.class);
        }
        assertThat(LogRecord.decode(key, whole).entry()).isEqualTo(entry);
    }

    @Test
    void ordersKeysAsTheirPartsAreOrdered() throws FormatException {
        Random random = new Random(1);
        List<byte[]> logs = new ArrayList<>();
        for (int partition : new int[] {0, 1, 255, 256, 1_023}) {
            for (long seq : new long[] {0, 1, 255, 256, 1L << 32, Long.MAX_VALUE}) {
                logs.add(Keys.log(partition, seq));
                assertThat(Keys.partitionOf(logs.getLast())).isEqualTo(partition);
                assertThat(Keys.seqOf(logs.getLast())).isEqualTo(seq);
            }
        }
        assertThat(logs).isSortedAccordingTo(Arrays::compareUnsigned);
        for (int i = 0; i < 200; i++) {
            byte[] prefix = new byte[random.nextInt(4)];
            for (int at = 0; at < prefix.length; at++) {
                prefix[at] = random.nextBoolean() ? -1 : (byte) random.nextInt();
            }
            byte[] from = Keys.data(3, prefix);
            byte[] to = Keys.afterAllWith(from);
            byte[] within = Keys.data(3, Arrays.copyOf(prefix, prefix.length + 2));
            within[within.length - 1] = -1;
            assertThat(Arrays.compareUnsigned(within, from)).isPositive();
            assertThat(Arrays.compareUnsigned(within, to)).isNegative();
            assertThat(Keys.userKeyOfData(from)).isEqualTo(Bytes.wrap(prefix));
            assertThat(Keys.userKeyOfExpiry(Keys.expiry(3, 77, prefix))).isEqualTo(Bytes.wrap(prefix));
        }
        assertThat(Keys.afterAllWith(Keys.data(3, new byte[] {-1, -1}))).isEqualTo(Keys.from(4));
    }

    private static void encodes(Change change, String hex) throws FormatException {
        LogRecord record = new LogRecord(new Entry(ID, change), 7);
        byte[] value = record.encode();
        assertThat(hex(value)).isEqualTo(hex);
        assertThat(LogRecord.decode(Keys.log(1, 5), value)).isEqualTo(record);
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }
}
