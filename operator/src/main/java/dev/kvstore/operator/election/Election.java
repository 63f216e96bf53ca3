package dev.kvstore.operator.election;

import dev.kvstore.operator.OperatorSettings;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseSpec;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.Resource;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import java.util.function.LongSupplier;

/**
 * The operators' election by a Lease. As in client-go, a holder's record is judged by how long ago, by the own monotonic
 * clock, it was last seen to change; the times that are written into it are for people. Every change is a replace of the
 * version that was read. Whoever holds it may write for the renew deadline, counted from when it asked for the renewal; that
 * and the longest request are together no longer than the Lease, after which another one may take it. For one thread.
 */
final class Election {
    /** How an operator stands. */
    enum Standing {
        /** Another one leads, or nobody is known to. */
        WAITING,
        /** This one leads. */
        LEADING,
        /** This one led until another one took the Lease. */
        REPLACED
    }

    private final KubernetesClient client;
    private final String namespace;
    private final String identity;
    private final OperatorSettings.Lease settings;
    private final Fence fence;
    private final LongSupplier monoNs;
    private final InstantSource clock;

    private LeaseSpec seen = new LeaseSpec();
    private long seenSinceNs;
    private Standing standing = Standing.WAITING;

    Election(
            KubernetesClient client,
            String namespace,
            String identity,
            OperatorSettings.Lease settings,
            Fence fence,
            LongSupplier monoNs,
            InstantSource clock) {
        this.client = client;
        this.namespace = namespace;
        this.identity = identity;
        this.settings = settings;
        this.fence = fence;
        this.monoNs = monoNs;
        this.clock = clock;
    }

    /**
     * Asks for the Lease, or for more time when it is held.
     *
     * @throws io.fabric8.kubernetes.client.KubernetesClientException when the API server cannot be used, or another one was
     *     quicker: nothing has changed then, except that time passes
     */
    Standing step() {
        if (standing == Standing.REPLACED) {
            return standing;
        }
        Lease found = lease().get();
        if (found == null) {
            long sinceNs = monoNs.getAsLong();
            client.resource(new LeaseBuilder()
                            .withNewMetadata()
                            .withName(settings.name())
                            .withNamespace(namespace)
                            .endMetadata()
                            .withSpec(claim(new LeaseSpec()))
                            .build())
                    .create();
            return lead(sinceNs);
        }
        LeaseSpec record = Objects.requireNonNullElseGet(found.getSpec(), LeaseSpec::new);
        if (!record.equals(seen)) {
            // the time after it was read: it may have been there for a while already
            seen = record;
            seenSinceNs = monoNs.getAsLong();
        }
        if (!isFree(record)) {
            if (standing == Standing.LEADING) {
                fence.close();
                standing = Standing.REPLACED;
            }
            return standing;
        }
        long sinceNs = monoNs.getAsLong();
        replace(found, claim(record));
        return lead(sinceNs);
    }

    /** A container that starts again has its pod's name and waits for nobody: its former process has ended. */
    private boolean isFree(LeaseSpec record) {
        String holder = record.getHolderIdentity();
        return holder == null
                || holder.isEmpty()
                || holder.equals(identity)
                || monoNs.getAsLong() - seenSinceNs > term(record).toNanos();
    }

    /** Its holder's own setting counts, not the one of who waits. */
    private Duration term(LeaseSpec record) {
        Integer seconds = record.getLeaseDurationSeconds();
        return seconds == null ? settings.duration() : Duration.ofSeconds(seconds);
    }

    private LeaseSpec claim(LeaseSpec record) {
        boolean renewal = identity.equals(record.getHolderIdentity());
        Integer transitions = Objects.requireNonNullElse(record.getLeaseTransitions(), 0);
        ZonedDateTime now =
                ZonedDateTime.ofInstant(clock.instant(), ZoneOffset.UTC).truncatedTo(ChronoUnit.MICROS);
        LeaseSpec claim = new LeaseSpec();
        claim.setHolderIdentity(identity);
        claim.setLeaseDurationSeconds((int) settings.duration().toSeconds());
        claim.setAcquireTime(renewal ? record.getAcquireTime() : now);
        claim.setRenewTime(now);
        claim.setLeaseTransitions(renewal ? transitions : transitions + 1);
        return claim;
    }

    private Standing lead(long sinceNs) {
        fence.openUntil(sinceNs + settings.renewDeadline().toNanos());
        standing = Standing.LEADING;
        return standing;
    }

    /** Gives the Lease up, so that nobody has to wait until it has run out. Nothing is written any more. */
    void release() {
        fence.close();
        if (standing != Standing.LEADING) {
            return;
        }
        standing = Standing.WAITING;
        Lease found = lease().get();
        if (found != null
                && found.getSpec() != null
                && identity.equals(found.getSpec().getHolderIdentity())) {
            LeaseSpec released = new LeaseBuilder(found).build().getSpec();
            released.setHolderIdentity(null);
            replace(found, released);
        }
    }

    /** Who holds the Lease, as far as is known; empty when nobody does. */
    String holder() {
        return Objects.requireNonNullElse(seen.getHolderIdentity(), "");
    }

    private Resource<Lease> lease() {
        return client.leases().inNamespace(namespace).withName(settings.name());
    }

    private void replace(Lease found, LeaseSpec spec) {
        Lease done = client.resource(new LeaseBuilder(found).withSpec(spec).build())
                .lockResourceVersion(found.getMetadata().getResourceVersion())
                .update();
        seen = done.getSpec();
        seenSinceNs = monoNs.getAsLong();
    }
}
