package dev.kvstore.testkit.linearizability;

import java.util.Arrays;

/**
 * The states that a search has entered. Each has a key, and under the same key one state may be at least as good as another
 * one: when its floor is not higher and it has used no optional action that the other one has not. Only states that no
 * earlier one is as good as are worth entering.
 *
 * <p>All of it lives in two arrays, which are emptied without letting them go.
 */
final class VisitedStates {

    private static final int FIRST_SLOTS = 1 << 8;

    /** Larger arrays are let go when emptied, since clearing them would cost more than allocating small ones. */
    private static final int MAX_KEPT_SLOTS = 1 << 13;

    // a key's place in the arena: its length, where the first state under it is, its longs
    private static final int FIRST_STATE = 1;
    private static final int KEY = 2;

    // a state's place in the arena: where the next one under the same key is, its floor, what it has used
    private static final int FLOOR = 1;
    private static final int USED = 2;

    /** For each slot the place of its key, which is never 0; 0 for a free slot. */
    private int[] slots = new int[FIRST_SLOTS];

    private long[] arena = new long[FIRST_SLOTS * 4];
    private int end = 1;
    private int keys;
    private int openKey;

    void clear() {
        if (slots.length > MAX_KEPT_SLOTS) {
            slots = new int[FIRST_SLOTS];
            arena = new long[FIRST_SLOTS * 4];
        } else {
            Arrays.fill(slots, 0);
        }
        end = 1;
        keys = 0;
    }

    /** Begins a key. */
    void openKey() {
        openKey = end;
        append(0); // the length, which is known at the end
        append(0);
    }

    /** Adds to the key. */
    void append(long word) {
        if (end == arena.length) {
            arena = Arrays.copyOf(arena, arena.length * 2);
        }
        arena[end++] = word;
    }

    /**
     * Ends the key and enters a state under it.
     *
     * @param floor the lower, the better
     * @param used a set of bits, the fewer, the better; as long in every state of a search
     * @param usedWords how many words of it count
     * @return false when an earlier state is at least as good
     */
    boolean add(long floor, long[] used, int usedWords) {
        int key = keyOf(openKey, end - openKey - KEY);
        for (int state = (int) arena[key + FIRST_STATE]; state != 0; state = (int) arena[state]) {
            if (arena[state + FLOOR] <= floor && usesNothingBeyond(state, used, usedWords)) {
                return false;
            }
        }
        int state = end;
        append(arena[key + FIRST_STATE]);
        append(floor);
        for (int word = 0; word < usedWords; word++) {
            append(used[word]);
        }
        arena[key + FIRST_STATE] = state;
        return true;
    }

    private boolean usesNothingBeyond(int state, long[] used, int usedWords) {
        for (int word = 0; word < usedWords; word++) {
            if ((arena[state + USED + word] & ~used[word]) != 0) {
                return false;
            }
        }
        return true;
    }

    /** The place of an equal key, which lets go of the given one, or the given one after adding it. */
    private int keyOf(int candidate, int length) {
        arena[candidate] = length;
        int mask = slots.length - 1;
        int slot = hash(candidate) & mask;
        while (slots[slot] != 0) {
            if (sameKey(slots[slot], candidate)) {
                end = candidate;
                return slots[slot];
            }
            slot = (slot + 1) & mask;
        }
        slots[slot] = candidate;
        keys++;
        if (keys * 2 > slots.length) {
            grow();
        }
        return candidate;
    }

    private boolean sameKey(int a, int b) {
        int length = (int) arena[b];
        return arena[a] == length && Arrays.equals(arena, a + KEY, a + KEY + length, arena, b + KEY, b + KEY + length);
    }

    private void grow() {
        int[] old = slots;
        slots = new int[old.length * 2];
        int mask = slots.length - 1;
        for (int key : old) {
            if (key != 0) {
                int slot = hash(key) & mask;
                while (slots[slot] != 0) {
                    slot = (slot + 1) & mask;
                }
                slots[slot] = key;
            }
        }
    }

    private int hash(int key) {
        int length = (int) arena[key];
        long hash = length;
        for (int i = key + KEY; i < key + KEY + length; i++) {
            hash = (hash ^ arena[i]) * 0x9E3779B97F4A7C15L;
            hash ^= hash >>> 29;
        }
        return (int) (hash ^ (hash >>> 32));
    }
}
