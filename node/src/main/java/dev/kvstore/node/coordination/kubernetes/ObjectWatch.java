package dev.kvstore.node.coordination.kubernetes;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ListOptions;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import io.fabric8.kubernetes.client.dsl.Resource;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Watches one object: reads it, follows its changes from there, and begins anew whenever the watch ends, whatever the reason:
 * its time is over, its version is too old (410), the server goes or says no. On one worker, which also tells of what is seen.
 * A watch's news may be older than what the worker has read or written since; such are dropped.
 */
final class ObjectWatch<T extends HasMetadata> {
    private static final long MS_PER_SECOND = 1_000;

    private final ApiServer api;
    private final Resource<T> object;
    private final Worker worker;
    private final Consumer<@Nullable T> listener;
    private final KubernetesSettings settings;
    private final LongSupplier monoMs;
    private final RandomGenerator random;
    private final Backoff backoff;

    private @Nullable Watch watch;
    private int watches;
    private boolean opening;
    private long openedAtMs;
    private long newest;

    /** The listener gets null where there is no such object. */
    ObjectWatch(
            ApiServer api,
            Resource<T> object,
            Worker worker,
            KubernetesSettings settings,
            LongSupplier monoMs,
            RandomGenerator random,
            Consumer<@Nullable T> listener) {
        this.api = api;
        this.object = object;
        this.worker = worker;
        this.settings = settings;
        this.monoMs = monoMs;
        this.random = random;
        this.listener = listener;
        this.backoff = new Backoff(settings, random);
    }

    /** Reads the object and begins to watch it. */
    void open() {
        stop();
        opening = false;
        try {
            T found = read();
            watch = api.ask(() -> object.watch(from(found), new News(watches)));
            openedAtMs = monoMs.getAsLong();
        } catch (KubernetesClientException e) {
            openLater(backoff.nextMs());
        }
    }

    /** Reads the object and tells of it; what the server says now counts, whatever was seen before. */
    @Nullable
    T read() {
        T found = api.ask(object::get);
        newest = version(found);
        listener.accept(found);
        return found;
    }

    /** The worker has written the object itself. */
    void written(T object) {
        newest = version(object);
    }

    /** Ends the watch. */
    void stop() {
        watches++;
        Watch open = watch;
        watch = null;
        if (open != null) {
            open.close();
        }
    }

    private ListOptions from(@Nullable T found) {
        long fullMs = settings.watchMs();
        long lastsMs = fullMs - random.nextLong(fullMs / 4 + 1);
        return new ListOptionsBuilder()
                .withResourceVersion(found == null ? null : found.getMetadata().getResourceVersion())
                .withTimeoutSeconds(Math.max(1, lastsMs / MS_PER_SECOND))
                .build();
    }

    private void openLater(long delayMs) {
        if (!opening) {
            opening = true;
            worker.later(Math.max(delayMs, api.busyForMs()), this::open);
        }
    }

    private void changed(int number, Watcher.Action action, T seen) {
        if (number != watches) {
            return;
        }
        switch (action) {
            case ADDED, MODIFIED -> {
                if (version(seen) > newest) {
                    newest = version(seen);
                    listener.accept(seen);
                }
            }
            case DELETED -> {
                // not below: of one that was made anew and read before this came, no other news would tell
                if (version(seen) >= newest) {
                    newest = version(seen);
                    listener.accept(null);
                }
            }
            case BOOKMARK, ERROR -> {}
        }
    }

    private void ended(int number) {
        if (number != watches) {
            return;
        }
        if (monoMs.getAsLong() - openedAtMs > settings.backoffMaxMs()) {
            backoff.succeeded();
        }
        openLater(backoff.nextMs());
    }

    /** Zero where there is none; versions of one object grow. */
    private static long version(@Nullable HasMetadata object) {
        String version = object == null ? null : object.getMetadata().getResourceVersion();
        return version == null || version.isEmpty() ? 0 : Long.parseLong(version);
    }

    /** Hands over to the worker what comes on the client's threads. */
    private final class News implements Watcher<T> {
        private final int number;

        News(int number) {
            this.number = number;
        }

        @Override
        public void eventReceived(Action action, T seen) {
            worker.execute(() -> changed(number, action, seen));
        }

        @Override
        public void onClose() {
            worker.execute(() -> ended(number));
        }

        @Override
        public void onClose(WatcherException cause) {
            worker.execute(() -> ended(number));
        }
    }
}
