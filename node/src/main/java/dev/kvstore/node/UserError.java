package dev.kvstore.node;

/** The node cannot run, and whoever started it can do something about it. The message says what is wrong and what to do. */
public final class UserError extends RuntimeException {
    /** Exit code: something about the arguments or the configuration is wrong. */
    public static final int USAGE = 2;

    /** Exit code: the arguments are fine, but the machine does not allow what they ask for. */
    public static final int UNABLE = 3;

    private static final long serialVersionUID = 1;

    private final int exitCode;

    private UserError(int exitCode, String message) {
        super(message);
        this.exitCode = exitCode;
    }

    /** The configuration is wrong. */
    static UserError usage(String message) {
        return new UserError(USAGE, message);
    }

    /** The machine does not allow it. */
    static UserError unable(String message) {
        return new UserError(UNABLE, message);
    }

    /** The code that the process ends with. */
    public int exitCode() {
        return exitCode;
    }
}
