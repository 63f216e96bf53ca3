package dev.kvstore.testkit.linearizability;

import dev.kvstore.testkit.history.Call;
import dev.kvstore.testkit.history.Condition;
import dev.kvstore.testkit.history.Operation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The actions of one key in the form in which the search reads them: first those that must happen, then those that may
 * also never happen, each in the order of their starts.
 *
 * <p>Starts and ends of the former are events, numbered from 1 in the order of time, starts before ends of the same
 * instant, since calls that touch count as concurrent.
 */
final class Timeline {

    /** Says in {@link #twins} that an action has none. */
    static final int NO_TWIN = -1;

    final Action[] actions;

    /** How many actions must happen; the optional ones have the numbers from here on. */
    final int mustCount;

    /** For each event the number of its action. */
    final int[] eventActions;

    final int[] startEvents;
    final int[] endEvents;

    /** The distinct versions that actions are due at, ascending. */
    final long[] dueVersions;

    /** For each action that must happen the place of its due version in {@link #dueVersions}, or -1. */
    final int[] dues;

    /**
     * For each action an earlier one that does the same and is just as free, or {@link #NO_TWIN}: it is enough to try the
     * later one after the earlier one.
     */
    final int[] twins;

    /** Optional puts that can explain nothing but that the key was present. */
    final boolean[] onlyFillsAbsence;

    /**
     * Puts whose value matters even when no action that must happen is due at its version: it may expire, an optional
     * action is conditional on it, or its version may be one of those whose writer is not known.
     */
    final boolean[] showsItsFace;

    private Timeline(Action[] actions, int mustCount, VersionEvidence evidence) {
        this.actions = actions;
        this.mustCount = mustCount;
        this.eventActions = new int[2 * mustCount + 1];
        this.startEvents = new int[mustCount];
        this.endEvents = new int[mustCount];
        orderEvents();
        this.dueVersions = Arrays.stream(actions, 0, mustCount)
                .mapToLong(Action::dueVersion)
                .filter(version -> version != Register.UNKNOWN_VERSION)
                .sorted()
                .distinct()
                .toArray();
        this.dues = new int[mustCount];
        for (int i = 0; i < mustCount; i++) {
            long due = actions[i].dueVersion();
            dues[i] = due == Register.UNKNOWN_VERSION ? -1 : Arrays.binarySearch(dueVersions, due);
        }
        this.twins = new int[actions.length];
        this.onlyFillsAbsence = new boolean[actions.length];
        classifyOptional(evidence);
        this.showsItsFace = new boolean[actions.length];
        classifyPuts(evidence);
    }

    /** The timeline of all calls on one key. */
    static Timeline of(List<Call> calls, long clockSkewMs) {
        List<Call> judged = new ArrayList<>(calls.size());
        for (Call call : calls) {
            if (Translation.matters(call)) {
                judged.add(call);
            }
        }
        VersionEvidence evidence = VersionEvidence.of(judged);
        List<Action> must = new ArrayList<>(judged.size());
        List<Action> perhaps = new ArrayList<>();
        for (Call call : judged) {
            Action action = Translation.action(call, evidence);
            (action.optional ? perhaps : must).add(action);
            Action expiry = Translation.expiry(action, clockSkewMs);
            if (expiry != null) {
                (expiry.optional ? perhaps : must).add(expiry);
            }
        }
        Comparator<Action> byStart = (a, b) -> Long.compare(a.invokeNs, b.invokeNs);
        must.sort(byStart);
        perhaps.sort(byStart);
        Action[] actions = new Action[must.size() + perhaps.size()];
        for (int i = 0; i < actions.length; i++) {
            actions[i] = i < must.size() ? must.get(i) : perhaps.get(i - must.size());
            actions[i].index = i;
        }
        return new Timeline(actions, must.size(), evidence);
    }

    private void orderEvents() {
        Integer[] byEnd = new Integer[mustCount];
        Arrays.setAll(byEnd, i -> i);
        Arrays.sort(byEnd, (a, b) -> Long.compare(actions[a].returnNs, actions[b].returnNs));
        int nextStart = 0;
        int nextEnd = 0;
        for (int event = 1; event < eventActions.length; event++) {
            if (nextStart < mustCount && actions[nextStart].invokeNs <= actions[byEnd[nextEnd]].returnNs) {
                startEvents[nextStart] = event;
                eventActions[event] = nextStart++;
            } else {
                int ending = byEnd[nextEnd++];
                endEvents[ending] = event;
                eventActions[event] = ending;
            }
        }
    }

    private void classifyOptional(VersionEvidence evidence) {
        Arrays.fill(twins, NO_TWIN);
        Map<Likeness, Integer> latest = new HashMap<>();
        for (int i = mustCount; i < actions.length; i++) {
            Action action = actions[i];
            Likeness likeness = likeness(action, evidence);
            if (likeness != null) {
                Integer earlier = latest.put(likeness, i);
                twins[i] = earlier == null ? NO_TWIN : earlier;
                onlyFillsAbsence[i] = action.effect == Action.Effect.PUT
                        && likeness.value() == null
                        && !evidence.hasUnexplainedVersions();
            }
        }
    }

    private void classifyPuts(VersionEvidence evidence) {
        Set<Long> named = new HashSet<>();
        for (int i = mustCount; i < actions.length; i++) {
            named.add(actions[i].demand.version());
        }
        for (int i = 0; i < actions.length; i++) {
            Action action = actions[i];
            showsItsFace[i] = evidence.hasUnexplainedVersions()
                    || action.expires()
                    || (action.optional ? !onlyFillsAbsence[i] : named.contains(action.version));
        }
    }

    /** What makes two optional actions interchangeable; null for those that never are, because their times matter. */
    private static @Nullable Likeness likeness(Action action, VersionEvidence evidence) {
        return switch (action.call.operation()) {
            case Operation.Get _ -> null;
            case Operation.Put put -> {
                if (put.expires()) {
                    yield null;
                }
                yield new Likeness(action.effect, put.condition(), evidence.wasSeen(put.value()) ? put.value() : null);
            }
            case Operation.Delete delete -> new Likeness(action.effect, delete.condition(), null);
        };
    }

    private record Likeness(
            Action.Effect effect,
            Condition condition,
            @Nullable String value) {}
}
