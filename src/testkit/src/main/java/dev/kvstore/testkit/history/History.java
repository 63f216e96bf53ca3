package dev.kvstore.testkit.history;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * All calls of a run against a store that was empty at its start, in no particular order. A run on a store that held
 * something begins its history with calls that stand for what it held.
 *
 * @param calls the calls
 */
public record History(List<Call> calls) {

    /** Copies the calls. */
    public History {
        calls = List.copyOf(calls);
    }

    /**
     * A history of these calls.
     *
     * @param calls the calls
     * @return the history
     */
    public static History of(Call... calls) {
        return new History(List.of(calls));
    }

    /**
     * This history and more.
     *
     * @param more the calls to add
     * @return a new history
     */
    public History with(List<Call> more) {
        List<Call> all = new ArrayList<>(calls.size() + more.size());
        all.addAll(calls);
        all.addAll(more);
        return new History(all);
    }

    /**
     * The calls on each key.
     *
     * @return keys in the order in which they appear, each with its calls
     */
    public Map<String, List<Call>> byKey() {
        Map<String, List<Call>> byKey = new LinkedHashMap<>();
        for (Call call : calls) {
            byKey.computeIfAbsent(call.key(), key -> new ArrayList<>()).add(call);
        }
        return byKey;
    }
}
