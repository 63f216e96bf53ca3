package dev.kvstore.node.coordination.folder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kvstore.core.io.Effect.ProposeRing;
import dev.kvstore.core.io.Input.DesiredIs;
import dev.kvstore.core.io.Input.LeaderIs;
import dev.kvstore.core.io.Input.Proposed;
import dev.kvstore.core.io.Input.Proposed.Result;
import dev.kvstore.core.io.Input.RegisterRead;
import dev.kvstore.core.ring.Assignment;
import dev.kvstore.core.ring.Member;
import dev.kvstore.core.ring.Ring;
import dev.kvstore.node.codec.RingJson;
import dev.kvstore.node.coordination.CoordinationException;
import dev.kvstore.node.coordination.Declaration;
import dev.kvstore.node.coordination.Observer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Whole adapters on one folder, on the real clock. */
@Timeout(120)
class FolderCoordinationTest {
    @TempDir
    Path temp;

    private final Observer seenByA = new Observer();
    private final Observer seenByB = new Observer();

    private Path root() {
        return temp.resolve("shared").resolve("coordination");
    }

    private FolderCoordination open(String name) throws CoordinationException {
        return FolderCoordination.open(root(), name, FolderSettings.DEFAULT, Observer::monoMs);
    }

    @Test
    void oneLeadsAndTheOtherTakesOverWhenItLeaves() throws Exception {
        try (FolderCoordination b = open("b")) {
            try (FolderCoordination a = open("a")) {
                a.start(seenByA);
                seenByA.await(LeaderIs.class, leader -> "a".equals(leader.name()));
                b.start(seenByB);
                seenByB.await(LeaderIs.class, leader -> "a".equals(leader.name()));
            }
            seenByB.await(LeaderIs.class, leader -> "b".equals(leader.name()));
            assertThat(b.metrics().leasesTaken()).isEqualTo(1);
        }
    }

    @Test
    void aLeaderThatResignsIsFollowedByAnother() throws Exception {
        try (FolderCoordination a = open("a");
                FolderCoordination b = open("b")) {
            a.start(seenByA);
            seenByA.await(LeaderIs.class, leader -> "a".equals(leader.name()));
            b.start(seenByB);
            a.resign(60_000);
            seenByB.await(LeaderIs.class, leader -> "b".equals(leader.name()));
            seenByA.await(LeaderIs.class, leader -> "b".equals(leader.name()));
        }
    }

    @Test
    void theRingChangesByCompareAndSetAndEverybodySeesIt() throws Exception {
        try (FolderCoordination a = open("a");
                FolderCoordination b = open("b")) {
            assertThat(a.ringInRegister()).isEmpty();
            a.start(seenByA);
            b.start(seenByB);
            assertThat(seenByA.await(RegisterRead.class, read -> true)).isEqualTo(new RegisterRead("", null));

            a.propose(new ProposeRing(1, "", ring(1)));
            Proposed first = seenByA.await(Proposed.class, each -> true);
            assertThat(first).isEqualTo(new Proposed(1, Result.WON, "1"));
            assertThat(seenByA.await(RegisterRead.class, read -> true)).isEqualTo(new RegisterRead("1", ring(1)));
            seenByB.await(RegisterRead.class, new RegisterRead("1", ring(1))::equals);
            assertThat(b.ringInRegister().map(Ring::clusterId)).contains("cluster");

            a.propose(new ProposeRing(2, "1", ring(2)));
            seenByA.await(Proposed.class, new Proposed(2, Result.WON, "2")::equals);
            b.propose(new ProposeRing(7, "1", ring(2)));
            assertThat(seenByB.await(Proposed.class, each -> true).result()).isEqualTo(Result.LOST);
            seenByB.await(RegisterRead.class, new RegisterRead("2", ring(2))::equals);
            assertThat(b.metrics().proposals(Result.LOST)).isEqualTo(1);
        }
    }

    @Test
    void nodesThatStartTogetherAllGetIntoTheDesiredState() throws Exception {
        try (FolderCoordination a = open("a");
                FolderCoordination b = open("b");
                FolderCoordination c = open("c")) {
            List<FolderCoordination> all = List.of(a, b, c);
            List<String> names = List.of("a", "b", "c");
            for (int i = 0; i < all.size(); i++) {
                all.get(i).declare(new Declaration(names.get(i), "zone" + i, 2, null, null, null, null, false));
            }
            all.forEach(each -> each.start(each == a ? seenByA : seenByB));
            DesiredIs desired = seenByA.await(
                    DesiredIs.class, each -> each.desired().names().size() == 3);
            assertThat(desired.desired().memberCount()).isEqualTo(3);
            assertThat(desired.desired().members()).containsEntry("c", "zone2");

            c.declare(new Declaration("c", "west", 2, null, null, null, null, false));
            seenByA.await(
                    DesiredIs.class,
                    each -> "west".equals(each.desired().members().get("c")));
        }
    }

    @Test
    void anOutageOfTheFolderEndsTheLeaseAndIsOverWhenTheFolderIsBack() throws Exception {
        try (FolderCoordination a = open("a")) {
            a.start(seenByA);
            seenByA.await(LeaderIs.class, leader -> "a".equals(leader.name()));
            a.propose(new ProposeRing(1, "", ring(1)));
            seenByA.await(Proposed.class, each -> each.result() == Result.WON);

            Path away = temp.resolve("away");
            Files.move(root(), away);
            seenByA.await(LeaderIs.class, leader -> leader.name() == null);
            a.propose(new ProposeRing(2, "1", ring(2)));
            assertThat(seenByA.await(Proposed.class, each -> true).result()).isNotEqualTo(Result.WON);
            assertThat(a.metrics().failures()).isPositive();
            assertThat(root()).doesNotExist();

            Files.move(away, root());
            seenByA.await(RegisterRead.class, new RegisterRead("1", ring(1))::equals);
            seenByA.await(LeaderIs.class, leader -> "a".equals(leader.name()));
        }
    }

    @Test
    void aFolderThatWasLostIsAnEmptyRegisterOnceItIsThereAgain() throws Exception {
        try (FolderCoordination a = open("a")) {
            a.start(seenByA);
            a.propose(new ProposeRing(1, "", ring(1)));
            seenByA.await(RegisterRead.class, read -> read.token().equals("1"));
            removeAll(root());
            Files.createDirectory(root());
            seenByA.await(RegisterRead.class, new RegisterRead("", null)::equals);
            a.propose(new ProposeRing(2, "", ring(5)));
            seenByA.await(RegisterRead.class, new RegisterRead("1", ring(5))::equals);
        }
    }

    /** A pipe without a writer stands for a file system that does not answer. */
    @Test
    @EnabledOnOs({OS.LINUX, OS.MAC})
    void aRingThatCannotBeReadForAWhileNeitherCostsTheLeaseNorStaysUnnoticed() throws Exception {
        FolderSettings impatient = new FolderSettings(2_000, 500, 200, 100, 100, 500, 200);
        try (FolderCoordination a = FolderCoordination.open(root(), "a", impatient, Observer::monoMs)) {
            Path pipe = root().resolve("ring").resolve("00000001.json");
            assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                    .isZero();
            a.start(seenByA);
            a.declare(new Declaration("a", null, 0, null, null, null, null, false));
            seenByA.await(LeaderIs.class, leader -> "a".equals(leader.name()));
            long untilMs = Observer.monoMs() + 20_000;
            while (a.metrics().delays() == 0) {
                assertThat(Observer.monoMs()).isLessThan(untilMs);
                Thread.sleep(10);
            }
            Files.writeString(pipe, RingJson.write(ring(1)));
            seenByA.await(RegisterRead.class, new RegisterRead("1", ring(1))::equals);
            seenByA.await(DesiredIs.class, each -> true);
            assertThat(a.metrics().leasesLost()).isZero();
            assertThat(a.metrics().delays()).isEqualTo(1);
        }
    }

    @Test
    void saysWhyAFolderCannotBeUsed() throws Exception {
        Files.writeString(temp.resolve("shared"), "a file where a folder should be");
        assertThatThrownBy(() -> open("a"))
                .isInstanceOf(CoordinationException.class)
                .hasMessageContaining(root().toString())
                .hasMessageContaining("cannot be used");
    }

    @Test
    void aRingThatCannotBeReadDoesNotStopTheStart() throws Exception {
        try (FolderCoordination a = open("a")) {
            Files.writeString(root().resolve("ring").resolve("00000001.json"), "{}");
            assertThat(a.ringInRegister()).isEmpty();
            a.start(seenByA);
            seenByA.await(LeaderIs.class, leader -> "a".equals(leader.name()));
            a.propose(new ProposeRing(1, "", ring(1)));
            assertThat(seenByA.await(Proposed.class, each -> true).result()).isEqualTo(Result.LOST);
        }
    }

    private static void removeAll(Path folder) throws IOException {
        // the node goes on writing into it meanwhile
        while (Files.exists(folder)) {
            List<Path> deepestFirst;
            try (Stream<Path> all = Files.walk(folder)) {
                deepestFirst = all.sorted(Comparator.reverseOrder()).toList();
            } catch (UncheckedIOException e) {
                continue;
            }
            for (Path each : deepestFirst) {
                try {
                    Files.deleteIfExists(each);
                } catch (DirectoryNotEmptyException e) {
                    break;
                }
            }
        }
    }

    static Ring ring(long version) {
        return new Ring(
                "cluster",
                version,
                List.of(new Member("a", "store-a", 1, "", "a:1", "a:2", "", false)),
                List.of(new Assignment(version, "a", 1, List.of("a"), List.of("a"), false, 0)));
    }
}
