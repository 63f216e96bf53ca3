package dev.kvstore.cli.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kvstore.cli.model.ClusterStatus;
import dev.kvstore.cli.model.ClusterStatus.Member;
import dev.kvstore.cli.model.ClusterStatus.Partitions;
import dev.kvstore.cli.model.NodeAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is remembered of clusters. */
class LearnedNodesTest {
    private static final NodeAddress A = new NodeAddress("a", 1);
    private static final NodeAddress B = new NodeAddress("b", 1);
    private static final NodeAddress C = new NodeAddress("c", 1);
    private static final NodeAddress D = new NodeAddress("d", 1);

    @TempDir
    Path folder;

    @Test
    void remembersWhichNodesBelongTogether() {
        LearnedNodes learned = new LearnedNodes(folder.resolve("known-nodes"));
        learned.learn(A, cluster("one", A, B), 0);
        learned.learn(C, cluster("two", C), 0);
        assertThat(learned.together(List.of(B))).containsExactly(A, B);
        assertThat(learned.together(List.of(C))).containsExactly(C);
        assertThat(learned.together(List.of(D))).isEmpty();
    }

    @Test
    void remembersANodeUnderTheAddressThatWasAsked() {
        LearnedNodes learned = new LearnedNodes(folder.resolve("known-nodes"));
        learned.learn(D, cluster("one", A, B), 0);
        assertThat(learned.together(List.of(D))).containsExactly(D, A, B);
    }

    @Test
    void forgetsTheClusterThatANodeWasOfBefore() {
        LearnedNodes learned = new LearnedNodes(folder.resolve("known-nodes"));
        learned.learn(A, cluster("old", A, B), 0);
        learned.learn(A, cluster("new", A, C), 0);
        assertThat(learned.together(List.of(A))).containsExactly(A, C);
        assertThat(learned.together(List.of(B))).isEmpty();
    }

    @Test
    void asksAgainAfterAWhile() {
        LearnedNodes learned = new LearnedNodes(folder.resolve("known-nodes"));
        assertThat(learned.isStale(A, 1000)).isTrue();
        learned.learn(A, cluster("one", A, B), 1000);
        assertThat(learned.isStale(B, 1000)).isFalse();
        assertThat(learned.isStale(A, 1000 + 300_000)).isTrue();
    }

    @Test
    void takesNothingFromADamagedFile() throws Exception {
        Path file = folder.resolve("known-nodes");
        Files.writeString(file, "one\ntwo x a:1\nthree 5 nonsense b:1\n\n");
        LearnedNodes learned = new LearnedNodes(file);
        assertThat(learned.together(List.of(A))).isEmpty();
        assertThat(learned.together(List.of(B))).containsExactly(B);
    }

    @Test
    void doesWithoutAFileThatCannotBeWritten() throws Exception {
        Path blocked = Files.createFile(folder.resolve("no-folder"));
        LearnedNodes learned = new LearnedNodes(blocked.resolve("known-nodes"));
        learned.learn(A, cluster("one", A, B), 0);
        assertThat(learned.together(List.of(A))).isEmpty();
    }

    private static ClusterStatus cluster(String id, NodeAddress... nodes) {
        List<Member> members = Stream.of(nodes)
                .map(node -> new Member(node.host(), node.toString(), Optional.empty(), "up", 0, 0, 0, "1"))
                .toList();
        return new ClusterStatus(id, Optional.empty(), 1, 2, members, new Partitions(1, 1, 0, 0, 0), List.of());
    }
}
