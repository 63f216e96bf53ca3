package dev.kvstore.cli.local;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kvstore.cli.client.LearnedNodes;
import dev.kvstore.cli.model.Json;
import dev.kvstore.cli.output.Failure;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The folder of a cluster on this machine: {@code cluster.json} (its settings), {@code run/} (which processes its nodes
 * are), {@code logs/}, {@code coordination/} (shared by the nodes) and a folder for each node's data.
 *
 * @param root absolute
 */
public record DataFolder(Path root) {
    private static final String CLUSTER_FILE = "cluster.json";
    private static final Pattern FORMER_NODE = Pattern.compile("node\\d{1,2}");
    private static final String STORE = "store";

    /** The settings of the cluster that lives here, if one does. */
    public Optional<LocalCluster> cluster() {
        Path file = root.resolve(CLUSTER_FILE);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        return Optional.of(read(file)
                .flatMap(LocalCluster::of)
                .orElseThrow(() -> Failure.unable(
                        "%s cannot be read or is damaged. Nothing was changed. Put back a good copy, or remove the folder %s by hand to give up all that it holds."
                                .formatted(file, root))));
    }

    /** Remembers the cluster's settings. */
    public void save(LocalCluster cluster) {
        write(root.resolve(CLUSTER_FILE), cluster.toJson());
    }

    Optional<RunFile> run(String node) {
        return read(runFile(node)).flatMap(RunFile::of);
    }

    void save(RunFile run) {
        write(runFile(run.name()), run.toJson());
    }

    void forgetRun(String node) {
        try {
            Files.deleteIfExists(runFile(node));
        } catch (IOException e) {
            throw cannotWrite(runFile(node), e);
        }
    }

    private Path runFile(String node) {
        return root.resolve("run").resolve(node + ".json");
    }

    Path lockFile() {
        return root.resolve("run").resolve("lock");
    }

    /** Where a node keeps its data. */
    public Path nodeData(String node) {
        return root.resolve(node);
    }

    Path coordination() {
        return root.resolve("coordination");
    }

    Path logs() {
        return root.resolve("logs");
    }

    /** What a node says. */
    public LogFile log(String node) {
        return new LogFile(logs().resolve(node + ".log"));
    }

    /** Nodes that were heard of. */
    public LearnedNodes learnedNodes() {
        return new LearnedNodes(learnedFile());
    }

    private Path learnedFile() {
        return root.resolve("known-nodes");
    }

    /**
     * Deletes what the cluster wrote here, and the folder itself when nothing else is in it. No link is followed.
     *
     * @return whether the folder is gone
     * @throws Failure when something cannot be deleted; it may then be repeated
     */
    public boolean wipe(LocalCluster cluster) {
        List<Path> ours = new ArrayList<>();
        cluster.nodes().forEach(node -> ours.add(nodeData(node.name())));
        ours.addAll(formerNodes());
        ours.addAll(List.of(coordination(), logs(), root.resolve("run"), learnedFile()));
        // last: without it the folder is not known as ours any more, and what is left could not be wiped
        ours.add(root.resolve(CLUSTER_FILE));
        try {
            for (Path path : ours) {
                deleteTree(path);
            }
            try (var rest = Files.list(root)) {
                if (rest.findAny().isPresent()) {
                    return false;
                }
            }
            Files.delete(root);
            return true;
        } catch (IOException e) {
            throw Failure.unable("Cannot delete all of %s: %s".formatted(root, e), e);
        }
    }

    /** What nodes left behind that the cluster was scaled down by. */
    private List<Path> formerNodes() {
        try (var entries = Files.list(root)) {
            return entries.filter(path ->
                            FORMER_NODE.matcher(path.getFileName().toString()).matches()
                                    && Files.isDirectory(path.resolve(STORE), LinkOption.NOFOLLOW_LINKS))
                    .toList();
        } catch (IOException e) {
            throw Failure.unable("Cannot read %s: %s".formatted(root, e), e);
        }
    }

    private static void deleteTree(Path path) throws IOException {
        if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        Files.walkFileTree(path, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException failure) throws IOException {
                if (failure != null) {
                    throw failure;
                }
                Files.delete(folder);
                return FileVisitResult.CONTINUE;
            }
        });
    }

    private static Optional<ObjectNode> read(Path file) {
        try {
            return Json.parseObject(Files.readAllBytes(file));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** In one step: a reader sees the old file or the new one, never half of it. */
    private static void write(Path file, ObjectNode json) {
        try {
            Files.createDirectories(file.getParent());
            Path next =
                    Files.createTempFile(file.getParent(), file.getFileName().toString(), ".tmp");
            Files.writeString(next, Json.pretty(json) + "\n");
            Files.move(next, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw cannotWrite(file, e);
        }
    }

    static Failure cannotWrite(Path file, IOException cause) {
        return Failure.unable("Cannot write %s: %s".formatted(file, cause), cause);
    }
}
