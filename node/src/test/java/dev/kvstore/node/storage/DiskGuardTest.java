package dev.kvstore.node.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kvstore.core.io.Input;
import dev.kvstore.core.io.Input.DiskRefuses.What;
import dev.kvstore.node.storage.DiskGuard.Cause;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.RocksDBException;
import org.rocksdb.Status;

class DiskGuardTest {
    private final RocksDBException full =
            new RocksDBException(new Status(Status.Code.IOError, Status.SubCode.NoSpace, "full"));
    private final RocksDBException broken =
            new RocksDBException(new Status(Status.Code.IOError, Status.SubCode.None, "broken"));
    private final RocksDBException damaged =
            new RocksDBException(new Status(Status.Code.Corruption, Status.SubCode.None, "damaged"));

    @TempDir
    Path folder;

    private final Recorder answers = new Recorder();
    private final StorageMetrics metrics = new StorageMetrics();

    @Test
    void triesAgainUntilItSucceedsAndSaysSo() throws Exception {
        assertThat(guard(0).untilDone(Cause.LOG_FAILS, failing(full, full))).isTrue();

        assertThat(answers.left())
                .isEqualTo(List.of(new Input.DiskRefuses(What.EVERYTHING), new Input.DiskRefuses(What.NOTHING)));
        assertThat(metrics.failedWrites()).isEqualTo(2);
        assertThat(metrics.refusing()).isFalse();
    }

    @Test
    void saysItOnceForAllCauses() throws Exception {
        DiskGuard guard = guard(0);
        guard.untilDone(Cause.LOG_FAILS, () -> {
            if (!metrics.refusing()) {
                throw full;
            }
            try {
                guard.untilDone(Cause.STATE_FAILS, failing(full));
            } catch (StorageException | InterruptedException e) {
                throw new AssertionError(e);
            }
            assertThat(metrics.refusing()).isTrue();
        });
        assertThat(answers.left())
                .isEqualTo(List.of(new Input.DiskRefuses(What.EVERYTHING), new Input.DiskRefuses(What.NOTHING)));
    }

    @Test
    void tellsLittleRoomFromADiskThatTakesNothing() throws Exception {
        DiskGuard guard = new DiskGuard(folder, Disk.SETTINGS.withMinFreeBytes(Long.MAX_VALUE / 2), metrics, answers);
        guard.checkSpace();
        guard.untilDone(Cause.LOG_FAILS, failing(full));
        assertThat(answers.left())
                .isEqualTo(List.of(
                        new Input.DiskRefuses(What.CLIENTS),
                        new Input.DiskRefuses(What.EVERYTHING),
                        new Input.DiskRefuses(What.CLIENTS)));
    }

    @Test
    void givesUpWhatOnlyANewStartCanMend() {
        assertThatThrownBy(() -> guard(0).untilDone(Cause.LOG_FAILS, failing(broken, broken, broken)))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining(folder.toString())
                .hasMessageContaining("broken");
    }

    @Test
    void bearsWithAnErrorThatPasses() throws Exception {
        assertThat(guard(60_000).untilDone(Cause.LOG_FAILS, failing(broken, broken)))
                .isTrue();
    }

    @Test
    void doesNotTryAgainWhenTheStoreIsDamaged() {
        assertThatThrownBy(() -> guard(60_000).untilDone(Cause.LOG_FAILS, failing(damaged)))
                .isSameAs(damaged);
    }

    @Test
    void givesUpWhenItIsClosed() throws Exception {
        DiskGuard guard = guard(0);
        guard.close();
        assertThat(guard.untilDone(Cause.LOG_FAILS, failing(full))).isFalse();
    }

    private DiskGuard guard(long giveUpMs) throws Exception {
        return new DiskGuard(folder, Disk.SETTINGS.withGiveUpMs(giveUpMs), metrics, answers);
    }

    /** Fails in these ways, one after the other, then succeeds. */
    private static DiskGuard.Step failing(RocksDBException... ways) {
        Queue<RocksDBException> left = new ArrayDeque<>(List.of(ways));
        return () -> {
            RocksDBException next = left.poll();
            if (next != null) {
                throw next;
            }
        };
    }
}
