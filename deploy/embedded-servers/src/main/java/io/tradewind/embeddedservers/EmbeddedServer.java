package io.tradewind.embeddedservers;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A real server as a child process, bound to 127.0.0.1: how it is started, stopped, killed and started again.
 *
 * <p>Every method blocks, for as long as the server takes and never without a bound; call them from a thread that may wait, not
 * from an event loop. Any thread, one call at a time ({@code synchronized}). Whoever started it closes it.
 *
 * <p>When the JVM dies, even by kill -9, the server is stopped in good order by its supervisor ({@code supervisor.sh}). Should one
 * be left all the same, the next start on the same directory stops it first. Nobody checks that two programs do not share a
 * directory at the same time: that is the caller's lock to take.
 */
public abstract sealed class EmbeddedServer implements AutoCloseable permits EmbeddedRedis, EmbeddedPostgres {
    /** A picked port can be lost to another program between picking and binding. */
    private static final int MAX_PORT_TRIES = 5;

    private final Logger logger = LoggerFactory.getLogger(getClass());
    private final String name;
    private final String stopSignal;
    private final ServerLog log;
    private Supervised process;
    private int port;
    private String version;

    /**
     * @param name for people
     * @param stopSignal which makes it write down what it has and exit
     * @param port 0 for a free one
     */
    EmbeddedServer(String name, String stopSignal, ServerLog log, int port) {
        this.name = name;
        this.stopSignal = stopSignal;
        this.log = log;
        this.port = port;
    }

    /** Makes the directory ready for a start: nobody else serves from it, and it has what the server needs. */
    abstract void prepare();

    /** The command line that serves on that port. */
    abstract List<String> command(int onPort);

    /** Waits until it serves, and says which version it is. */
    abstract String awaitReady(Supervised launched, int onPort, ServerLog said);

    /** Whether the reason why it ended, to be found in what it said since its start, goes away by itself. */
    abstract boolean mayStartSoon(String said);

    /** How it runs, for the log. */
    abstract String describe();

    public abstract String uri();

    /** Starts it and returns when it serves. */
    final void launch() {
        prepare();
        boolean picked = port == 0;
        for (int attempt = 1; ; attempt++) {
            if (picked) {
                port = FreePort.pick();
            } else if (!FreePort.isFree(port)) {
                throw new EmbeddedServerException("Port " + port + " for " + name
                        + " is taken by another program. Choose another, or 0 for a free one.");
            }
            try {
                launchOn(port);
                return;
            } catch (EmbeddedServerException e) {
                String said = log.sinceStart();
                boolean portLost = picked && attempt < MAX_PORT_TRIES && said.contains("Address already in use");
                if (!portLost && !mayStartSoon(said)) {
                    throw e;
                }
                logger.info(
                        "{} could not start yet ({}); trying again",
                        name,
                        portLost ? "port lost" : "its predecessor is not quite gone");
                Deadline.pause("another try to start " + name);
            }
        }
    }

    private void launchOn(int onPort) {
        long startedNs = System.nanoTime();
        Supervised launched = Supervised.launch(name, command(onPort), stopSignal, log);
        try {
            version = awaitReady(launched, onPort, log);
            process = launched;
        } finally {
            if (process != launched) {
                launched.kill();
            }
        }
        logger.info(
                "{} {} serves {} from {} ({}) after {} ms",
                name,
                version,
                uri(),
                folder(),
                describe(),
                Duration.ofNanos(System.nanoTime() - startedNs).toMillis());
    }

    /** Where its data is, symbolic links resolved. */
    abstract Path folder();

    public final synchronized int port() {
        return port;
    }

    /** The process id of the server itself; of the last one, if it is not running. */
    public final synchronized long pid() {
        return process.pid();
    }

    /** What the server calls itself, such as {@code 6.2.11}. */
    public final synchronized String version() {
        return version;
    }

    public final synchronized boolean isAlive() {
        return process.isAlive();
    }

    /** Lets it write down what it has and exit; kills it if it has not within 30 s. Does nothing if it is not running. */
    public final synchronized void stop() {
        if (process.isAlive()) {
            process.stop();
            logger.info("{} on port {} stopped", name, port);
        }
    }

    /** SIGKILL, for tests of what survives it. */
    public final synchronized void kill() {
        process.kill();
    }

    /** Stops it if it runs, and starts it on the same port and directory. */
    public final synchronized void restart() {
        stop();
        launch();
    }

    /** The same as {@link #stop}. */
    @Override
    public final void close() {
        stop();
    }
}
