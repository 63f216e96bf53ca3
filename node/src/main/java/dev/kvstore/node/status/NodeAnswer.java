package dev.kvstore.node.status;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How one node stands, as it sees itself.
 *
 * @param version of the program
 * @param protocol newest version of the members' protocol that it speaks
 * @param state {@code starting}, {@code serving}, {@code waiting} (no ring names it with its store), {@code leaving} or {@code
 *     failed}
 * @param why why it is not serving; absent when it is
 * @param wallMs its wall clock when it answered, in milliseconds since 1970
 * @param leader who leads, as it knows
 * @param members how it sees each member
 * @param copies its copies of partitions
 * @param moves what it moves as primary
 */
@JsonPropertyOrder({
    "name",
    "zone",
    "version",
    "protocol",
    "storeId",
    "boot",
    "state",
    "why",
    "wallMs",
    "leader",
    "ringVersion",
    "ringHash",
    "core",
    "disk",
    "limits",
    "members",
    "copies",
    "moves"
})
@JsonInclude(JsonInclude.Include.NON_NULL)
public record NodeAnswer(
        String name,
        String zone,
        String version,
        int protocol,
        String storeId,
        long boot,
        String state,
        @Nullable String why,
        long wallMs,
        @Nullable String leader,
        long ringVersion,
        @Nullable Integer ringHash,
        Core core,
        Disk disk,
        Map<String, Limit> limits,
        Map<String, Seen> members,
        List<Copy> copies,
        List<MoveAnswer> moves) {
    /**
     * Its core.
     *
     * @param stillMs how long it has not turned
     * @param waiting inputs that wait for it
     */
    public record Core(long stillMs, int waiting) {}

    /**
     * Its disk.
     *
     * @param freeBytes room that is left; -1 when that is not known
     * @param dataBytes about how much its copies take
     * @param leastFreeBytes below this writes are refused
     * @param refusing whether writes are refused
     * @param failedWrites attempts that failed since the start
     * @param waitingMs how long the oldest write has been waiting
     * @param longestSyncMs the longest sync since the start
     */
    public record Disk(
            long freeBytes,
            long dataBytes,
            long leastFreeBytes,
            boolean refusing,
            long failedWrites,
            long waitingMs,
            long longestSyncMs) {}

    /**
     * A bound.
     *
     * @param used what of it is used
     * @param limit the bound
     * @param refused how often it was reached since the start
     */
    public record Limit(long used, long limit, long refused) {}

    /** How it sees a member: {@code up}, {@code suspect} and so on, and how long it has not heard it. */
    public record Seen(String state, long silentMs) {}

    /** A copy of a partition: what it is, the log's last entry, and how far it is applied. */
    public record Copy(int partition, String role, long lastSeq, long appliedSeq) {}
}
