package io.tradewind.statestore.snapshot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tradewind.embeddedservers.SharedServers;
import io.tradewind.servicekit.config.PostgresConfig;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The same contract, in a real Postgres. */
@Timeout(120)
class PostgresSnapshotStoreIT extends SnapshotStoreContract {

    @TempDir
    Path spool;

    private String uri;
    private PostgresSnapshotStore store;

    @BeforeEach
    void open() throws IOException {
        uri = SharedServers.freshDatabase();
        store = openStore();
    }

    @AfterEach
    void close() throws IOException {
        store.close();
        try (Stream<Path> left = Files.list(spool)) {
            assertEquals(List.of(), left.toList(), "nothing stays in the spool directory");
        }
    }

    private PostgresSnapshotStore openStore() throws IOException {
        PostgresConfig config = new PostgresConfig(uri, null, null, null, null, Duration.ofSeconds(30), null, null);
        return PostgresSnapshotStore.open(config, spool, UUID::randomUUID);
    }

    @Override
    SnapshotStore store() {
        return store;
    }

    private List<String> sql(String sql) throws SQLException {
        URI address = URI.create(uri);
        String[] user = address.getUserInfo() == null
                ? new String[] {"tradewind", ""}
                : (address.getUserInfo() + ":").split(":", -1);
        String url = "jdbc:postgresql://" + address.getHost() + ":" + address.getPort() + address.getPath();
        try (Connection connection = DriverManager.getConnection(url, user[0], user[1]);
                Statement statement = connection.createStatement()) {
            List<String> found = new ArrayList<>();
            if (statement.execute(sql)) {
                try (ResultSet rows = statement.getResultSet()) {
                    while (rows.next()) {
                        found.add(rows.getString(1));
                    }
                }
            }
            return found;
        }
    }

    @Test
    void shouldKeepSnapshotsInRowsOfBoundedSize() throws Exception {
        State large = at(9, 120_000);
        SnapshotId id = write(store, large);
        assertTrue(id.bytes() > 2L * PostgresSnapshotStore.CHUNK_BYTES, id + " must take several rows");
        long chunks = (id.bytes() + PostgresSnapshotStore.CHUNK_BYTES - 1) / PostgresSnapshotStore.CHUNK_BYTES;
        assertEquals(List.of(Long.toString(chunks)), sql("SELECT count(*) FROM state_snapshot_chunks"));
        assertEquals(
                List.of(Integer.toString(PostgresSnapshotStore.CHUNK_BYTES)),
                sql("SELECT max(octet_length(body)) FROM state_snapshot_chunks"));
        assertEquals(large, State.read(store, id));
        store.delete(id);
        assertEquals(List.of("0"), sql("SELECT count(*) FROM state_snapshot_chunks"));
    }

    @Test
    void shouldFindDamagedRows() throws Exception {
        SnapshotId id = write(store, at(9, 120_000));
        List<String> damages = List.of(
                "UPDATE state_snapshot_chunks SET body = set_byte(body, 500, 255 - get_byte(body, 500)) WHERE number = 1",
                "DELETE FROM state_snapshot_chunks WHERE number = 1",
                "UPDATE state_snapshot_chunks SET body = body || '\\x00' WHERE number = 0",
                "UPDATE state_snapshot_chunks SET body = '' WHERE number = 0",
                "DELETE FROM state_snapshot_chunks");
        for (String damage : damages) {
            sql(damage);
            assertThrows(DamagedSnapshotException.class, () -> State.read(store, id), damage);
        }
        store.setAside(id, "its rows are gone");
        assertEquals(List.of("its rows are gone"), sql("SELECT set_aside_reason FROM state_snapshots"));
        assertEquals(List.of(), store.list(State.PARTITION));
    }

    @Test
    void shouldKeepOnlyTheLatestOfTheDamaged() throws Exception {
        for (long version = 1; version <= PostgresSnapshotStore.MAX_SET_ASIDE + 5L; version++) {
            store.setAside(write(store, at(version, 1)), "damaged");
        }
        assertEquals(List.of("10"), sql("SELECT count(*) FROM state_snapshots"));
        assertEquals(List.of("6"), sql("SELECT min(version) FROM state_snapshots"));
    }

    @Test
    void shouldConnectAgainAfterItsConnectionDied() throws Exception {
        State first = at(1, 100);
        SnapshotId id = write(store, first);
        for (int round = 0; round < 3; round++) {
            endConnections();
            assertEquals(first, State.read(store, id));
            endConnections();
            assertEquals(1 + round, store.list(State.PARTITION).size());
            State next = at(2 + round, 100);
            try (SnapshotWriter writer = store.create(next.info())) {
                next.writeTo(writer);
                endConnections();
                assertEquals(next, State.read(store, writer.complete()));
            }
        }
    }

    private void endConnections() throws SQLException {
        sql("SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity"
                + " WHERE datname = current_database() AND pid <> pg_backend_pid()");
    }

    @Test
    void shouldUseOneConnectionInReadCommittedTurns() throws Exception {
        shouldServeSeveralThreads();
        assertEquals(
                List.of("1"),
                sql("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'tradewind-state-snapshots'"
                        + " AND datname = current_database()"));
    }

    @Test
    void shouldShareTheTablesBetweenMembersThatStartTogether() throws Exception {
        ExecutorService members = Executors.newFixedThreadPool(8);
        try {
            List<Future<List<SnapshotId>>> started = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                Path own = Files.createTempDirectory(spool.getParent(), "member");
                started.add(members.submit(() -> {
                    PostgresConfig config =
                            new PostgresConfig(uri, null, null, null, null, Duration.ofSeconds(30), null, null);
                    try (PostgresSnapshotStore member = PostgresSnapshotStore.open(config, own, UUID::randomUUID)) {
                        return member.list(State.PARTITION);
                    }
                }));
            }
            for (Future<List<SnapshotId>> one : started) {
                assertEquals(List.of(), one.get(60, TimeUnit.SECONDS));
            }
        } finally {
            members.shutdownNow();
        }
        SnapshotId id = write(store, at(5, 5));
        Path own = Files.createTempDirectory(spool.getParent(), "other");
        PostgresConfig config = new PostgresConfig(uri, null, null, null, null, Duration.ofSeconds(30), null, null);
        try (PostgresSnapshotStore other = PostgresSnapshotStore.open(config, own, UUID::randomUUID)) {
            assertEquals(
                    List.of(id),
                    other.list(State.PARTITION).stream()
                            .map(found -> new SnapshotId(id.partition(), found.version(), found.name(), found.bytes()))
                            .toList());
            assertEquals(at(5, 5), State.read(other, id));
        }
    }

    @Test
    void shouldSayWhenPostgresIsNotThere() throws Exception {
        PostgresConfig nowhere = new PostgresConfig(
                "postgresql://127.0.0.1:1/none", null, null, null, Duration.ofSeconds(1), null, null, null);
        try (PostgresSnapshotStore away = PostgresSnapshotStore.open(nowhere, spool, UUID::randomUUID)) {
            String message = assertThrows(IOException.class, () -> away.list(State.PARTITION))
                    .getMessage();
            assertTrue(message.startsWith("list of the snapshots of partition 3: Postgres at 127.0.0.1:1/none says: "));
            try (SnapshotWriter writer = away.create(at(1, 1).info())) {
                assertThrows(IOException.class, writer::complete);
            }
        }
    }

    @Test
    void shouldExplainItsTables() throws Exception {
        store.list(State.PARTITION);
        assertEquals(
                List.of("state_snapshot_chunks", "state_snapshots"),
                sql("SELECT relname FROM pg_class WHERE relname LIKE 'state_snapshot%' AND relkind = 'r'"
                        + " AND obj_description(oid) IS NOT NULL ORDER BY 1"));
    }

    @Test
    void shouldEmptyItsSpoolDirectoryWhenItIsOpened() throws Exception {
        SnapshotWriter writer = store.create(at(6, 10).info());
        // A crash: the writer is never closed.
        Files.writeString(spool.resolve(UUID.randomUUID().toString()), "written, not yet sent");
        openStore().close();
        try (Stream<Path> left = Files.list(spool)) {
            assertEquals(List.of(), left.toList());
        }
        writer.close();
    }
}
