package io.tradewind.allinone.up;

import io.tradewind.allinone.cli.ExitCode;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Ends the process when its orderly end takes too long. Every step of that end has a limit of its own; this is for what
 * nobody thought of, such as a disk that no longer answers.
 */
final class LastResort {

    static final Duration LIMIT = Duration.ofMillis(9_800);

    private LastResort() {}

    /** From now on the process has {@link #LIMIT} to end by itself. */
    static void arm() {
        Thread thread = new Thread(LastResort::waitAndHalt, "last-resort");
        thread.setDaemon(true);
        thread.start();
    }

    private static void waitAndHalt() {
        try {
            TimeUnit.MILLISECONDS.sleep(LIMIT.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return;
        }
        System.err.println("tradewind: not stopped after " + LIMIT.toMillis() + " ms, ending at once");
        Runtime.getRuntime().halt(ExitCode.FAILED);
    }
}
