package io.tradewind.statestore.snapshot;

import io.tradewind.servicekit.config.PostgresConfig;
import io.tradewind.servicekit.postgres.PostgresAddress;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection to Postgres over JDBC, used in turn: opened when it is first needed, and again after it died. Each
 * piece of work is one transaction. Blocking, any thread; closed by the store.
 */
final class PostgresLink implements AutoCloseable {

    /** How long a piece of work waits for those of other partitions before it. */
    private static final Duration MAX_WAIT = Duration.ofMinutes(2);

    /** The second try is on a new connection; what fails there is not cured by a third. */
    private static final int MAX_TRIES = 2;

    /** Asking an idle connection whether it lives. */
    private static final int VALID_SECONDS = 2;

    /** Two members that make the tables at the same time would fail each other: they take turns by this. */
    private static final long SCHEMA_LOCK = 0x7477_736E_6170L;

    private static final String SCHEMA = "/sql/snapshots.sql";

    private static final Logger LOG = LoggerFactory.getLogger(PostgresLink.class);

    /** What is done in one transaction. */
    @FunctionalInterface
    interface Work<T> {
        T run(Connection connection) throws SQLException, IOException;
    }

    private final PostgresAddress address;
    private final Properties properties = new Properties();
    private final ReentrantLock turn = new ReentrantLock(true);
    private Connection connection;
    private boolean closed;

    PostgresLink(PostgresConfig config) {
        address = PostgresAddress.of(config);
        properties.setProperty("user", address.user());
        properties.setProperty("password", address.password());
        properties.setProperty("connectTimeout", seconds(config.connectTimeout()));
        properties.setProperty("loginTimeout", seconds(config.connectTimeout()));
        properties.setProperty("socketTimeout", seconds(config.commandTimeout()));
        properties.setProperty("tcpKeepAlive", "true");
        properties.setProperty("ApplicationName", "tradewind-state-snapshots");
    }

    private static String seconds(Duration duration) {
        return Long.toString(Math.max(1, duration.toSeconds()));
    }

    /**
     * Runs {@code work} in a transaction of its own. When the connection dies under it, it is run once more on a new
     * one, also when its commit may have happened: it must be such that this does no harm.
     */
    <T> T inTransaction(String what, Work<T> work) throws IOException {
        takeTurn(what);
        try {
            for (int attempt = 1; ; attempt++) {
                try {
                    return runOnce(work);
                } catch (SQLException e) {
                    boolean died = dropIfDead();
                    if (!died || attempt == MAX_TRIES || closed) {
                        throw new IOException(
                                what + ": Postgres at " + address + " says: " + e.getMessage() + " (SQL state "
                                        + e.getSQLState() + ")",
                                e);
                    }
                    LOG.info("{}: connection to Postgres lost, trying once more: {}", what, e.getMessage());
                }
            }
        } finally {
            turn.unlock();
        }
    }

    private void takeTurn(String what) throws IOException {
        try {
            if (!turn.tryLock(MAX_WAIT.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IOException(what + ": the connection to Postgres at " + address + " was busy for "
                        + MAX_WAIT.toSeconds() + " s; try again later");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(what + ": interrupted while waiting for Postgres", e);
        }
    }

    private <T> T runOnce(Work<T> work) throws SQLException, IOException {
        Connection open = connected();
        boolean committed = false;
        try {
            T result = work.run(open);
            open.commit();
            committed = true;
            return result;
        } finally {
            if (!committed) {
                rollback(open);
            }
        }
    }

    private static void rollback(Connection open) {
        try {
            open.rollback();
        } catch (SQLException e) {
            LOG.debug("rollback: {}", e.getMessage());
        }
    }

    private Connection connected() throws SQLException, IOException {
        if (closed) {
            throw new IOException("the snapshot store was closed");
        }
        if (connection == null) {
            Connection opened = DriverManager.getConnection(address.jdbcUrl(), properties);
            boolean ready = false;
            try {
                opened.setAutoCommit(false);
                makeTables(opened);
                ready = true;
            } finally {
                if (!ready) {
                    opened.close();
                }
            }
            connection = opened;
        }
        return connection;
    }

    /** @return whether there is none now */
    private boolean dropIfDead() {
        if (connection == null) {
            return true;
        }
        try {
            if (connection.isValid(VALID_SECONDS)) {
                return false;
            }
            connection.close();
        } catch (SQLException e) {
            LOG.debug("closing a dead connection: {}", e.getMessage());
        }
        connection = null;
        return true;
    }

    private static void makeTables(Connection connection) throws SQLException, IOException {
        try (Statement statement = connection.createStatement()) {
            if (!exist(statement)) {
                statement.execute("SELECT pg_advisory_xact_lock(" + SCHEMA_LOCK + ")");
                if (!exist(statement)) {
                    statement.execute(schema());
                }
            }
        }
        connection.commit();
    }

    private static boolean exist(Statement statement) throws SQLException {
        try (ResultSet found = statement.executeQuery("SELECT to_regclass('state_snapshot_chunks') IS NOT NULL")) {
            return found.next() && found.getBoolean(1);
        }
    }

    private static String schema() throws IOException {
        try (InputStream in = PostgresLink.class.getResourceAsStream(SCHEMA)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** Waits for the work under way. */
    @Override
    public void close() {
        turn.lock();
        try {
            closed = true;
            if (connection != null) {
                connection.close();
            }
        } catch (SQLException e) {
            LOG.debug("closing the connection: {}", e.getMessage());
        } finally {
            connection = null;
            turn.unlock();
        }
    }
}
