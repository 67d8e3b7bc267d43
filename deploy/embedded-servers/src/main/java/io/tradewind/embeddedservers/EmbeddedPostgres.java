package io.tradewind.embeddedservers;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A real Postgres, see {@link EmbeddedServer}, with a database and a superuser named {@code tradewind} who needs no password from
 * this machine. After {@link #kill} its sessions end by themselves soon.
 *
 * <p>The data directory holds {@code cluster/} (what Postgres calls PGDATA, created at the first start) and {@code postgres.log}. As root
 * it runs as somebody else, see {@link RunAs}.
 */
public final class EmbeddedPostgres extends EmbeddedServer {
    static final String USER = "tradewind";
    static final String DATABASE = "tradewind";

    /** Postgres's "fast" shutdown: ends the sessions, writes a checkpoint, exits. TERM would wait for every client to leave. */
    private static final String STOP_SIGNAL = "INT";
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
    private Deadline orphans;

    private EmbeddedPostgres(Options options, PostgresCluster cluster, ServerLog log) {
        super("Postgres", STOP_SIGNAL, log, options.port());
        this.options = options;
        this.cluster = cluster;
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

    @Override
    void prepare() {
        // Before anything touches the files, be it only their owner.
        StaleServer.stop("Postgres", cluster.pidFile(), "postgres", cluster.directory(), STOP_SIGNAL);
        cluster.ensure(options.syncOnCreate());
        cluster.forgetReusedPid();
        orphans = Deadline.in(ORPHANED_SESSIONS_DEADLINE);
    }

    @Override
    List<String> command(int onPort) {
        List<String> command = new ArrayList<>();
        command.add(cluster.program().toString());
        command.addAll(List.of("-D", cluster.directory().toString()));
        command.addAll(PostgresSettings.arguments(onPort, options.settings()));
        return cluster.runAs().command(command);
    }

    @Override
    String awaitReady(Supervised launched, int onPort, ServerLog said) {
        return PostgresReadiness.await(launched, cluster, onPort, said);
    }

    @Override
    boolean mayStartSoon(String said) {
        return said.contains("pre-existing shared memory block") && !orphans.passed();
    }

    @Override
    String describe() {
        return "pid " + pid();
    }

    @Override
    Path folder() {
        return cluster.directory();
    }

    /** {@code postgresql://tradewind@127.0.0.1:PORT/tradewind}, as psql and the Vert.x client understand it. */
    @Override
    public String uri() {
        return uri(DATABASE);
    }

    /** The same for another database of this server. */
    public String uri(String database) {
        return "postgresql://" + USER + "@127.0.0.1:" + port() + "/" + database;
    }

    /** {@code jdbc:postgresql://127.0.0.1:PORT/tradewind?user=tradewind}. */
    public String jdbcUrl() {
        return "jdbc:postgresql://127.0.0.1:" + port() + "/" + DATABASE + "?user=" + USER;
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
        try (PostgresWire wire = PostgresWire.connect(port(), USER, DATABASE, COMMAND_TIMEOUT)) {
            wire.query("CREATE DATABASE " + name);
            return uri(name);
        } catch (IOException e) {
            throw new EmbeddedServerException("Database " + name + " cannot be created: " + e.getMessage(), e);
        }
    }
}
