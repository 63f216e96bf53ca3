package dev.kvstore.node.coordination.folder;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jboss.logging.Logger;

/**
 * Files with the names 00000001, 00000002, ... in one folder, each with its whole content from the moment it exists, and
 * each created by one process only. The one with the highest number counts.
 *
 * <p>A file is written under another name, synced, and then given its number by a hard link: that is atomic, and it fails if
 * the number is taken (a rename would replace what is there). Old files are removed, but the newest {@link #KEEP} stay: a
 * process that was frozen before it created the next number, and wakes up after that number was removed again, finds higher
 * ones when it looks, and knows that its file does not count. For one thread.
 */
final class NumberedFiles {
    private static final Logger LOG = Logger.getLogger(NumberedFiles.class);

    /** So many of the newest files are never removed. */
    static final int KEEP = 64;

    /** Every so many times that the newest is asked for, all are listed: whoever puts files there by hand need not count. */
    static final int LOOKS = 10;

    /** More digits than any number will have. */
    private static final Pattern NAME = Pattern.compile("(\\d{8,18})(\\..+)?");

    private final Path folder;
    private final Path drafts;
    private final String suffix;
    private long highest;
    private int looks;

    /**
     * With the folder, one on the same file system for drafts, and what follows a file's number in its name.
     */
    NumberedFiles(Path folder, Path drafts, String suffix) {
        this.folder = folder;
        this.drafts = drafts;
        this.suffix = suffix;
    }

    /** All numbers, in ascending order. */
    List<Long> numbers() throws IOException {
        List<Long> numbers = new ArrayList<>();
        for (Path file : list()) {
            Matcher name = NAME.matcher(name(file));
            if (name.matches() && suffix.equals(name.group(2) == null ? "" : name.group(2))) {
                numbers.add(Long.parseLong(name.group(1)));
            }
        }
        Collections.sort(numbers);
        return numbers;
    }

    private List<Path> list() throws IOException {
        List<Path> files = new ArrayList<>();
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder)) {
            stream.forEach(files::add);
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        return files;
    }

    /** The highest number, 0 when there is none. */
    long newest() throws IOException {
        // numbers follow each other: while the highest one known is there and the next one is not, nothing is new
        looks++;
        boolean known =
                highest > 0 && looks % LOOKS != 0 && Files.exists(path(highest)) && Files.notExists(path(highest + 1));
        if (!known) {
            List<Long> numbers = numbers();
            highest = numbers.isEmpty() ? 0 : numbers.getLast();
        }
        return highest;
    }

    /**
     * The content of a file.
     *
     * @throws NoSuchFileException when there is none of this number (any more)
     */
    String read(long number) throws IOException {
        return Files.readString(path(number, suffix));
    }

    /**
     * Creates the file with a number, on disk before this returns.
     *
     * @return false when there is one already
     * @throws IOException when the file did not come about
     * @throws UncertainException when it may have, or does not count
     */
    boolean create(long number, String content) throws IOException, UncertainException {
        Path draft = draft(content, true);
        try {
            Files.createLink(path(number, suffix), draft);
            sync(folder);
        } catch (FileAlreadyExistsException e) {
            return false;
        } catch (IOException e) {
            throw new UncertainException("the creation of " + path(number, suffix) + " failed halfway", e);
        } finally {
            discard(draft);
        }
        requireToCount(number);
        return true;
    }

    private void requireToCount(long number) throws UncertainException {
        try {
            List<Long> numbers = numbers();
            long newest = numbers.isEmpty() ? 0 : numbers.getLast();
            // so far ahead, this number may have been taken and removed before; without a predecessor, all files were
            boolean late = newest >= number + KEEP;
            boolean orphan = newest <= number && number > 1 && !numbers.contains(number - 1);
            if (late || orphan) {
                Files.deleteIfExists(path(number, suffix));
                throw new UncertainException("number " + number + " came too late in " + folder);
            }
        } catch (IOException e) {
            throw new UncertainException("whether number " + number + " counts in " + folder + " is not known", e);
        }
    }

    /** Removes old files, and what other files stand beside them under their numbers. */
    void prune() throws IOException {
        long newest = newest();
        for (Path file : list()) {
            Matcher name = NAME.matcher(name(file));
            if (name.matches() && Long.parseLong(name.group(1)) <= newest - KEEP) {
                Files.deleteIfExists(file);
            }
        }
    }

    /** Puts a note beside a file, in the place of an older one; it is not synced. */
    void putNote(long number, String noteSuffix, String content) throws IOException {
        Path draft = draft(content, false);
        try {
            Files.move(draft, path(number, noteSuffix), StandardCopyOption.ATOMIC_MOVE);
        } finally {
            discard(draft);
        }
    }

    /** The note beside a file, empty when there is none. */
    String note(long number, String noteSuffix) throws IOException {
        try {
            return Files.readString(path(number, noteSuffix));
        } catch (NoSuchFileException e) {
            return "";
        }
    }

    Path path(long number) {
        return path(number, suffix);
    }

    private Path path(long number, String end) {
        return folder.resolve(String.format(Locale.ROOT, "%08d%s", number, end));
    }

    /** A name of its own for every draft: two processes must never write into the same one. */
    private Path draft(String content, boolean synced) throws IOException {
        Path draft = drafts.resolve(UUID.randomUUID() + ".draft");
        try (FileChannel file = FileChannel.open(draft, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            ByteBuffer bytes = StandardCharsets.UTF_8.encode(content);
            while (bytes.hasRemaining()) {
                file.write(bytes);
            }
            if (synced) {
                file.force(true);
            }
        } catch (IOException e) {
            discard(draft);
            throw e;
        }
        return draft;
    }

    /** A draft that stays behind does no harm. */
    private static void discard(Path draft) {
        try {
            Files.deleteIfExists(draft);
        } catch (IOException e) {
            LOG.debugf(e, "cannot remove %s", draft);
        }
    }

    private static void sync(Path folder) throws IOException {
        try (FileChannel opened = FileChannel.open(folder, StandardOpenOption.READ)) {
            opened.force(true);
        }
    }

    private static String name(Path file) {
        Path name = file.getFileName();
        return name == null ? "" : name.toString();
    }
}
