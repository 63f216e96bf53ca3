package dev.kvstore.core.io;

/**
 * A reading of the clocks, taken after the inputs that it accompanies were taken.
 *
 * @param monoMs milliseconds of a clock that never goes back and counts a suspended machine's sleep; only differences mean
 *     something. Leases and time-outs live by it
 * @param wallMs milliseconds since 1970. Only the expiry of keys lives by it
 */
public record Time(long monoMs, long wallMs) {}
