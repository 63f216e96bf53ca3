package dev.kvstore.node.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import dev.kvstore.core.data.Bytes;
import dev.kvstore.core.ring.Assignment;
import dev.kvstore.core.ring.Ring;
import dev.kvstore.core.ring.Slots;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where a key lives. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonPropertyOrder({"key", "key64", "slot", "partition", "epoch", "primary", "inSync", "replicas", "lost", "ringVersion"
})
record LocateAnswer(
        @Nullable String key,
        @Nullable String key64,
        int slot,
        int partition,
        long epoch,
        String primary,
        List<String> inSync,
        List<String> replicas,
        boolean lost,
        long ringVersion) {
    /** By this ring. */
    static LocateAnswer of(Bytes key, Ring ring) {
        int partition = ring.partitionOf(key);
        Assignment assignment = ring.partition(partition);
        TextOrBytes name = TextOrBytes.of(key);
        return new LocateAnswer(
                name.text(),
                name.base64(),
                Slots.slotOf(key),
                partition,
                assignment.epoch(),
                assignment.primary(),
                assignment.inSync(),
                assignment.replicas(),
                assignment.lost(),
                ring.version());
    }
}
