package dev.kvstore.node.coordination.kubernetes;

import dev.kvstore.node.coordination.Leadership;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseSpec;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Resource;
import java.net.HttpURLConnection;
import java.time.Clock;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The election of the leader by a Lease. As in client-go, a holder's record is judged by how long ago, by the own monotonic
 * clock, it was last seen to change; the times that are written into it are for people, so a clock that is off disturbs
 * nobody. A holder that has not renewed for the Lease's time, by its own clock, is none any more. Every change is a replace of
 * the version that was read. For one worker.
 */
final class Election {
    private final ApiServer api;
    private final Resource<Lease> object;
    private final String name;
    private final KubernetesSettings settings;
    private final Leadership leadership;
    private final LongSupplier monoMs;
    private final Clock clock;
    private final RandomGenerator random;
    private final Backoff backoff;
    private final ObjectWatch<Lease> watch;

    /** What was seen last, and since when its record has not changed. */
    private @Nullable Lease lease;

    private LeaseSpec record = new LeaseSpec();
    private long changedAtMs;
    private long patienceMs;

    /** The record that this process wrote last; its transitions tell it from any other's. */
    private @Nullable LeaseSpec written;

    private long number = Leadership.NONE;
    private long askAtMs;

    /** Whether a write of this process may have been done or not. */
    private boolean uncertain;

    Election(
            ApiServer api,
            Worker worker,
            String name,
            KubernetesSettings settings,
            Leadership leadership,
            LongSupplier monoMs,
            Clock clock,
            RandomGenerator random) {
        this.api = api;
        this.object = api.client().leases().inNamespace(settings.namespace()).withName(settings.lease());
        this.name = name;
        this.settings = settings;
        this.leadership = leadership;
        this.monoMs = monoMs;
        this.clock = clock;
        this.random = random;
        this.backoff = new Backoff(settings, random);
        this.watch = new ObjectWatch<>(api, object, worker, settings, monoMs, random, this::seen);
        this.askAtMs = monoMs.getAsLong();
    }

    void start() {
        watch.open();
    }

    void stop() {
        watch.stop();
    }

    // --- what is seen ----------------------------------------------------------------------------------------------

    private void seen(@Nullable Lease now) {
        lease = now;
        LeaseSpec found = now == null || now.getSpec() == null ? new LeaseSpec() : now.getSpec();
        // the time after it was read: it may have been there for a while already
        if (patienceMs == 0 || !found.equals(record)) {
            record = found;
            changedAtMs = monoMs.getAsLong();
            patienceMs = settings.leaseMs() + random.nextLong(settings.jitterMs() + 1);
        }
        if (leadership.held() != Leadership.NONE && !isMine(found)) {
            leadership.lose();
        }
    }

    /** Asks for the Lease when it is free, or for more time when this node holds it. To be called again and again. */
    void look() {
        if (leadership.held() == Leadership.NONE) {
            boolean free = isFree();
            leadership.observe(free || isNamedAsThis() ? null : record.getHolderIdentity());
            if (free && leadership.wanted() && lease != null && mayAsk()) {
                claim();
            }
        } else if (mayAsk()) {
            renew();
        }
    }

    private boolean mayAsk() {
        return monoMs.getAsLong() >= askAtMs && api.busyForMs() == 0;
    }

    private boolean isFree() {
        String holder = record.getHolderIdentity();
        return holder == null
                || holder.isEmpty()
                // this process held it, and has let it run out
                || isMine(record)
                || monoMs.getAsLong() - changedAtMs > patienceMs;
    }

    /** An earlier process of this name, or another one that is called the same: it is waited for like any other. */
    private boolean isNamedAsThis() {
        return name.equals(record.getHolderIdentity());
    }

    private boolean isMine(LeaseSpec found) {
        LeaseSpec mine = written;
        return mine != null && name.equals(found.getHolderIdentity()) && transitions(mine) == transitions(found);
    }

    private static int transitions(LeaseSpec spec) {
        Integer transitions = spec.getLeaseTransitions();
        return transitions == null ? 0 : transitions;
    }

    // --- what is written -------------------------------------------------------------------------------------------

    private void claim() {
        long sinceMs = monoMs.getAsLong();
        askAtMs = sinceMs + settings.backoffMinMs() + random.nextLong(settings.backoffMinMs());
        try {
            // the watch may have died without a word
            watch.read();
            Lease found = lease;
            if (found == null || !isFree() || leadership.held() != Leadership.NONE) {
                return;
            }
            sinceMs = monoMs.getAsLong();
            ZonedDateTime now = now();
            LeaseSpec claim = new LeaseBuilder(found)
                    .editOrNewSpec()
                    .withHolderIdentity(name)
                    .withLeaseDurationSeconds((int) (settings.leaseMs() / 1_000))
                    .withLeaseTransitions(transitions(record) + 1)
                    .withAcquireTime(now)
                    .withRenewTime(now)
                    .endSpec()
                    .build()
                    .getSpec();
            replace(found, claim);
            number++;
            askAtMs = sinceMs + settings.renewMs();
            leadership.hold(number, sinceMs);
        } catch (KubernetesClientException e) {
            failed(e);
        }
    }

    private void renew() {
        long sinceMs = monoMs.getAsLong();
        try {
            if (uncertain) {
                watch.read();
                uncertain = false;
            }
            Lease found = lease;
            if (found == null || leadership.held() == Leadership.NONE) {
                leadership.lose();
                return;
            }
            sinceMs = monoMs.getAsLong();
            replace(
                    found,
                    new LeaseBuilder(found)
                            .editSpec()
                            .withRenewTime(now())
                            .endSpec()
                            .build()
                            .getSpec());
            askAtMs = sinceMs + settings.renewMs();
            leadership.renewed(number, sinceMs);
        } catch (KubernetesClientException e) {
            failed(e);
        }
    }

    /** Gives the Lease up, so that nobody has to wait until it has run out. */
    void release() {
        Lease found = lease;
        if (found == null || !isMine(record)) {
            return;
        }
        try {
            replace(
                    found,
                    new LeaseBuilder(found)
                            .editSpec()
                            .withHolderIdentity(null)
                            .endSpec()
                            .build()
                            .getSpec());
        } catch (KubernetesClientException e) {
            // it runs out by itself
            failed(e);
        }
    }

    private void replace(Lease found, LeaseSpec spec) {
        // also when the answer is lost
        written = spec;
        Lease wanted = new LeaseBuilder(found).withSpec(spec).build();
        Lease done = api.ask(() -> api.client()
                .leases()
                .inNamespace(settings.namespace())
                .resource(wanted)
                .update());
        watch.written(done);
        backoff.succeeded();
        lease = done;
        record = done.getSpec();
        changedAtMs = monoMs.getAsLong();
    }

    private void failed(KubernetesClientException e) {
        uncertain = true;
        boolean conflict = e.getCode() == HttpURLConnection.HTTP_CONFLICT;
        askAtMs = monoMs.getAsLong() + (conflict ? random.nextLong(settings.backoffMinMs()) : backoff.nextMs());
    }

    private ZonedDateTime now() {
        return ZonedDateTime.now(clock.withZone(ZoneOffset.UTC)).truncatedTo(ChronoUnit.MICROS);
    }
}
