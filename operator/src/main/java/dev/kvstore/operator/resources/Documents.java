package dev.kvstore.operator.resources;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kvstore.operator.api.KVClusterSpec;
import dev.kvstore.operator.api.LimitsSpec;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import java.time.Duration;

/**
 * What operator and nodes tell each other. Ring and Lease are made without content and applied without content ever after, so
 * that what the nodes write there stays theirs.
 */
public final class Documents {
    /** The part of the config that says what the cluster should be. */
    public static final String DESIRED = "desired.json";

    /** The part of the config that bounds requests. */
    public static final String LIMITS = "limits.json";

    /** The part of the ring's ConfigMap that holds the ring. */
    public static final String RING = "ring.json";

    /** Version of the documents' format that the nodes are told. */
    private static final int FORMAT = 1;

    private static final JsonMapper MAPPER = new JsonMapper();

    private Documents() {}

    static ConfigMap config(Wanted wanted) {
        return new ConfigMapBuilder()
                .withMetadata(
                        ObjectNames.metadata(wanted.cluster(), wanted.names().config()))
                .addToData(DESIRED, desired(wanted))
                .addToData(LIMITS, limits(wanted.spec().limits()))
                .build();
    }

    static ConfigMap ring(Wanted wanted) {
        return new ConfigMapBuilder()
                .withMetadata(
                        ObjectNames.metadata(wanted.cluster(), wanted.names().ring()))
                .build();
    }

    static Lease lease(Wanted wanted) {
        return new LeaseBuilder()
                .withMetadata(
                        ObjectNames.metadata(wanted.cluster(), wanted.names().lease()))
                .build();
    }

    /** Whether an object is applied without content, since the nodes write it. */
    public static boolean isOfTheNodes(HasMetadata object) {
        return object instanceof Lease
                || (object instanceof ConfigMap map && map.getData().isEmpty());
    }

    private static String desired(Wanted wanted) {
        KVClusterSpec spec = wanted.spec();
        ObjectNode json = MAPPER.createObjectNode();
        json.put("format", FORMAT);
        json.put("memberCount", spec.replicas());
        ObjectNode members = json.putObject("members");
        wanted.members().forEach(members::put);
        json.put("replicationFactor", spec.replicationFactor());
        json.put("partitions", spec.partitions());
        json.put("minInSync", spec.minInSync());
        json.put("replaceAfterMs", duration(spec.recovery().replaceAfter()).toMillis());
        ObjectNode acceptLoss = json.putObject("acceptLoss");
        wanted.acceptLoss().forEach((partition, epoch) -> acceptLoss.put(String.valueOf(partition), epoch));
        json.put("unsafeRestore", false);
        json.put("maxConcurrentMoves", spec.rebalance().maxConcurrentMoves());
        json.put("maxBytesPerSecond", bytes(spec.rebalance().maxBytesPerSecond()));
        return json.toPrettyString() + "\n";
    }

    private static String limits(LimitsSpec limits) {
        ObjectNode json = MAPPER.createObjectNode();
        json.put("format", FORMAT);
        json.setAll((ObjectNode) MAPPER.valueToTree(limits));
        return json.toPrettyString() + "\n";
    }

    /**
     * A whole number of bytes such as 50Mi or 50000000.
     *
     * @throws IllegalArgumentException when it is none
     */
    public static long bytes(Quantity quantity) {
        try {
            return quantity.getNumericalAmount().longValueExact();
        } catch (ArithmeticException | IllegalArgumentException e) {
            throw new IllegalArgumentException("'" + quantity + "' is not a whole number of bytes", e);
        }
    }

    /**
     * A duration such as 90s, 5m or 1h.
     *
     * @throws java.time.format.DateTimeParseException when it is none
     */
    public static Duration duration(String text) {
        return Duration.parse("PT" + text);
    }
}
