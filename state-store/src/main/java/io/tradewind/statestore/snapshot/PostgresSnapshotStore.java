package io.tradewind.statestore.snapshot;

import io.tradewind.contracts.state.Partitions;
import io.tradewind.servicekit.config.PostgresConfig;
import io.tradewind.statestore.domain.EntityBatch;
import io.tradewind.statestore.domain.SnapshotSink;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Snapshots as rows of Postgres, for members of a cluster that share no disk; the tables are in
 * {@code resources/sql/snapshots.sql}. A snapshot is first written to a file of this member, so that no transaction of
 * the database is open while a partition is being copied, and then goes up in pieces of {@link #CHUNK_BYTES}, in one
 * transaction: readers see it as a whole or not at all, and a member that dies leaves nothing.
 *
 * <p>One connection, used in turn by all threads; a read takes its turn piece by piece. Postgres does not have to be
 * there when the store is made. Any thread.
 */
public final class PostgresSnapshotStore implements SnapshotStore {

    /** Bytes of one row. */
    public static final int CHUNK_BYTES = 1024 * 1024;

    /** Damaged snapshots kept per partition, the latest ones. */
    public static final int MAX_SET_ASIDE = DirectorySnapshotStore.MAX_SET_ASIDE;

    private static final String LIST = """
            SELECT id, version, bytes FROM state_snapshots
            WHERE partition = ? AND set_aside_at IS NULL
            ORDER BY version DESC, id""";
    private static final String EXISTS = "SELECT 1 FROM state_snapshots WHERE id = ?";
    private static final String INSERT =
            "INSERT INTO state_snapshots (id, partition, version, bytes, chunks) VALUES (?, ?, ?, ?, ?)";
    private static final String INSERT_CHUNK =
            "INSERT INTO state_snapshot_chunks (snapshot, number, body) VALUES (?, ?, ?)";
    // Whatever a row holds, not much more than a piece of it is fetched: enough to be found wrong.
    private static final String READ_CHUNK = """
            SELECT substring(c.body FROM 1 FOR ?)
            FROM state_snapshots s LEFT JOIN state_snapshot_chunks c ON c.snapshot = s.id AND c.number = ?
            WHERE s.id = ?""";
    private static final String SET_ASIDE =
            "UPDATE state_snapshots SET set_aside_at = now(), set_aside_reason = ? WHERE id = ?";
    private static final String DELETE_OLD_DAMAGE = """
            DELETE FROM state_snapshots WHERE id IN (
              SELECT id FROM state_snapshots WHERE partition = ? AND set_aside_at IS NOT NULL
              ORDER BY version DESC, id OFFSET ?)""";
    private static final String DELETE = "DELETE FROM state_snapshots WHERE id = ?";

    private static final Pattern SPOOLED = Pattern.compile("[0-9a-f-]{36}(\\.tmp)?");

    private final PostgresLink link;
    private final Path spool;
    private final Supplier<UUID> ids;

    private PostgresSnapshotStore(PostgresLink link, Path spool, Supplier<UUID> ids) {
        this.link = link;
        this.spool = spool;
        this.ids = ids;
    }

    /**
     * @param spool a directory of this process alone, with room for the snapshots being written at the same time;
     *     what is left in it from earlier is deleted
     * @param ids names for new snapshots, none given twice by any member
     */
    public static PostgresSnapshotStore open(PostgresConfig config, Path spool, Supplier<UUID> ids) throws IOException {
        DirectorySnapshotStore.makeDurably(spool.toAbsolutePath());
        try (Stream<Path> left = Files.list(spool)) {
            for (Path file : left.toList()) {
                if (SPOOLED.matcher(file.getFileName().toString()).matches()) {
                    Files.deleteIfExists(file);
                }
            }
        }
        return new PostgresSnapshotStore(new PostgresLink(config), spool.toAbsolutePath(), ids);
    }

    @Override
    public List<SnapshotId> list(int partition) throws IOException {
        Partitions.check(partition);
        return link.inTransaction("list of the snapshots of partition " + partition, connection -> {
            try (PreparedStatement statement = connection.prepareStatement(LIST)) {
                statement.setInt(1, partition);
                List<SnapshotId> found = new ArrayList<>();
                try (ResultSet rows = statement.executeQuery()) {
                    while (rows.next()) {
                        found.add(new SnapshotId(partition, rows.getLong(2), rows.getString(1), rows.getLong(3)));
                    }
                }
                return found;
            }
        });
    }

    @Override
    public SnapshotWriter create(SnapshotInfo info) throws IOException {
        return new Upload(info, ids.get());
    }

    /** Writes the file, then the rows. */
    private final class Upload implements SnapshotWriter {

        private final UUID id;
        private final Path file;
        private final FileSnapshotWriter writer;

        Upload(SnapshotInfo info, UUID id) throws IOException {
            this.id = id;
            this.file = spool.resolve(id.toString());
            this.writer = new FileSnapshotWriter(info, spool.resolve(id + ".tmp"), file);
        }

        @Override
        public void writeEntities(EntityBatch batch) throws IOException {
            writer.writeEntities(batch);
        }

        @Override
        public void writeTransactions(List<String> transactions, long[] versions) throws IOException {
            writer.writeTransactions(transactions, versions);
        }

        @Override
        public SnapshotId complete() throws IOException {
            SnapshotId written = writer.complete();
            String what = "snapshot of partition " + written.partition() + " at version " + written.version();
            return link.inTransaction(what, connection -> {
                // The first try may have committed before its connection died.
                if (!exists(connection, id)) {
                    insert(connection, id, written, file);
                }
                return written;
            });
        }

        @Override
        public void close() throws IOException {
            try {
                writer.close();
            } finally {
                Files.deleteIfExists(file);
            }
        }
    }

    private static boolean exists(Connection connection, UUID id) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(EXISTS)) {
            statement.setObject(1, id);
            try (ResultSet rows = statement.executeQuery()) {
                return rows.next();
            }
        }
    }

    private static void insert(Connection connection, UUID id, SnapshotId written, Path file)
            throws SQLException, IOException {
        try (PreparedStatement head = connection.prepareStatement(INSERT);
                PreparedStatement chunk = connection.prepareStatement(INSERT_CHUNK);
                InputStream in = Files.newInputStream(file)) {
            head.setObject(1, id);
            head.setInt(2, written.partition());
            head.setLong(3, written.version());
            head.setLong(4, written.bytes());
            head.setInt(5, Math.toIntExact((written.bytes() + CHUNK_BYTES - 1) / CHUNK_BYTES));
            head.executeUpdate();
            byte[] body = in.readNBytes(CHUNK_BYTES);
            for (int number = 0; body.length > 0; number++) {
                chunk.setObject(1, id);
                chunk.setInt(2, number);
                chunk.setBytes(3, body);
                chunk.executeUpdate();
                body = in.readNBytes(CHUNK_BYTES);
            }
        }
    }

    @Override
    public SnapshotInfo read(SnapshotId id, SnapshotSink sink) throws IOException, DamagedSnapshotException {
        UUID key = UUID.fromString(id.name());
        SourceStream source = new SourceStream(new ChunkStream(number -> readChunk(key, number)));
        try (SnapshotDecoder decoder = new SnapshotDecoder(id, source, sink)) {
            return decoder.read();
        }
    }

    /** @return {@code null} behind the last one */
    private byte[] readChunk(UUID id, int number) throws IOException {
        return link.inTransaction("snapshot " + id, connection -> {
            try (PreparedStatement statement = connection.prepareStatement(READ_CHUNK)) {
                statement.setInt(1, CHUNK_BYTES + 1);
                statement.setInt(2, number);
                statement.setObject(3, id);
                try (ResultSet rows = statement.executeQuery()) {
                    if (!rows.next()) {
                        throw new IOException("snapshot " + id + " is not there; it was deleted meanwhile");
                    }
                    return rows.getBytes(1);
                }
            }
        });
    }

    @Override
    public void setAside(SnapshotId id, String reason) throws IOException {
        link.inTransaction("setting snapshot " + id.name() + " aside", connection -> {
            try (PreparedStatement update = connection.prepareStatement(SET_ASIDE);
                    PreparedStatement delete = connection.prepareStatement(DELETE_OLD_DAMAGE)) {
                update.setString(1, reason);
                update.setObject(2, UUID.fromString(id.name()));
                update.executeUpdate();
                delete.setInt(1, id.partition());
                delete.setInt(2, MAX_SET_ASIDE);
                delete.executeUpdate();
                return null;
            }
        });
    }

    @Override
    public void delete(SnapshotId id) throws IOException {
        link.inTransaction("deleting snapshot " + id.name(), connection -> {
            try (PreparedStatement statement = connection.prepareStatement(DELETE)) {
                statement.setObject(1, UUID.fromString(id.name()));
                return statement.executeUpdate();
            }
        });
    }

    @Override
    public void close() {
        link.close();
    }

    /** Fetches a piece. */
    @FunctionalInterface
    private interface Chunks {
        /** @return {@code null} behind the last one */
        byte[] read(int number) throws IOException;
    }

    /** The pieces as one stream; holds one of them. */
    private static final class ChunkStream extends InputStream {

        private final Chunks chunks;
        private byte[] chunk = {};
        private int next;
        private int number;

        ChunkStream(Chunks chunks) {
            this.chunks = chunks;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            while (chunk != null && next == chunk.length) {
                chunk = chunks.read(number++);
                next = 0;
            }
            if (chunk == null) {
                return -1;
            }
            int read = Math.min(length, chunk.length - next);
            System.arraycopy(chunk, next, bytes, offset, read);
            next += read;
            return read;
        }
    }
}
