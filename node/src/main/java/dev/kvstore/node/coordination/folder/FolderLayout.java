package dev.kvstore.node.coordination.folder;

import dev.kvstore.node.coordination.CoordinationException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import org.jboss.logging.Logger;

/** What lies where in the coordination folder. */
record FolderLayout(Path root) {
    private static final Logger LOG = Logger.getLogger(FolderLayout.class);

    /** Version of what lies where in the folder, and of what is not JSON: the Lease and its notes. */
    private static final String FORMAT = "1";

    /** A draft that is older, in hours, was left behind by a process that was killed. */
    private static final long STALE_HOURS = 24;

    /**
     * Creates what is missing and checks that the folder can do what is needed.
     *
     * @throws CoordinationException when it cannot, with a message for a user
     */
    static FolderLayout open(Path root) throws CoordinationException {
        FolderLayout layout = new FolderLayout(root.toAbsolutePath().normalize());
        try {
            Files.createDirectories(layout.root());
            layout.mend();
            layout.probe();
            layout.requireKnownFormat();
        } catch (IOException | UnsupportedOperationException e) {
            throw new CoordinationException(
                    "The coordination folder %s cannot be used: %s. All nodes of a cluster must be able to read and write it,"
                                    .formatted(layout.root(), reason(e))
                            + " and its file system must know hard links; choose another folder, the same for all nodes.",
                    e);
        }
        layout.removeStaleDrafts();
        return layout;
    }

    /** The folder says of what format it is; one that does not is new, or of the first format. */
    private void requireKnownFormat() throws IOException, CoordinationException {
        Path file = root.resolve("format");
        Path draft = drafts().resolve(UUID.randomUUID() + ".draft");
        try {
            Files.writeString(draft, FORMAT + "\n");
            Files.createLink(file, draft);
        } catch (FileAlreadyExistsException e) {
            String found = Files.readString(file).strip();
            if (!found.equals(FORMAT)) {
                throw new CoordinationException(
                        "The coordination folder %s is of format '%s', and this program works with format %s. Start the version that made it, or choose another folder, the same for all nodes."
                                .formatted(root, found, FORMAT),
                        e);
            }
        } finally {
            Files.deleteIfExists(draft);
        }
    }

    private static String reason(Exception e) {
        return switch (e) {
            case AccessDeniedException denied -> "no permission for " + denied.getFile();
            case FileAlreadyExistsException exists -> exists.getFile() + " is not a folder";
            default -> String.valueOf(e.getMessage());
        };
    }

    NumberedFiles ring() {
        return new NumberedFiles(root.resolve("ring"), drafts(), ".json");
    }

    NumberedFiles lease() {
        return new NumberedFiles(root.resolve("lease"), drafts(), "");
    }

    NumberedFiles desired() {
        return new NumberedFiles(root.resolve("desired"), drafts(), ".json");
    }

    private Path drafts() {
        return root.resolve("drafts");
    }

    /**
     * Creates folders that are missing inside the root, but not the root: where that is missing, it may be that a file system
     * is not mounted.
     */
    void mend() throws IOException {
        for (String part : List.of("ring", "lease", "desired", "drafts")) {
            Path folder = root.resolve(part);
            if (Files.isDirectory(root) && !Files.isDirectory(folder)) {
                Files.createDirectories(folder);
            }
        }
    }

    private void probe() throws IOException {
        Path first = drafts().resolve(UUID.randomUUID() + ".probe");
        Path second = drafts().resolve(UUID.randomUUID() + ".probe");
        try {
            Files.createFile(first);
            Files.createLink(second, first);
        } finally {
            Files.deleteIfExists(first);
            Files.deleteIfExists(second);
        }
    }

    private void removeStaleDrafts() {
        Instant limit = Instant.now().minus(STALE_HOURS, ChronoUnit.HOURS);
        try (DirectoryStream<Path> drafts = Files.newDirectoryStream(drafts())) {
            for (Path draft : drafts) {
                if (Files.getLastModifiedTime(draft).toInstant().isBefore(limit)) {
                    Files.deleteIfExists(draft);
                }
            }
        } catch (IOException | DirectoryIteratorException e) {
            LOG.debugf(e, "stale drafts in %s could not be removed", drafts());
        }
    }
}
