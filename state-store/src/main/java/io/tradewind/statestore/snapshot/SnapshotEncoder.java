package io.tradewind.statestore.snapshot;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import io.tradewind.contracts.state.Entity;
import io.tradewind.contracts.state.EntityKey;
import io.tradewind.contracts.state.Partitions;
import io.tradewind.contracts.wire.WireWriter;
import io.tradewind.statestore.domain.EntityBatch;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32C;

/**
 * Writes one snapshot in {@link SnapshotFormat} to a stream, frame by frame: holds one frame, never the snapshot.
 * Blocking, for one thread at a time. Holds a native compression context, and is closed by whoever made it; the stream
 * is not closed with it. What was written counts only after {@link #finish}.
 */
final class SnapshotEncoder implements AutoCloseable {

    /** The fastest: a snapshot is taken beside the trading, and entities repeat their field names at any level. */
    private static final int LEVEL = 1;

    /** Memory kept from one frame to the next, for each of the two buffers; a larger frame gets its own. */
    private static final int KEEP_BYTES = 4 * SnapshotFormat.FRAME_TARGET_BYTES;

    private final SnapshotInfo info;
    private final OutputStream out;
    private final ZstdCompressCtx compressor = new ZstdCompressCtx().setLevel(LEVEL);
    private final CRC32C check = new CRC32C();
    private final WireWriter body = new WireWriter();
    private byte[] compressed = {};
    private int kind = SnapshotFormat.KIND_ENTITIES;
    private int count;
    private int itemFrom;
    private long entities;
    private long transactions;
    private String checkedKey;

    /** Writes the header. */
    SnapshotEncoder(SnapshotInfo info, OutputStream out) throws IOException {
        this.info = info;
        this.out = out;
        Partitions.check(info.partition());
        if (info.version() < 0 || info.timeMs() < 0) {
            throw new IllegalArgumentException(
                    "snapshot of version " + info.version() + " at " + info.timeMs() + ": must be from 0");
        }
        try {
            writeHeader();
        } catch (IOException | RuntimeException e) {
            close();
            throw e;
        }
    }

    private void writeHeader() throws IOException {
        WireWriter header = new WireWriter();
        header.writeVarint(info.partition()).writeVarint(info.version()).writeVarint(info.timeMs());
        header.writeList(List.copyOf(new TreeMap<>(info.schemas()).entrySet()), SnapshotEncoder::writeSchema);
        if (header.length() > SnapshotFormat.MAX_HEADER_BYTES) {
            throw new IllegalArgumentException(
                    "schema versions of " + info.schemas().size() + " domains take " + header.length()
                            + " bytes: must be at most " + SnapshotFormat.MAX_HEADER_BYTES);
        }
        write(SnapshotFormat.MAGIC, SnapshotFormat.MAGIC.length);
        ByteBuffer head = ByteBuffer.allocate(1 + Integer.BYTES);
        head.put((byte) SnapshotFormat.FORMAT).putInt(header.length());
        write(head.array(), head.capacity());
        write(header.buffer(), header.length());
        writeCheck();
    }

    private static void writeSchema(WireWriter out, Map.Entry<String, Integer> schema) {
        if (schema.getValue() < 1) {
            throw new IllegalArgumentException(
                    "schema version " + schema.getValue() + " of domain " + schema.getKey() + ": must be from 1");
        }
        out.writeText(schema.getKey()).writeVarint(schema.getValue());
    }

    /**
     * @throws IllegalArgumentException when an entity is of another partition, of a later version, or too large; the
     *     snapshot cannot be finished then
     */
    void entities(EntityBatch batch) throws IOException {
        try {
            batch.forEach(this::entity);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private void entity(Entity entity) {
        EntityKey key = entity.key();
        // Entities of one key come together, and hashing each one anew would cost more than writing it.
        if (!key.partitionKey().equals(checkedKey)) {
            require(key.partition() == info.partition(), key, "of partition " + key.partition());
            checkedKey = key.partitionKey();
        }
        require(entity.version() >= 1 && entity.version() <= info.version(), key, "of version " + entity.version());
        require(entity.timeMs() >= 0, key, "of time " + entity.timeMs());
        try {
            begin(SnapshotFormat.KIND_ENTITIES);
            body.writeText(key.domain())
                    .writeText(key.partitionKey())
                    .writeText(key.id())
                    .writeVarint(entity.version())
                    .writeVarint(entity.timeMs())
                    .writeBytes(entity.json().bytes());
            end(key);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        entities++;
    }

    /** Oldest first. */
    void transactions(List<String> ids, long[] versions) throws IOException {
        if (ids.size() != versions.length) {
            throw new IllegalArgumentException(ids.size() + " transaction ids with " + versions.length + " versions");
        }
        int i = 0;
        for (String id : ids) {
            long version = versions[i++];
            require(id != null && version >= 1 && version <= info.version(), id, "of version " + version);
            begin(SnapshotFormat.KIND_TRANSACTIONS);
            body.writeText(id).writeVarint(version);
            end(id);
            transactions++;
        }
    }

    private void require(boolean fine, Object what, String found) {
        if (!fine) {
            throw new IllegalArgumentException(what + " " + found + " does not belong into a snapshot of partition "
                    + info.partition() + " at version " + info.version());
        }
    }

    private void begin(int itemKind) throws IOException {
        if (itemKind != kind) {
            flush();
        }
        kind = itemKind;
        itemFrom = body.length();
    }

    private void end(Object what) throws IOException {
        int bytes = body.length() - itemFrom;
        if (bytes > SnapshotFormat.MAX_ITEM_BYTES) {
            throw new IllegalArgumentException(
                    what + " takes " + bytes + " bytes: must be at most " + SnapshotFormat.MAX_ITEM_BYTES);
        }
        count++;
        if (body.length() >= SnapshotFormat.FRAME_TARGET_BYTES) {
            flush();
        }
    }

    private void flush() throws IOException {
        if (count == 0) {
            return;
        }
        int room = Math.toIntExact(Zstd.compressBound(body.length()));
        if (compressed.length < room || compressed.length > KEEP_BYTES) {
            compressed = new byte[room];
        }
        int stored = compressor.compressByteArray(compressed, 0, compressed.length, body.buffer(), 0, body.length());
        ByteBuffer head = ByteBuffer.allocate(SnapshotFormat.FRAME_HEAD_BYTES);
        head.put((byte) kind).putInt(count).putInt(body.length()).putInt(stored);
        write(head.array(), head.capacity());
        write(compressed, stored);
        writeCheck();
        body.reset(KEEP_BYTES);
        count = 0;
    }

    /** Writes what is left and the end; only now the snapshot is whole. */
    void finish() throws IOException {
        flush();
        ByteBuffer end = ByteBuffer.allocate(1 + SnapshotFormat.END_BYTES);
        end.put((byte) SnapshotFormat.KIND_END).putLong(entities).putLong(transactions);
        write(end.array(), end.capacity());
        writeCheck();
    }

    private void write(byte[] bytes, int length) throws IOException {
        check.update(bytes, 0, length);
        out.write(bytes, 0, length);
    }

    private void writeCheck() throws IOException {
        out.write(ByteBuffer.allocate(Integer.BYTES)
                .putInt((int) check.getValue())
                .array());
    }

    @Override
    public void close() {
        compressor.close();
    }
}
