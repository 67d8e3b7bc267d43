package io.tradewind.benchmarks.peer;

import io.tradewind.benchmarks.BenchException;
import io.tradewind.benchmarks.ChildProcess;
import io.tradewind.benchmarks.audit.RedisLog;
import io.tradewind.benchmarks.load.Target;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Fastify, BullMQ and pg, as a team would put them together: one process takes orders, another executes them and writes
 * rows. Installed by npm from the lock file beside its sources. Blocking, on the main thread; closing stops both and
 * removes what they left in Redis and Postgres.
 */
public final class PeerProcesses implements AutoCloseable {

    /** Where the sources are, below the directory in which Tradewind lies. */
    public static final Path SOURCES = Path.of("deploy", "benchmarks", "peers", "bullmq");

    private static final String QUEUE = "tradewind-bench";
    private static final String KEYS = "bull:" + QUEUE + ":*";

    /** Orders that the worker has under way: enough that Postgres is never waited for with idle hands. */
    private static final int CONCURRENCY = 64;

    private static final long INSTALL_TIMEOUT_MS = 180_000;

    private final RedisLog redis;
    private final PeerTables tables;
    private final ChildProcess api;
    private final ChildProcess worker;

    private PeerProcesses(RedisLog redis, PeerTables tables, ChildProcess api, ChildProcess worker) {
        this.redis = redis;
        this.tables = tables;
        this.api = api;
        this.worker = worker;
    }

    /**
     * @param redis to remove the keys with; stays the caller's
     * @param tables where it writes; stays the caller's
     */
    public static PeerProcesses start(
            Path sources, String redisUri, String postgresUri, RedisLog redis, PeerTables tables) {
        install(sources);
        redis.deleteAll(KEYS);
        tables.create();
        ChildProcess worker = ChildProcess.start(
                "the peer's worker",
                sources,
                List.of(
                        "node",
                        "worker.cjs",
                        redisUri,
                        QUEUE,
                        postgresUri,
                        PeerTables.PREFIX,
                        Integer.toString(CONCURRENCY)),
                "working");
        try {
            ChildProcess api = ChildProcess.start(
                    "the peer's server", sources, List.of("node", "api.cjs", redisUri, QUEUE), "listening ");
            return new PeerProcesses(redis, tables, api, worker);
        } catch (BenchException e) {
            worker.close();
            throw e;
        }
    }

    /** Installs what the lock file names, if that was not done yet. */
    public static void install(Path sources) {
        if (!Files.isRegularFile(sources.resolve("package.json"))) {
            throw BenchException.usage(
                    "the peer is not at " + sources.toAbsolutePath() + "; it comes with the sources of Tradewind");
        }
        if (Files.isDirectory(sources.resolve("node_modules"))) {
            return;
        }
        List<String> command = List.of("npm", "install", "--omit=optional", "--no-audit", "--no-fund");
        try {
            Process npm = new ProcessBuilder(command)
                    .directory(sources.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(new File("/dev/null"))
                    .start();
            if (!npm.waitFor(INSTALL_TIMEOUT_MS, TimeUnit.MILLISECONDS)) {
                npm.destroyForcibly();
                throw BenchException.failed("npm did not install the peer within " + INSTALL_TIMEOUT_MS + " ms");
            }
            if (npm.exitValue() != 0) {
                throw BenchException.failed(
                        "npm could not install the peer: run " + String.join(" ", command) + " in " + sources);
            }
        } catch (IOException e) {
            throw BenchException.failed("the peer needs Node.js 20 and npm: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw BenchException.failed("interrupted while the peer was installed");
        }
    }

    public Target target() {
        return new Target("127.0.0.1", Integer.parseInt(api.said()));
    }

    @Override
    public void close() {
        api.close();
        worker.close();
        redis.deleteAll(KEYS);
        tables.drop();
    }
}
