package dev.kvstore.node.coordination.folder;

import dev.kvstore.node.coordination.Leadership;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The leader's Lease: the newest numbered file names its holder, who puts a new note, the beat, beside it again and again.
 * Others judge by their own clock since they last saw the beat change, never by a written time, and take over by creating
 * the next number. A holder that has not renewed for that time, by its own clock, is none any more; it does not go on
 * under the old number even if nobody else has come. For one thread.
 */
final class FolderLease {
    static final String BEAT = ".beat";
    static final String RELEASED = "released";

    private final NumberedFiles files;
    private final String name;
    private final FolderSettings settings;
    private final Leadership leadership;
    private final LongSupplier monoMs;
    private final RandomGenerator random;

    // the Lease that this node has created last, and the state of its beat
    private long own = Leadership.NONE;
    private long beats;
    private long beatAtMs;

    // the Lease that was seen last, and since when its beat has not changed
    private long seen = -1;
    private String seenBeat = "";
    private long seenAtMs;
    private long patienceMs;

    FolderLease(
            NumberedFiles files,
            String name,
            FolderSettings settings,
            Leadership leadership,
            LongSupplier monoMs,
            RandomGenerator random) {
        this.files = files;
        this.name = name;
        this.settings = settings;
        this.leadership = leadership;
        this.monoMs = monoMs;
        this.random = random;
    }

    /** One look at the folder, and what follows from it. */
    void poll() throws IOException {
        long newest = files.newest();
        long held = leadership.held();
        if (held == Leadership.NONE) {
            watch(newest);
        } else if (newest != held) {
            leadership.lose();
            watch(newest);
        } else {
            renew(held);
        }
    }

    private void renew(long held) throws IOException {
        // the time before the note is written: it may take a while until others can see it
        long nowMs = monoMs.getAsLong();
        if (nowMs - beatAtMs >= settings.beatMs()) {
            beats++;
            files.putNote(held, BEAT, Long.toString(beats));
            beatAtMs = nowMs;
            leadership.renewed(held, nowMs);
        }
    }

    private void watch(long newest) throws IOException {
        String beat = newest == Leadership.NONE ? RELEASED : files.note(newest, BEAT);
        // the time after the note was read: it may have been there for a while already
        long nowMs = monoMs.getAsLong();
        if (newest != seen || !beat.equals(seenBeat)) {
            seen = newest;
            seenBeat = beat;
            seenAtMs = nowMs;
            patienceMs = settings.leaseMs() + random.nextLong(settings.jitterMs() + 1);
        }
        // a Lease of this process's own that it does not hold any more has run out or was given up
        boolean free = beat.equals(RELEASED) || newest == own || nowMs - seenAtMs > patienceMs;
        leadership.observe(free ? null : holder(newest));
        if (free && leadership.wanted()) {
            claim(newest + 1);
        }
    }

    /** Null also for this node's own name: that was an earlier process, or is another one that is called the same. */
    private @Nullable String holder(long number) throws IOException {
        try {
            String holder = files.read(number);
            return holder.equals(name) ? null : holder;
        } catch (NoSuchFileException e) {
            return null;
        }
    }

    private void claim(long number) throws IOException {
        long nowMs = monoMs.getAsLong();
        try {
            if (!files.create(number, name)) {
                return;
            }
        } catch (UncertainException e) {
            throw new IOException(e.getMessage(), e);
        }
        own = number;
        beats = 0;
        files.putNote(number, BEAT, Long.toString(beats));
        beatAtMs = nowMs;
        if (files.newest() == number) {
            leadership.hold(number, nowMs);
        }
        files.prune();
    }

    /** Tells the others that they need not wait for this node's Lease to run out, if it is still the newest one. */
    void release() throws IOException {
        if (own != Leadership.NONE && files.newest() == own) {
            files.putNote(own, BEAT, RELEASED);
        }
    }
}
