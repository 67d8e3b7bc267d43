package io.tradewind.embeddedservers;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A real redis-server, see {@link EmbeddedServer}.
 *
 * <p>The data directory holds {@code appendonly.aof}, {@code redis.conf} (written at each start), {@code redis.pid} and
 * {@code redis.log}.
 */
public final class EmbeddedRedis extends EmbeddedServer {
    static final String PID_FILE = "redis.pid";

    private static final String PROGRAM = "redis-server";
    /** Redis finishes what it is writing, flushes the append-only file and exits. */
    private static final String STOP_SIGNAL = "TERM";

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

    private EmbeddedRedis(Options options, Path directory, Path program) {
        super("Redis", STOP_SIGNAL, new ServerLog(directory.resolve("redis.log")), options.port());
        this.options = options;
        this.directory = directory;
        this.program = program;
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

    @Override
    void prepare() {
        StaleServer.stop("Redis", directory.resolve(PID_FILE), PROGRAM, directory, STOP_SIGNAL);
    }

    @Override
    List<String> command(int onPort) {
        return List.of(
                program.toString(),
                RedisConfigFile.write(directory, onPort, options).toString());
    }

    @Override
    String awaitReady(Supervised launched, int onPort, ServerLog said) {
        return RedisReadiness.await(launched, onPort, said);
    }

    /** What it says when it ends stays true. */
    @Override
    boolean mayStartSoon(String said) {
        return false;
    }

    @Override
    String describe() {
        return "pid " + pid() + ", appendonly " + (options.appendOnly() ? "yes" : "no") + ", appendfsync "
                + options.appendFsync();
    }

    @Override
    Path folder() {
        return directory;
    }

    /** {@code redis://127.0.0.1:PORT}. */
    @Override
    public String uri() {
        return "redis://127.0.0.1:" + port();
    }

    /** The data directory, symbolic links resolved. */
    public Path dataDir() {
        return directory;
    }
}
