package io.tradewind.embeddedservers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(300)
class EmbeddedPostgresIT {
    @TempDir
    Path directory;

    @BeforeEach
    void letOthersIn() throws Exception {
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx--x--x"));
    }

    private EmbeddedPostgres.Options options() {
        return EmbeddedPostgres.Options.in(directory.resolve("data")).withSyncOnCreate(false);
    }

    private static void execute(EmbeddedPostgres postgres, String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(postgres.jdbcUrl());
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static String query(EmbeddedPostgres postgres, String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(postgres.jdbcUrl());
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            assertTrue(rows.next(), sql);
            return rows.getString(1);
        }
    }

    @Test
    void shouldFindItsTablesAtTheSecondStart() throws Exception {
        EmbeddedPostgres.Options durable = EmbeddedPostgres.Options.in(directory.resolve("data with spaces"));
        try (EmbeddedPostgres postgres = EmbeddedPostgres.start(durable)) {
            execute(postgres, "CREATE TABLE t AS SELECT g AS n FROM generate_series(1, 1000) g");
        }
        try (EmbeddedPostgres postgres = EmbeddedPostgres.start(durable)) {
            assertEquals("1000", query(postgres, "SELECT count(*) FROM t"));
            assertEquals("postgresql://tradewind@127.0.0.1:" + postgres.port() + "/tradewind", postgres.uri());
        }
    }

    @Test
    void shouldBeDurableAndListenOnLoopbackOnly() throws Exception {
        EmbeddedPostgres.Options options = options().withSetting("work_mem", "5MB");
        try (EmbeddedPostgres postgres = EmbeddedPostgres.start(options)) {
            assertEquals("on", query(postgres, "SHOW fsync"));
            assertEquals("on", query(postgres, "SHOW synchronous_commit"));
            assertEquals("127.0.0.1", query(postgres, "SHOW listen_addresses"));
            assertEquals("UTF8", query(postgres, "SHOW server_encoding"));
            assertEquals("C", query(postgres, "SELECT datcollate FROM pg_database WHERE datname = 'tradewind'"));
            assertEquals("5MB", query(postgres, "SHOW work_mem"));
            assertEquals("tradewind", query(postgres, "SELECT current_user"));
            assertEquals(postgres.version(), query(postgres, "SHOW server_version"));
        }
    }

    @Test
    void shouldKeepWhatItCommittedWhenKilledUnderAnOpenSession() throws Exception {
        try (EmbeddedPostgres postgres = EmbeddedPostgres.start(options())) {
            execute(postgres, "CREATE TABLE t (n int)");
            try (Connection open = DriverManager.getConnection(postgres.jdbcUrl());
                    Statement statement = open.createStatement()) {
                statement.execute("INSERT INTO t VALUES (42)");
                long pid = postgres.pid();
                int port = postgres.port();

                postgres.kill();
                assertFalse(postgres.isAlive());
                postgres.restart();

                assertNotEquals(pid, postgres.pid());
                assertEquals(port, postgres.port());
                assertEquals("42", query(postgres, "SELECT n FROM t"));
            }
        }
    }

    @Test
    void shouldStopAStaleServerOfItsDirectoryFirst() throws Exception {
        EmbeddedPostgres stale = EmbeddedPostgres.start(options());
        execute(stale, "CREATE TABLE t AS SELECT 7 AS n");

        try (EmbeddedPostgres postgres = EmbeddedPostgres.start(options().withPort(stale.port()))) {
            assertFalse(stale.isAlive());
            assertEquals("7", query(postgres, "SELECT n FROM t"));
        } finally {
            stale.stop();
        }
    }

    @Test
    void shouldStartAlthoughAStrangerHasTheNumberOfItsDeadServer() throws Exception {
        EmbeddedPostgres first = EmbeddedPostgres.start(options());
        Path pidFile = first.clusterDir().resolve("postmaster.pid");
        List<String> lines = Files.readAllLines(pidFile, StandardCharsets.US_ASCII);
        first.kill();
        // A machine that has rebooted counts from the beginning; here this very JVM plays the stranger.
        lines.set(0, Long.toString(ProcessHandle.current().pid()));
        Files.write(pidFile, lines, StandardCharsets.US_ASCII);

        try (EmbeddedPostgres second = EmbeddedPostgres.start(options())) {
            assertEquals("1", query(second, "SELECT 1"));
        }
    }

    @Test
    void shouldBeginAnewAfterACrashWithinTheFirstStart() throws Exception {
        Path half = Files.createDirectories(directory.resolve("data/cluster.new/base"));
        Files.writeString(half.resolve("PG_VERSION"), "17");

        try (EmbeddedPostgres postgres = EmbeddedPostgres.start(options())) {
            assertEquals("1", query(postgres, "SELECT 1"));
            assertTrue(Files.notExists(directory.resolve("data/cluster.new")));
        }
    }

    @Test
    void shouldRunAsRootInEitherWayAndMoveBetweenThem() throws Exception {
        assumeTrue(RunAs.isRoot(), "only root needs another way");
        for (RunAs runAs : List.of(RunAs.OWN_NAMESPACE, RunAs.NOBODY_USER, RunAs.OWN_NAMESPACE)) {
            boolean allowed = Commands.run(runAs.command(List.of("true")), "", Duration.ofMinutes(1))
                    .ok();
            assumeTrue(allowed, runAs + " is not allowed here");
            try (EmbeddedPostgres postgres = EmbeddedPostgres.start(options(), runAs)) {
                execute(postgres, "CREATE TABLE IF NOT EXISTS t (n int)");
                execute(postgres, "INSERT INTO t VALUES (1)");
                assertEquals(runAs.owner(), Files.getAttribute(postgres.clusterDir(), "unix:uid"));
            }
        }
        try (EmbeddedPostgres postgres = EmbeddedPostgres.start(options())) {
            assertEquals("3", query(postgres, "SELECT count(*) FROM t"));
        }
    }

    @Test
    void shouldSayThatAnotherUserCannotReachAClosedDirectory() throws Exception {
        assumeTrue(RunAs.isRoot(), "only root runs it as another user");
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
        EmbeddedServerException failure =
                assertThrows(EmbeddedServerException.class, () -> EmbeddedPostgres.start(options(), RunAs.NOBODY_USER)
                        .close());

        assertTrue(failure.getMessage().contains("chmod o+x"), failure.getMessage());
    }

    @Test
    void shouldRefuseADatabaseOfAnotherMajorVersion() throws Exception {
        Path cluster = Files.createDirectories(directory.resolve("data/cluster"));
        Files.writeString(cluster.resolve("PG_VERSION"), "12\n");
        EmbeddedServerException failure =
                assertThrows(EmbeddedServerException.class, () -> EmbeddedPostgres.start(options())
                        .close());

        assertTrue(failure.getMessage().contains("made by Postgres 12"), failure.getMessage());
    }

    @Test
    void shouldQuoteTheLogOfAServerThatDoesNotStart() {
        EmbeddedPostgres.Options options = options().withSetting("shared_buffers", "nonsense");
        EmbeddedServerException failure =
                assertThrows(EmbeddedServerException.class, () -> EmbeddedPostgres.start(options)
                        .close());

        assertTrue(failure.getMessage().contains("nonsense"), failure.getMessage());
    }

    @Test
    void shouldSayInOneSentenceThatTheDirectoryCannotBeWritten() throws Exception {
        Path file = Files.writeString(directory.resolve("file"), "not a directory");
        EmbeddedServerException failure = assertThrows(
                EmbeddedServerException.class,
                () -> EmbeddedPostgres.start(EmbeddedPostgres.Options.in(file)).close());

        assertTrue(failure.getMessage().contains(file + " for Postgres cannot be written"), failure.getMessage());
        assertEquals(1, failure.getMessage().lines().count(), failure.getMessage());
    }
}
