package io.tradewind.allinone.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Reads an answer that comes line by line, however long it takes, as long as something comes: the gateway sends an empty
 * line when it has nothing to say. After a silence a thread of its own cuts the answer off, so that nobody waits for a
 * server that has stopped. Blocking; one thread; closes the answer.
 */
final class Lines implements AutoCloseable {

    /** Longer than the longest pause between two signs of life that a gateway can be set to. */
    static final Duration MAX_SILENCE = Duration.ofMinutes(6);

    private static final long LOOK_EVERY_MS = 1_000;

    private final InputStream answer;
    private final Thread watch;
    private volatile long lastNs = System.nanoTime();

    Lines(InputStream answer) {
        this.answer = answer;
        this.watch = new Thread(this::watch, "silence-watch");
        watch.setDaemon(true);
        watch.start();
    }

    /** Hands over every line that is not empty, until the answer ends. */
    void forEach(Consumer<String> consumer) throws IOException {
        BufferedReader lines = new BufferedReader(new InputStreamReader(answer, StandardCharsets.UTF_8));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            lastNs = System.nanoTime();
            if (!line.isBlank()) {
                consumer.accept(line);
            }
        }
    }

    private void watch() {
        try {
            while (System.nanoTime() - lastNs < MAX_SILENCE.toNanos()) {
                TimeUnit.MILLISECONDS.sleep(LOOK_EVERY_MS);
            }
            answer.close();
        } catch (InterruptedException e) {
            // The answer has been read: nothing is left to watch.
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            // It was broken anyway, and its reader hears of that.
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() throws IOException {
        watch.interrupt();
        answer.close();
    }
}
