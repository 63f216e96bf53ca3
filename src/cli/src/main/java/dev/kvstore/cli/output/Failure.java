package dev.kvstore.cli.output;

import org.jspecify.annotations.Nullable;

/** A command's end that the user can understand and act on: its message is shown as it is, without a stack trace. */
public final class Failure extends RuntimeException {
    private final int exitCode;

    private Failure(int exitCode, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.exitCode = exitCode;
    }

    /** What was asked for is not there, or a condition did not hold. */
    public static Failure no(String message) {
        return new Failure(ExitCode.NO, message, null);
    }

    /** The command or its input is wrong. */
    public static Failure usage(String message) {
        return new Failure(ExitCode.USAGE, message, null);
    }

    /** It cannot be done now. */
    public static Failure unable(String message) {
        return new Failure(ExitCode.UNABLE, message, null);
    }

    /** It cannot be done now; {@code cause} is for {@code --verbose}. */
    public static Failure unable(String message, Throwable cause) {
        return new Failure(ExitCode.UNABLE, message, cause);
    }

    /** One of {@link ExitCode}. */
    public int exitCode() {
        return exitCode;
    }

    @Override
    public String getMessage() {
        String message = super.getMessage();
        return message == null ? "" : message;
    }
}
