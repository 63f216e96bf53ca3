package dev.kvstore.cli.local;

import dev.kvstore.cli.client.ClientException;
import dev.kvstore.cli.client.KvClient;
import dev.kvstore.cli.model.ClusterStatus;
import dev.kvstore.cli.model.Durations;
import dev.kvstore.cli.output.Failure;
import java.time.Duration;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** Waits, within a bound, until the cluster is as it was ordered to be, and tells how far it is. */
public final class Settling {
    private static final Duration POLL = Duration.ofMillis(300);

    private final KvClient client;
    private final Duration wait;
    private final Consumer<String> progress;
    private String lastSaid = "";

    /**
     * Asks with this client.
     *
     * @param wait how long at most
     * @param progress is told whenever something has changed
     */
    public Settling(KvClient client, Duration wait, Consumer<String> progress) {
        this.client = client;
        this.wait = wait;
        this.progress = progress;
    }

    /**
     * How the cluster stands.
     *
     * @param members whom the ring names
     */
    public record Seen(ClusterStatus status, Set<String> members) {
        /** Every partition has all its copies where they should be. */
        public boolean settled() {
            return status.partitions().allInSync() && status.partitions().toMove() == 0;
        }
    }

    /**
     * Waits until it is so.
     *
     * @param goesOn what a user may do when the time is over; the order stands
     * @throws Failure when the time is over
     */
    public Seen await(Predicate<Seen> there, String goesOn) throws InterruptedException {
        long endNs = System.nanoTime() + wait.toNanos();
        while (true) {
            String state;
            try {
                Seen seen = new Seen(ClusterStatus.of(client.cluster()), client.ringMembers());
                if (there.test(seen)) {
                    return seen;
                }
                state = text(seen);
            } catch (ClientException e) {
                // nodes come and go amid this
                state = e.getMessage();
            }
            if (!state.equals(lastSaid)) {
                lastSaid = state;
                progress.accept(state);
            }
            if (System.nanoTime() - endNs > 0) {
                throw Failure.unable("Not done after %s: %s. The order stands, and the cluster goes on with it.%n%s"
                        .formatted(Durations.text(wait), state, goesOn));
            }
            Thread.sleep(POLL);
        }
    }

    private static String text(Seen seen) {
        ClusterStatus.Partitions partitions = seen.status().partitions();
        return "%d of %d partitions fully in sync, %d still to move"
                .formatted(partitions.fullyInSync(), partitions.total(), partitions.toMove());
    }
}
