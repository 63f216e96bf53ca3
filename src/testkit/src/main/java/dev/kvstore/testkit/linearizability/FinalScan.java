package dev.kvstore.testkit.linearizability;

import dev.kvstore.testkit.history.Call;
import dev.kvstore.testkit.history.History;
import dev.kvstore.testkit.history.Operation;
import dev.kvstore.testkit.history.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Holds what the store contains at the end against its history: a full scan counts as a read of every key, found or not,
 * so a lost acknowledged write and a key that nobody wrote are both violations.
 */
public final class FinalScan {

    private static final String CLIENT = "final scan";

    private FinalScan() {}

    /**
     * Appends the scan to a history.
     *
     * @param history what the clients saw
     * @param found every key that the scan found, with value and version
     * @param invokeNs when the scan began, in the history's nanoseconds
     * @param returnNs when it had ended
     * @return a new history with one read more for each key of the history and of the scan
     */
    public static History append(History history, Map<String, Outcome.Value> found, long invokeNs, long returnNs) {
        Set<String> keys = new TreeSet<>(found.keySet());
        keys.addAll(history.byKey().keySet());
        List<Call> reads = new ArrayList<>(keys.size());
        for (String key : keys) {
            Outcome.@Nullable Value value = found.get(key);
            reads.add(new Call(
                    CLIENT, Operation.get(key), invokeNs, returnNs, value == null ? new Outcome.NotFound() : value));
        }
        return history.with(reads);
    }
}
