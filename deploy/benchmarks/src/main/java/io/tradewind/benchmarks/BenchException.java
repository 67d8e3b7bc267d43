package io.tradewind.benchmarks;

/** Why a benchmark cannot go on, for the user; becomes the message and the exit code of the program. */
public final class BenchException extends RuntimeException {

    /** It ran, but something was not as it must be. */
    public static final int FAILED = 1;

    /** The command line is wrong. */
    public static final int USAGE = 2;

    /** The instance, its Redis or its Postgres does not answer. */
    public static final int NOT_REACHABLE = 4;

    private final int exitCode;

    private BenchException(int exitCode, String message, Throwable cause) {
        super(message, cause);
        this.exitCode = exitCode;
    }

    public static BenchException failed(String message) {
        return new BenchException(FAILED, message, null);
    }

    public static BenchException usage(String message) {
        return new BenchException(USAGE, message, null);
    }

    public static BenchException notReachable(String message, Throwable cause) {
        return new BenchException(NOT_REACHABLE, message, cause);
    }

    public int exitCode() {
        return exitCode;
    }
}
