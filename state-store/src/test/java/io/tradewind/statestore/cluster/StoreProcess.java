package io.tradewind.statestore.cluster;

import io.tradewind.statestore.StateStoreMain;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** One state-store in a process of its own, which tests kill, pause and stop. Its member id is found by the test bed. */
final class StoreProcess {

    private final Process process;
    private final String member;

    private StoreProcess(Process process, String member) {
        this.process = process;
        this.member = member;
    }

    static Process start(Path log, List<String> settings) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx192m",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Dlogback.configurationFile=logback-process.xml",
                "-cp",
                System.getProperty("java.class.path"),
                StateStoreMain.class.getName(),
                "--cluster"));
        settings.forEach(setting -> {
            command.add("--set");
            command.add(setting);
        });
        try {
            return new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static StoreProcess of(Process process, String member) {
        return new StoreProcess(process, member);
    }

    String member() {
        return member;
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** kill -9. */
    void kill() {
        process.destroyForcibly();
        awaitEnd();
    }

    /** SIGTERM, and waits until it has gone. */
    int stop() {
        process.destroy();
        return awaitEnd();
    }

    void pause() {
        signal("-STOP");
    }

    void resume() {
        signal("-CONT");
    }

    private void signal(String name) {
        try {
            int code = new ProcessBuilder("kill", name, String.valueOf(process.pid()))
                    .start()
                    .waitFor();
            if (code != 0) {
                throw new AssertionError("kill " + name + " " + process.pid() + ": " + code);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private int awaitEnd() {
        try {
            if (!process.waitFor(Waiting.LIMIT_S, TimeUnit.SECONDS)) {
                throw new AssertionError("process " + process.pid() + " did not end");
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
