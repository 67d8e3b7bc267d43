package io.tradewind.allinone.up;

import io.tradewind.allinone.cli.ExitCode;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Ends the process when its orderly end takes too long. Every step of that end has a limit of its own; this is for what
 * nobody thought of, such as a disk that no longer answers.
 */
final class LastResort {

    /** What the steps after the services need at most, and a little. */
    private static final Duration BESIDES_SERVICES = Instance.BESIDES_SERVICES.plusMillis(100);

    private LastResort() {}

    /**
     * From now on the time of the process is limited.
     *
     * @param services what the services have of it, {@code runtime.stop-timeout}
     */
    static void arm(Duration services) {
        long limitMs = services.plus(BESIDES_SERVICES).toMillis();
        Thread thread = new Thread(() -> waitAndHalt(limitMs), "last-resort");
        thread.setDaemon(true);
        thread.start();
    }

    private static void waitAndHalt(long limitMs) {
        try {
            TimeUnit.MILLISECONDS.sleep(limitMs);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return;
        }
        System.err.println("tradewind: not stopped after " + limitMs + " ms, ending at once");
        Runtime.getRuntime().halt(ExitCode.FAILED);
    }
}
