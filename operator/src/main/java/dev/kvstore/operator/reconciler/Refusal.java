package dev.kvstore.operator.reconciler;

/**
 * Why an order is not followed.
 *
 * @param reason a word for machines, in the style of a condition's reason
 * @param message what is wrong and what to do about it
 */
public record Refusal(String reason, String message) {}
