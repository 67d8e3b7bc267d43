package io.tradewind.allinone.cli;

/** What a script learns from the exit status; documented in docs/OPERATIONS.md and never renumbered. */
public final class ExitCode {

    public static final int OK = 0;

    /** The server denied it or answered an error; or {@code up} could not start. */
    public static final int FAILED = 1;

    /** A wrong option, argument or configuration: nothing was tried. */
    public static final int USAGE = 2;

    /** The machine lacks something, a JDK for instance; given by the script, before a JVM exists. */
    public static final int ENVIRONMENT = 3;

    /** Nothing answers at that address, or nothing runs on that data directory. */
    public static final int UNREACHABLE = 4;

    /** The request was sent and no answer came: it may or may not have been done. */
    public static final int UNKNOWN = 5;

    private ExitCode() {}
}
