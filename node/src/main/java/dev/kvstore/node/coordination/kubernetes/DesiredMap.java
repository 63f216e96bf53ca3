package dev.kvstore.node.coordination.kubernetes;

import dev.kvstore.core.io.Input;
import dev.kvstore.core.ring.Desired;
import dev.kvstore.node.coordination.CoordinationMetrics;
import dev.kvstore.node.coordination.DesiredFormatException;
import dev.kvstore.node.coordination.DesiredJson;
import dev.kvstore.node.coordination.LimitsJson;
import dev.kvstore.node.engine.Limits;
import io.fabric8.kubernetes.api.model.ConfigMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * What the cluster and its nodes should be: two entries of a ConfigMap. What cannot be understood, or is missing, leaves things
 * as they were. For one worker.
 */
final class DesiredMap {
    private static final Logger LOG = Logger.getLogger(DesiredMap.class);
    private static final String DESIRED = "desired.json";
    private static final String LIMITS = "limits.json";

    private final String name;
    private final CoordinationMetrics metrics;
    private final Limits given;
    private final Consumer<Input> sink;
    private final Consumer<Limits> limitsSink;
    private final ObjectWatch<ConfigMap> watch;

    private @Nullable Desired desired;
    private Limits limits;

    DesiredMap(
            ApiServer api,
            Worker worker,
            KubernetesSettings settings,
            CoordinationMetrics metrics,
            LongSupplier monoMs,
            RandomGenerator random,
            Limits given,
            Consumer<Input> sink,
            Consumer<Limits> limitsSink) {
        this.name = settings.config();
        this.metrics = metrics;
        this.given = given;
        this.limits = given;
        this.sink = sink;
        this.limitsSink = limitsSink;
        this.watch = new ObjectWatch<>(
                api,
                api.client().configMaps().inNamespace(settings.namespace()).withName(settings.config()),
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

    private void seen(@Nullable ConfigMap now) {
        Map<String, String> data = now == null || now.getData() == null ? Map.of() : now.getData();
        String desiredText = data.get(DESIRED);
        String limitsText = data.get(LIMITS);
        if (desiredText == null) {
            LOG.warnf("ConfigMap %s has no %s: what the cluster should be stays as it was", name, DESIRED);
        } else {
            take(DESIRED, () -> desired(DesiredJson.read(desiredText)));
        }
        if (limitsText != null) {
            take(LIMITS, () -> limits(LimitsJson.read(limitsText, given)));
        }
    }

    private void desired(Desired now) {
        if (!now.equals(desired)) {
            desired = now;
            sink.accept(new Input.DesiredIs(now));
        }
    }

    private void limits(Limits now) {
        if (!now.equals(limits)) {
            limits = now;
            limitsSink.accept(now);
        }
    }

    private interface Reading {
        void run() throws DesiredFormatException;
    }

    private void take(String entry, Reading reading) {
        try {
            reading.run();
        } catch (DesiredFormatException e) {
            metrics.countUnreadable();
            LOG.errorf("%s in ConfigMap %s cannot be understood, and stays as it was: %s", entry, name, e.getMessage());
        }
    }
}
