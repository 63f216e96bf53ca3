package dev.kvstore.core.node;

/** Bytes that may be sent in a time. What was sent is a debt that time pays off; nothing is saved up. */
final class Allowance {
    private static final long LONGEST_MS = 60_000;

    private long debtBytes;
    private long paidMs;

    /** Whether the debt is paid off, at so many bytes a second; 0 for no limit. */
    boolean isOpen(long bytesPerSecond, long nowMs) {
        if (bytesPerSecond == 0) {
            debtBytes = 0;
        }
        long paid = Math.min(nowMs - paidMs, LONGEST_MS) * bytesPerSecond / 1_000;
        // A part of a byte is paid with the next ones.
        if (paid > 0 || debtBytes == 0) {
            debtBytes = Math.max(0, debtBytes - paid);
            paidMs = nowMs;
        }
        return debtBytes == 0;
    }

    void spend(long bytes) {
        debtBytes += bytes;
    }
}
