package dev.kvstore.node.storage.format;

/** Bytes that were read are not what this program, or an older version of it, writes. */
public final class FormatException extends Exception {
    private static final long serialVersionUID = 1L;

    private final boolean otherVersion;

    /** The message says what was read and what is wrong with it. */
    public FormatException(String message) {
        this(message, false);
    }

    private FormatException(String message, boolean otherVersion) {
        super(message);
        this.otherVersion = otherVersion;
    }

    /** What was read is of a format that another version of this program writes. */
    public static FormatException otherVersion(String what, long found, int oldest, int present) {
        String known = oldest == present ? "format " + present : "formats " + oldest + " to " + present;
        return new FormatException(what + " is of format " + found + "; this program reads " + known, true);
    }

    /** Whether another version of this program can read it. */
    public boolean isOtherVersion() {
        return otherVersion;
    }
}
