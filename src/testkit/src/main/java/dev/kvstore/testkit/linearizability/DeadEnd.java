package dev.kvstore.testkit.linearizability;

import java.util.List;

/**
 * Where the longest attempt to order a key's actions ended.
 *
 * @param order the actions that were placed, in their order
 * @param state what the key held after them
 * @param blocked the actions one of which had to come next, and none could
 */
record DeadEnd(List<Action> order, Register state, List<Action> blocked) {}
