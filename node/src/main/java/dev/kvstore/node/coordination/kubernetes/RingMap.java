package dev.kvstore.node.coordination.kubernetes;

import dev.kvstore.core.io.Effect;
import dev.kvstore.core.io.Input;
import dev.kvstore.core.io.Input.Proposed.Result;
import dev.kvstore.core.ring.Ring;
import dev.kvstore.node.codec.RingFormatException;
import dev.kvstore.node.codec.RingJson;
import dev.kvstore.node.coordination.CoordinationMetrics;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The register of the ring: one entry of a ConfigMap, changed by replacing the version that was read. The token of a state is
 * that version, "" where the ConfigMap is missing. An entry that is no ring counts as none, so that the members put theirs
 * back; one of a later format is left alone until somebody who understands it comes. For one worker.
 */
final class RingMap {
    private static final Logger LOG = Logger.getLogger(RingMap.class);
    private static final String KEY = "ring.json";
    private static final String MISSING = "";

    private final ApiServer api;
    private final Worker worker;
    private final KubernetesSettings settings;
    private final CoordinationMetrics metrics;
    private final Consumer<Input> sink;
    private final Backoff backoff;
    private final ObjectWatch<ConfigMap> watch;

    private @Nullable ConfigMap map;
    private String complainedOf = MISSING;
    private boolean reading;

    RingMap(
            ApiServer api,
            Worker worker,
            KubernetesSettings settings,
            CoordinationMetrics metrics,
            LongSupplier monoMs,
            RandomGenerator random,
            Consumer<Input> sink) {
        this.api = api;
        this.worker = worker;
        this.settings = settings;
        this.metrics = metrics;
        this.sink = sink;
        this.backoff = new Backoff(settings, random);
        this.watch = new ObjectWatch<>(
                api,
                api.client().configMaps().inNamespace(settings.namespace()).withName(settings.ring()),
                worker,
                settings,
                monoMs,
                random,
                this::seen);
    }

    void start() {
        watch.open();
    }

    void stop() {
        watch.stop();
    }

    /** The ring, if there is one that can be understood. */
    static Optional<Ring> ring(ApiServer api, KubernetesSettings settings) {
        ConfigMap found = api.ask(() -> api.client()
                .configMaps()
                .inNamespace(settings.namespace())
                .withName(settings.ring())
                .get());
        String text = text(found);
        if (text == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(RingJson.read(text));
        } catch (RingFormatException e) {
            LOG.debugf("ConfigMap %s: %s", settings.ring(), e.getMessage());
            return Optional.empty();
        }
    }

    private static @Nullable String text(@Nullable ConfigMap found) {
        Map<String, String> data = found == null ? null : found.getData();
        return data == null ? null : data.get(KEY);
    }

    private static String token(@Nullable ConfigMap found) {
        return found == null ? MISSING : found.getMetadata().getResourceVersion();
    }

    // --- reading ---------------------------------------------------------------------------------------------------

    private void seen(@Nullable ConfigMap now) {
        map = now;
        String text = text(now);
        try {
            sink.accept(new Input.RegisterRead(token(now), text == null ? null : RingJson.read(text)));
        } catch (RingFormatException e) {
            complain(token(now), e);
            if (!e.later()) {
                sink.accept(new Input.RegisterRead(token(now), null));
            }
        }
    }

    private void complain(String version, RingFormatException e) {
        if (!version.equals(complainedOf)) {
            complainedOf = version;
            metrics.countUnreadable();
            LOG.errorf(
                    "the ring in ConfigMap %s cannot be understood: %s. The members go on with the one that they have%s.",
                    settings.ring(),
                    e.getMessage(),
                    e.later() ? ", and do not change it: run the version that wrote it" : ", and put it back");
        }
    }

    /** Reads until that has succeeded; whoever proposes next waits for it. */
    private void readAgain(long delayMs) {
        if (reading) {
            return;
        }
        reading = true;
        worker.later(Math.max(delayMs, api.busyForMs()), () -> {
            reading = false;
            try {
                watch.read();
            } catch (KubernetesClientException e) {
                readAgain(backoff.nextMs());
            }
        });
    }

    // --- changing --------------------------------------------------------------------------------------------------

    void propose(Effect.ProposeRing proposal) {
        ConfigMap found = map;
        if (found == null || !proposal.token().equals(token(found))) {
            answer(proposal, Result.LOST, proposal.token());
            readAgain(0);
            return;
        }
        try {
            ConfigMap done = replace(found, proposal.ring());
            map = done;
            watch.written(done);
            backoff.succeeded();
            answer(proposal, Result.WON, token(done));
            sink.accept(new Input.RegisterRead(token(done), proposal.ring()));
        } catch (KubernetesClientException e) {
            answer(proposal, refused(e) ? Result.LOST : Result.UNKNOWN, proposal.token());
            readAgain(e.getCode() == HttpURLConnection.HTTP_CONFLICT ? 0 : backoff.nextMs());
        }
    }

    private ConfigMap replace(ConfigMap found, Ring ring) {
        ConfigMap wanted =
                new ConfigMapBuilder(found).addToData(KEY, RingJson.write(ring)).build();
        return api.ask(() -> api.client()
                .configMaps()
                .inNamespace(settings.namespace())
                .resource(wanted)
                .update());
    }

    private void answer(Effect.ProposeRing proposal, Result result, String token) {
        metrics.countProposal(result);
        sink.accept(new Input.Proposed(proposal.proposal(), result, token));
    }

    /** Whether the server has said no; without an answer, and when it was a failure of its own, nobody knows. */
    private static boolean refused(KubernetesClientException e) {
        return e.getCode() >= HttpURLConnection.HTTP_BAD_REQUEST && e.getCode() < HttpURLConnection.HTTP_INTERNAL_ERROR;
    }
}
