package io.tradewind.embeddedservers;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A real Postgres as a child process, bound to 127.0.0.1, with a database and a superuser named {@code tradewind} who needs no
 * password from this machine.
 *
 * <p>Every method blocks, for as long as Postgres takes and never without a bound; call them from a thread that may wait, not from an
 * event loop. Any thread, one call at a time ({@code synchronized}). Whoever started it closes it.
 *
 * <p>When the JVM dies, even by kill -9, Postgres is stopped in good order by its supervisor ({@code supervisor.sh}). Should one be left
 * all the same, the next start on the same directory stops it first. Nobody checks that two programs do not share a directory at the
 * same time: that is the caller's lock to take.
 *
 * <p>The data directory holds {@code cluster/} (what Postgres calls PGDATA, created at the first start) and {@code postgres.log}. As root
 * it runs as somebody else, see {@link RunAs}.
 */
public final class EmbeddedPostgres implements AutoCloseable {
    static final String USER = "tradewind";
    static final String DATABASE = "tradewind";

    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedPostgres.class);
    /** Postgres's "fast" shutdown: ends the sessions, writes a checkpoint, exits. TERM would wait for every client to leave. */
    private static final String STOP_SIGNAL = "INT";
    /** A picked port can be lost to another program between picking and binding. */
    private static final int MAX_PORT_TRIES = 5;
    /** After a kill -9 of the server its sessions need a moment to notice; until then it refuses to start. */
    private static final Duration ORPHANED_SESSIONS_DEADLINE = Duration.ofSeconds(30);

    private static final Duration COMMAND_TIMEOUT = Duration.ofMinutes(1);

    /**
     * How to run it.
     *
     * @param dataDir created if it is not there
     * @param port 1024 to 65535, or 0 for a free one
     * @param syncOnCreate whether the files of a new database are forced to disk; false only for throw-away databases
     * @param settings further settings of postgresql.conf, name to value; they win over ours, of which {@code fsync=on} and
     *     {@code synchronous_commit=on} are two
     * @param cacheDir where the binaries are unpacked to; null for the user's cache folder
     */
    public record Options(Path dataDir, int port, boolean syncOnCreate, Map<String, String> settings, Path cacheDir) {
        public Options {
            FreePort.validated(port);
            settings = Checks.settings(settings);
        }

        /** A free port, everything durable. */
        public static Options in(Path dataDir) {
            return new Options(dataDir, 0, true, Map.of(), null);
        }

        public Options withPort(int newPort) {
            return new Options(dataDir, newPort, syncOnCreate, settings, cacheDir);
        }

        public Options withSyncOnCreate(boolean newSyncOnCreate) {
            return new Options(dataDir, port, newSyncOnCreate, settings, cacheDir);
        }

        public Options withSetting(String name, String value) {
            return new Options(dataDir, port, syncOnCreate, Checks.plus(settings, name, value), cacheDir);
        }

        public Options withCacheDir(Path newCacheDir) {
            return new Options(dataDir, port, syncOnCreate, settings, newCacheDir);
        }
    }

    private final Options options;
    private final PostgresCluster cluster;
    private final ServerLog log;
    private Supervised process;
    private int port;
    private String version;

    private EmbeddedPostgres(Options options, PostgresCluster cluster, ServerLog log) {
        this.options = options;
        this.cluster = cluster;
        this.log = log;
        this.port = options.port();
    }

    /**
     * Starts a server and returns when it serves, also after recovering from a crash. The first start on a machine unpacks
     * the binaries, the first on a directory creates the database.
     *
     * @throws EmbeddedServerException with a message for the user, and the end of the server's log where it has one
     */
    public static EmbeddedPostgres start(Options options) {
        return start(options, RunAs.detect());
    }

    static EmbeddedPostgres start(Options options, RunAs runAs) {
        Path directory = Folders.writable(options.dataDir(), "Postgres");
        Path install = binaries(options.cacheDir(), runAs);
        EmbeddedPostgres postgres = new EmbeddedPostgres(
                options,
                new PostgresCluster(directory.resolve("cluster"), install, runAs),
                new ServerLog(directory.resolve("postgres.log")));
        postgres.launch();
        return postgres;
    }

    private static Path binaries(Path cacheDir, RunAs runAs) {
        Platform platform = Platform.current();
        String name = "postgres-" + Platform.artifactVersion("postgres") + "-" + platform.name();
        return BinaryCache.in(cacheDir).unpacked(name, platform.postgresResource(), BinaryCache::tarXz, folder -> {
            String program = folder.resolve("bin").resolve("postgres").toString();
            Commands.Result result = Commands.run(runAs.command(List.of(program, "--version")), "", COMMAND_TIMEOUT);
            return result.ok() ? null : result.output();
        });
    }

    private void launch() {
        // Before anything touches the files, be it only their owner.
        StaleServer.stop("Postgres", cluster.pidFile(), "postgres", cluster.directory(), STOP_SIGNAL);
        cluster.ensure(options.syncOnCreate());
        cluster.forgetReusedPid();
        boolean picked = port == 0;
        Deadline orphans = Deadline.in(ORPHANED_SESSIONS_DEADLINE);
        for (int attempt = 1; ; attempt++) {
            if (picked) {
                port = FreePort.pick();
            } else if (!FreePort.isFree(port)) {
                throw new EmbeddedServerException("Port " + port
                        + " for Postgres is taken by another program. Choose another," + " or 0 for a free one.");
            }
            try {
                launchOn(port);
                return;
            } catch (EmbeddedServerException e) {
                String said = log.sinceStart();
                boolean orphaned = said.contains("pre-existing shared memory block") && !orphans.passed();
                boolean portLost = picked && attempt < MAX_PORT_TRIES && said.contains("Address already in use");
                if (!orphaned && !portLost) {
                    throw e;
                }
                LOG.info(
                        "Postgres could not start yet ({}); trying again",
                        orphaned ? "old sessions remain" : "port lost");
                Deadline.pause("the sessions of the Postgres before");
            }
        }
    }

    private void launchOn(int onPort) {
        long startedNs = System.nanoTime();
        List<String> command = new ArrayList<>();
        command.add(cluster.program().toString());
        command.addAll(List.of("-D", cluster.directory().toString()));
        command.addAll(PostgresSettings.arguments(onPort, options.settings()));
        Supervised launched = Supervised.launch("Postgres", cluster.runAs().command(command), STOP_SIGNAL, log);
        try {
            version = PostgresReadiness.await(launched, cluster, onPort, log);
            process = launched;
        } finally {
            if (process != launched) {
                launched.kill();
            }
        }
        LOG.info(
                "Postgres {} serves {} from {} (pid {}) after {} ms",
                version,
                uri(),
                cluster.directory(),
                pid(),
                Duration.ofNanos(System.nanoTime() - startedNs).toMillis());
    }

    /** {@code postgresql://tradewind@127.0.0.1:PORT/tradewind}, as psql and the Vert.x client understand it. */
    public String uri() {
        return uri(DATABASE);
    }

    /** The same for another database of this server. */
    public synchronized String uri(String database) {
        return "postgresql://" + USER + "@127.0.0.1:" + port + "/" + database;
    }

    /** {@code jdbc:postgresql://127.0.0.1:PORT/tradewind?user=tradewind}. */
    public synchronized String jdbcUrl() {
        return "jdbc:postgresql://127.0.0.1:" + port + "/" + DATABASE + "?user=" + USER;
    }

    public synchronized int port() {
        return port;
    }

    /** The process id of the Postgres server itself; of the last one, if it is not running. */
    public synchronized long pid() {
        return process.pid();
    }

    /** What the server calls itself, such as {@code 17.6}. */
    public synchronized String version() {
        return version;
    }

    public synchronized boolean isAlive() {
        return process.isAlive();
    }

    /** PGDATA, symbolic links resolved. */
    public Path clusterDir() {
        return cluster.directory();
    }

    /**
     * Creates an empty database.
     *
     * @param name lower-case letters, digits and underscores
     * @return its address, see {@link #uri(String)}
     */
    public synchronized String createDatabase(String name) {
        if (!name.matches("[a-z_][a-z0-9_]{0,62}")) {
            throw new IllegalArgumentException(
                    "database name '" + name + "' has to be 1 to 63 lower-case letters, digits and underscores");
        }
        try (PostgresWire wire = PostgresWire.connect(port, USER, DATABASE, COMMAND_TIMEOUT)) {
            wire.query("CREATE DATABASE " + name);
            return uri(name);
        } catch (IOException e) {
            throw new EmbeddedServerException("Database " + name + " cannot be created: " + e.getMessage(), e);
        }
    }

    /** Ends the sessions, lets Postgres write a checkpoint and exit; kills it if it has not within 30 s. */
    public synchronized void stop() {
        if (process.isAlive()) {
            process.stop();
            LOG.info("Postgres on port {} stopped", port);
        }
    }

    /** SIGKILL, for tests of what survives it. Its sessions end by themselves soon after. */
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
