package io.tradewind.benchmarks.instance;

import io.tradewind.benchmarks.BenchException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Makes the running Tradewind collect its heap in full, by {@code jcmd} of the JDK that runs the benchmark. That stops it
 * for as long as it takes: a second or more with gigabytes in use. Blocking.
 */
public final class FullCollection implements Runnable {

    private static final long TIMEOUT_S = 30;

    private final long pid;
    private final Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");

    /** @param pid of the instance, on this machine and of this user */
    public FullCollection(long pid) {
        this.pid = pid;
        if (!Files.isExecutable(jcmd)) {
            throw BenchException.usage("--collect needs a JDK, and there is no " + jcmd);
        }
    }

    /** Returns when it is done. */
    @Override
    public void run() {
        try {
            Process collecting = new ProcessBuilder(List.of(jcmd.toString(), Long.toString(pid), "GC.run"))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (!collecting.waitFor(TIMEOUT_S, TimeUnit.SECONDS)) {
                collecting.destroyForcibly();
                throw BenchException.failed(
                        "--collect: process " + pid + " did not collect within " + TIMEOUT_S + " s");
            }
            if (collecting.exitValue() != 0) {
                throw BenchException.failed("--collect: jcmd cannot reach process " + pid
                        + "; does it run on this machine, as this user, and not with -XX:+DisableAttachMechanism?");
            }
        } catch (IOException e) {
            throw BenchException.failed("--collect: cannot run " + jcmd + ": " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
