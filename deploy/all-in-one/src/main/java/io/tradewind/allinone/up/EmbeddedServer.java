package io.tradewind.allinone.up;

import io.tradewind.embeddedservers.EmbeddedServerException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One embedded server with a thread of its own, on which it is started, watched, started again when it has died, and
 * stopped; so none of these ever meets another. Any thread may call; calls return at once. Its owner stops it.
 *
 * @param <S> the server
 */
final class EmbeddedServer<S> {

    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedServer.class);
    private static final long WATCH_INTERVAL_MS = 500;
    private static final Duration MAX_PAUSE = Duration.ofSeconds(30);

    private final String name;
    private final Life<S> life;
    private final boolean restart;
    private final ScheduledExecutorService thread;

    // Of the server's thread only.
    private S server;
    private Duration pause = Duration.ZERO;
    private long notBeforeNs = System.nanoTime();

    /** How to do what with it. */
    record Life<S>(Supplier<S> start, Predicate<S> alive, Consumer<S> startAgain, Consumer<S> stop) {}

    /** @param restart whether to start it again when it dies */
    EmbeddedServer(String name, Life<S> life, boolean restart) {
        this.name = name;
        this.life = life;
        this.restart = restart;
        this.thread = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread made = new Thread(task, "embedded-" + name);
            made.setDaemon(true);
            return made;
        });
    }

    String name() {
        return name;
    }

    /** Completes when it serves. */
    CompletableFuture<Void> start() {
        return CompletableFuture.runAsync(
                () -> {
                    server = life.start().get();
                    if (restart) {
                        var unused = thread.scheduleWithFixedDelay(
                                this::look, WATCH_INTERVAL_MS, WATCH_INTERVAL_MS, TimeUnit.MILLISECONDS);
                    }
                },
                thread);
    }

    private void look() {
        if (life.alive().test(server) || System.nanoTime() - notBeforeNs < 0) {
            return;
        }
        LOG.warn("the embedded {} has died and is started again", name);
        try {
            life.startAgain().accept(server);
            pause = Duration.ZERO;
        } catch (EmbeddedServerException e) {
            pause = pause.isZero() ? Duration.ofSeconds(1) : pause.multipliedBy(2);
            pause = pause.compareTo(MAX_PAUSE) > 0 ? MAX_PAUSE : pause;
            notBeforeNs = System.nanoTime() + pause.toNanos();
            LOG.error("the embedded {} did not start; next try in {} s", name, pause.toSeconds(), e);
        }
    }

    /** Completes when it has ended; a start under way is awaited first. */
    CompletableFuture<Void> stop() {
        return CompletableFuture.runAsync(
                () -> {
                    thread.shutdown();
                    if (server != null) {
                        life.stop().accept(server);
                    }
                },
                thread);
    }
}
