package dev.kvstore.testkit.linearizability;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The search for an order of one key's actions that the {@link Register} allows.
 *
 * <p>It is the algorithm of Wing and Gong (1993) with the memory of visited states and the list of events of Lowe
 * ("Testing for linearizability", 2017), as Porcupine has it: of all actions that are not placed, those that started
 * before any of them ended may come next; each is tried, and a pair of (what is placed, state) is never entered twice. What
 * this one knows beyond that:
 *
 * <ul>
 *   <li>An action that may come next and changes nothing is placed at once, without an alternative: if any order
 *       completes the rest, the same order does so after it.
 *   <li>Versions grow, so a state is dead as soon as some action that is not placed speaks of a version below the state's.
 *       In most histories this leaves one order of the writes.
 *   <li>A state is not entered either when one was entered that differs only in having used fewer writes of unknown
 *       outcome, in a lower floor of versions, or in a value that nothing asks for any more.
 *   <li>Writes of unknown outcome come last among the alternatives, in the order of their starts when they are alike, and
 *       not at all where their effect could not be noticed.
 * </ul>
 *
 * <p>The buffers of one object serve many searches, one at a time.
 */
final class Search {

    enum Result {
        FOUND,
        NONE,
        GAVE_UP
    }

    private static final int HEAD = 0;

    // stand for the writer in the key of a visited state
    private static final int ABSENT = -1;
    private static final int FACELESS = -2;

    private final VisitedStates visited = new VisitedStates();

    // the events of actions that must happen and are not placed, as a doubly linked ring through HEAD
    private int[] nextEvent = new int[0];
    private int[] previousEvent = new int[0];

    // one bit for each action that is placed; those that must happen and the others in words of their own
    private long[] placedMust = new long[0];
    private long[] placedOptional = new long[0];
    private int optionalWords;
    private int firstOpenWord;
    private int lastPlacedWord;
    private int mustLeft;

    /** For each due version how many actions that are due at it are not placed. */
    private int[] dueLeft = new int[0];

    private int lowestDue;

    // the actions that are placed, in their order
    private int[] order = new int[0];
    private int orderLength;

    // the stack of decisions: the state after each, what it was placed after, and which alternative comes next
    private Register[] states = new Register[0];
    private int[] orderMarks = new int[0];
    private int[] mustCursors = new int[0];
    private int[] optionalCursors = new int[0];

    private Timeline timeline;
    private int statesVisited;
    private int longestMust = -1;
    private @Nullable DeadEnd deadEnd;

    Search() {
        timeline = Timeline.of(List.of(), 0);
    }

    /** Searches; a key's actions have an order exactly when the result is {@code FOUND}. */
    Result run(Timeline newTimeline, int maxStates) {
        load(newTimeline);
        int depth = 0;
        states[0] = Register.NEVER_WRITTEN;
        orderMarks[0] = 0;
        boolean alive = enter(0);
        while (true) {
            if (mustLeft == 0) {
                return Result.FOUND;
            }
            if (statesVisited > maxStates) {
                return Result.GAVE_UP;
            }
            if (alive && placeNext(depth)) {
                depth++;
                alive = enter(depth);
                continue;
            }
            if (alive) {
                noteDeadEnd(depth, false);
            }
            takeBackTo(orderMarks[depth]);
            if (depth == 0) {
                return Result.NONE;
            }
            depth--;
            alive = true;
        }
    }

    /** How many states the last search visited. */
    int statesVisited() {
        return statesVisited;
    }

    /** Where the longest attempt of the last search ended; null when it never met a dead end. */
    @Nullable
    DeadEnd deadEnd() {
        return deadEnd;
    }

    private void load(Timeline newTimeline) {
        timeline = newTimeline;
        int actions = timeline.actions.length;
        int must = timeline.mustCount;
        int events = timeline.eventActions.length;
        if (order.length < actions + 1) {
            int room = Math.max(64, 2 * (actions + 1));
            nextEvent = new int[2 * room];
            previousEvent = new int[2 * room];
            placedMust = new long[words(room) + 1];
            placedOptional = new long[words(room) + 1];
            dueLeft = new int[room];
            order = new int[room];
            states = new Register[room];
            orderMarks = new int[room];
            mustCursors = new int[room];
            optionalCursors = new int[room];
        }
        for (int event = 0; event < events; event++) {
            nextEvent[event] = event + 1 == events ? HEAD : event + 1;
            previousEvent[event] = event == HEAD ? events - 1 : event - 1;
        }
        Arrays.fill(placedMust, 0, words(must) + 1, 0);
        optionalWords = words(actions - must);
        Arrays.fill(placedOptional, 0, optionalWords, 0);
        Arrays.fill(dueLeft, 0, timeline.dueVersions.length, 0);
        for (int due : timeline.dues) {
            if (due >= 0) {
                dueLeft[due]++;
            }
        }
        lowestDue = 0;
        firstOpenWord = 0;
        lastPlacedWord = 0;
        mustLeft = must;
        orderLength = 0;
        statesVisited = 0;
        longestMust = -1;
        deadEnd = null;
        visited.clear();
    }

    private static int words(int bits) {
        return (bits + Long.SIZE - 1) / Long.SIZE;
    }

    /** Takes up the state at this depth. Returns false when nothing can come of it. */
    private boolean enter(int depth) {
        statesVisited++;
        placeWhatChangesNothing(states[depth]);
        mustCursors[depth] = nextEvent[HEAD];
        optionalCursors[depth] = timeline.mustCount;
        if (mustLeft == 0) {
            return true;
        }
        if (isOverdue(states[depth])) {
            noteDeadEnd(depth, true);
            return false;
        }
        return remember(states[depth]);
    }

    private void placeWhatChangesNothing(Register state) {
        int event = nextEvent[HEAD];
        while (event != HEAD && isStart(event)) {
            Action action = timeline.actions[timeline.eventActions[event]];
            int following = nextEvent[event];
            if (mayBePlaced(action) && state.equals(state.after(action))) {
                // the event after this one may be its own end, which leaves the list together with its start
                following = following == timeline.endEvents[action.index] ? nextEvent[following] : following;
                place(action);
            }
            event = following;
        }
    }

    private boolean isStart(int event) {
        return timeline.startEvents[timeline.eventActions[event]] == event;
    }

    private boolean mayBePlaced(Action action) {
        return action.subject == null || isPlaced(action.subject.index);
    }

    private boolean isOverdue(Register state) {
        if (lowestDue == timeline.dueVersions.length) {
            return false;
        }
        long due = timeline.dueVersions[lowestDue];
        return state.writer() == null ? due <= state.floor() : due < state.floor();
    }

    /** Returns whether no state that was entered before is at least as good as this one. */
    private boolean remember(Register state) {
        visited.openKey();
        visited.append(firstOpenWord);
        for (int word = firstOpenWord; word <= lastPlacedWord; word++) {
            visited.append(placedMust[word]);
        }
        Action writer = state.writer();
        if (writer == null) {
            visited.append(ABSENT);
            visited.append(0);
        } else if (isFaceless(writer, state.version())) {
            visited.append(FACELESS);
            visited.append(0);
        } else {
            visited.append(writer.index);
            visited.append(state.version());
        }
        return visited.add(state.floor(), placedOptional, optionalWords);
    }

    /** Whether nothing can tell any more which value the key holds, only that it holds one. */
    private boolean isFaceless(Action writer, long version) {
        if (timeline.showsItsFace[writer.index]) {
            return false;
        }
        return writer.optional || lowestDue == timeline.dueVersions.length || timeline.dueVersions[lowestDue] > version;
    }

    /** Places the next alternative of this depth and puts the state after it on the stack. */
    private boolean placeNext(int depth) {
        Register state = states[depth];
        int event = mustCursors[depth];
        while (isStart(event)) {
            Action action = timeline.actions[timeline.eventActions[event]];
            event = nextEvent[event];
            if (mayBePlaced(action) && push(depth, action, state)) {
                mustCursors[depth] = event;
                return true;
            }
        }
        mustCursors[depth] = event;
        // there is such an event, since something is left that must happen
        long firstEndNs = timeline.actions[timeline.eventActions[event]].returnNs;
        for (int i = optionalCursors[depth]; i < timeline.actions.length; i++) {
            Action action = timeline.actions[i];
            if (action.invokeNs > firstEndNs) {
                break;
            }
            if (isWorthTrying(action, state) && push(depth, action, state)) {
                optionalCursors[depth] = i + 1;
                return true;
            }
        }
        optionalCursors[depth] = timeline.actions.length;
        return false;
    }

    private boolean isWorthTrying(Action action, Register state) {
        int twin = timeline.twins[action.index];
        if (isPlaced(action.index) || !mayBePlaced(action) || (twin != Timeline.NO_TWIN && !isPlaced(twin))) {
            return false;
        }
        Action writer = state.writer();
        return writer == null || writer.expires() || !timeline.onlyFillsAbsence[action.index];
    }

    private boolean push(int depth, Action action, Register state) {
        Register after = state.after(action);
        if (after == null || after.equals(state)) {
            return false;
        }
        states[depth + 1] = after;
        orderMarks[depth + 1] = orderLength;
        place(action);
        return true;
    }

    private boolean isPlaced(int action) {
        int bit = action - timeline.mustCount;
        return bit < 0
                ? (placedMust[action / Long.SIZE] & (1L << action)) != 0
                : (placedOptional[bit / Long.SIZE] & (1L << bit)) != 0;
    }

    private void place(Action action) {
        order[orderLength++] = action.index;
        if (action.optional) {
            int bit = action.index - timeline.mustCount;
            placedOptional[bit / Long.SIZE] |= 1L << bit;
            return;
        }
        unlink(timeline.startEvents[action.index]);
        unlink(timeline.endEvents[action.index]);
        mustLeft--;
        int word = action.index / Long.SIZE;
        placedMust[word] |= 1L << action.index;
        lastPlacedWord = Math.max(lastPlacedWord, word);
        while (placedMust[firstOpenWord] == -1L) {
            firstOpenWord++;
        }
        int due = timeline.dues[action.index];
        if (due >= 0) {
            dueLeft[due]--;
            while (lowestDue < timeline.dueVersions.length && dueLeft[lowestDue] == 0) {
                lowestDue++;
            }
        }
    }

    private void takeBackTo(int mark) {
        while (orderLength > mark) {
            Action action = timeline.actions[order[--orderLength]];
            if (action.optional) {
                int bit = action.index - timeline.mustCount;
                placedOptional[bit / Long.SIZE] &= ~(1L << bit);
                continue;
            }
            // in the opposite order of unlinking: each event then finds its neighbours as it left them
            relink(timeline.endEvents[action.index]);
            relink(timeline.startEvents[action.index]);
            mustLeft++;
            int word = action.index / Long.SIZE;
            placedMust[word] &= ~(1L << action.index);
            firstOpenWord = Math.min(firstOpenWord, word);
            while (lastPlacedWord > 0 && placedMust[lastPlacedWord] == 0) {
                lastPlacedWord--;
            }
            int due = timeline.dues[action.index];
            if (due >= 0) {
                dueLeft[due]++;
                lowestDue = Math.min(lowestDue, due);
            }
        }
    }

    private void unlink(int event) {
        nextEvent[previousEvent[event]] = nextEvent[event];
        previousEvent[nextEvent[event]] = previousEvent[event];
    }

    private void relink(int event) {
        nextEvent[previousEvent[event]] = event;
        previousEvent[nextEvent[event]] = event;
    }

    private void noteDeadEnd(int depth, boolean overdue) {
        int must = timeline.mustCount - mustLeft;
        if (must <= longestMust) {
            return;
        }
        longestMust = must;
        List<Action> placed = new ArrayList<>(orderLength);
        for (int i = 0; i < orderLength; i++) {
            placed.add(timeline.actions[order[i]]);
        }
        List<Action> blocked = new ArrayList<>();
        if (overdue) {
            for (int i = 0; i < timeline.mustCount; i++) {
                if (timeline.dues[i] == lowestDue && !isPlaced(i)) {
                    blocked.add(timeline.actions[i]);
                }
            }
        } else {
            for (int event = nextEvent[HEAD]; isStart(event); event = nextEvent[event]) {
                blocked.add(timeline.actions[timeline.eventActions[event]]);
            }
        }
        deadEnd = new DeadEnd(placed, states[depth], blocked);
    }
}
