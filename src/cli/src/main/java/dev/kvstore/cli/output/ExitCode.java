package dev.kvstore.cli.output;

/** The exit codes, which scripts may rely on. */
public final class ExitCode {
    /** Done. */
    public static final int OK = 0;
    /** The key is not there, the condition did not hold, or the node that was named does not run. */
    public static final int NO = 1;
    /** The command or its input is wrong: repeating it changes nothing. */
    public static final int USAGE = 2;
    /** The cluster cannot be reached, or cannot do it now. */
    public static final int UNABLE = 3;
    /** Ended by Ctrl-C, as shells count it: 128 and the signal's number. */
    public static final int INTERRUPTED = 130;

    private ExitCode() {}
}
