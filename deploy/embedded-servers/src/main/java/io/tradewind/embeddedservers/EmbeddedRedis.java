package io.tradewind.embeddedservers;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A real redis-server as a child process, bound to 127.0.0.1.
 *
 * <p>Every method blocks, for as long as Redis takes and never without a bound; call them from a thread that may wait, not from an event
 * loop. Any thread, one call at a time ({@code synchronized}). Whoever started it closes it.
 *
 * <p>When the JVM dies, even by kill -9, Redis is stopped in good order by its supervisor ({@code supervisor.sh}). Should one be left
 * all the same, the next start on the same directory stops it first. Nobody checks that two programs do not share a directory at the
 * same time: that is the caller's lock to take.
 *
 * <p>The data directory holds {@code appendonly.aof}, {@code redis.conf} (written at each start), {@code redis.pid} and
 * {@code redis.log}.
 */
public final class EmbeddedRedis implements AutoCloseable {
    static final String PID_FILE = "redis.pid";

    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedRedis.class);
    private static final String PROGRAM = "redis-server";
    /** Redis finishes what it is writing, flushes the append-only file and exits. */
    private static final String STOP_SIGNAL = "TERM";
    /** A picked port can be lost to another program between picking and binding. */
    private static final int MAX_PORT_TRIES = 5;

    private static final Duration VERSION_DEADLINE = Duration.ofMinutes(1);

    /**
     * How to run it.
     *
     * @param dataDir created if it is not there
     * @param port 1024 to 65535, or 0 for a free one
     * @param appendOnly keep an append-only file; without it nothing survives a stop
     * @param appendFsync {@code always}, {@code everysec} or {@code no}; only the first keeps what was acknowledged
     * @param settings further lines of redis.conf, name to rest of the line (quoted by the caller where needed); they win
     *     over the above
     * @param cacheDir where the binary is unpacked to; null for the user's cache folder
     */
    public record Options(
            Path dataDir,
            int port,
            boolean appendOnly,
            String appendFsync,
            Map<String, String> settings,
            Path cacheDir) {
        public Options {
            FreePort.validated(port);
            if (!Set.of("always", "everysec", "no").contains(appendFsync)) {
                throw new IllegalArgumentException("appendFsync '" + appendFsync + "' is not always, everysec or no");
            }
            settings = Checks.settings(settings);
        }

        /** A free port, {@code appendonly yes}, {@code appendfsync always}. */
        public static Options in(Path dataDir) {
            return new Options(dataDir, 0, true, "always", Map.of(), null);
        }

        public Options withPort(int newPort) {
            return new Options(dataDir, newPort, appendOnly, appendFsync, settings, cacheDir);
        }

        public Options withAppendOnly(boolean newAppendOnly) {
            return new Options(dataDir, port, newAppendOnly, appendFsync, settings, cacheDir);
        }

        public Options withAppendFsync(String newAppendFsync) {
            return new Options(dataDir, port, appendOnly, newAppendFsync, settings, cacheDir);
        }

        public Options withSetting(String name, String value) {
            return new Options(dataDir, port, appendOnly, appendFsync, Checks.plus(settings, name, value), cacheDir);
        }

        public Options withCacheDir(Path newCacheDir) {
            return new Options(dataDir, port, appendOnly, appendFsync, settings, newCacheDir);
        }
    }

    private final Options options;
    private final Path directory;
    private final Path program;
    private final ServerLog log;
    private Supervised process;
    private int port;
    private String version;

    private EmbeddedRedis(Options options, Path directory, Path program) {
        this.options = options;
        this.directory = directory;
        this.program = program;
        this.log = new ServerLog(directory.resolve("redis.log"));
        this.port = options.port();
    }

    /**
     * Starts a server and returns when it serves, also after loading a large append-only file.
     *
     * @throws EmbeddedServerException with a message for the user, and the end of the server's log where it has one
     */
    public static EmbeddedRedis start(Options options) {
        Path directory = Folders.writable(options.dataDir(), "Redis");
        EmbeddedRedis redis = new EmbeddedRedis(options, directory, binary(options.cacheDir()));
        redis.launch();
        return redis;
    }

    private static Path binary(Path cacheDir) {
        Platform platform = Platform.current();
        String name = "redis-" + Platform.artifactVersion("redis") + "-" + platform.name();
        return BinaryCache.in(cacheDir)
                .unpacked(name, platform.redisResource(), BinaryCache.program(PROGRAM), folder -> {
                    String redis = folder.resolve(PROGRAM).toString();
                    Commands.Result result = Commands.run(List.of(redis, "--version"), "", VERSION_DEADLINE);
                    return result.ok() ? null : result.output();
                })
                .resolve(PROGRAM);
    }

    private void launch() {
        StaleServer.stop("Redis", directory.resolve(PID_FILE), PROGRAM, directory, STOP_SIGNAL);
        boolean picked = port == 0;
        for (int attempt = 1; ; attempt++) {
            if (picked) {
                port = FreePort.pick();
            } else if (!FreePort.isFree(port)) {
                throw new EmbeddedServerException("Port " + port
                        + " for Redis is taken by another program. Choose another, or 0" + " for a free one.");
            }
            try {
                launchOn(port);
                return;
            } catch (EmbeddedServerException e) {
                if (!picked || attempt == MAX_PORT_TRIES || !log.sinceStart().contains("Address already in use")) {
                    throw e;
                }
                LOG.info("Port {} was taken in the meantime; trying another", port);
            }
        }
    }

    private void launchOn(int onPort) {
        long startedNs = System.nanoTime();
        Path config = RedisConfigFile.write(directory, onPort, options);
        Supervised launched =
                Supervised.launch("Redis", List.of(program.toString(), config.toString()), STOP_SIGNAL, log);
        try {
            version = RedisReadiness.await(launched, onPort, log);
            process = launched;
        } finally {
            if (process != launched) {
                launched.kill();
            }
        }
        LOG.info(
                "Redis {} serves {} from {} (pid {}, appendonly {}, appendfsync {}) after {} ms",
                version,
                uri(),
                directory,
                pid(),
                options.appendOnly() ? "yes" : "no",
                options.appendFsync(),
                Duration.ofNanos(System.nanoTime() - startedNs).toMillis());
    }

    /** {@code redis://127.0.0.1:PORT}. */
    public synchronized String uri() {
        return "redis://127.0.0.1:" + port;
    }

    public synchronized int port() {
        return port;
    }

    /** The process id of redis-server itself; of the last one, if it is not running. */
    public synchronized long pid() {
        return process.pid();
    }

    /** What the server calls itself, such as {@code 6.2.11}. */
    public synchronized String version() {
        return version;
    }

    public synchronized boolean isAlive() {
        return process.isAlive();
    }

    /** The data directory, symbolic links resolved. */
    public Path dataDir() {
        return directory;
    }

    /** Lets Redis write down what it has and exit; kills it if it has not within 30 s. Does nothing if it is not running. */
    public synchronized void stop() {
        if (process.isAlive()) {
            process.stop();
            LOG.info("Redis on port {} stopped", port);
        }
    }

    /** SIGKILL, for tests of what survives it. */
    public synchronized void kill() {
        process.kill();
    }

    /** Stops it if it runs, and starts it on the same port and directory. */
    public synchronized void restart() {
        stop();
        launch();
    }

    /** The same as {@link #stop}. */
    @Override
    public void close() {
        stop();
    }
}
