package io.tradewind.statestore.snapshot;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;
import io.tradewind.contracts.Json;
import io.tradewind.contracts.state.Entity;
import io.tradewind.contracts.state.EntityKey;
import io.tradewind.contracts.wire.WireFormatException;
import io.tradewind.contracts.wire.WireReader;
import io.tradewind.statestore.domain.SnapshotSink;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.zip.CRC32C;

/**
 * Reads one snapshot in {@link SnapshotFormat} and believes nothing: each length is checked against its bound, memory
 * follows what is really there, each check is compared before its frame is decompressed, and a frame is decompressed
 * into no more than it promised. Holds one frame, at most {@link SnapshotFormat#MAX_STORED_BYTES} and
 * {@link SnapshotFormat#MAX_FRAME_BYTES}.
 *
 * <p>Blocking, for one thread, for one snapshot. Holds a native decompression context, and is closed by its maker.
 */
final class SnapshotDecoder implements AutoCloseable {

    private static final int INITIAL_BYTES = 64 * 1024;

    private final SnapshotId expected;
    private final SourceStream in;
    private final SnapshotSink sink;
    private final ZstdDecompressCtx decompressor = new ZstdDecompressCtx();
    private final CRC32C check = new CRC32C();
    private byte[] stored = new byte[INITIAL_BYTES];
    private byte[] body = {};
    private long entities;
    private long transactions;
    private String lastDomain = "";
    private String lastKey = "";

    SnapshotDecoder(SnapshotId expected, SourceStream in, SnapshotSink sink) {
        this.expected = expected;
        this.in = in;
        this.sink = sink;
    }

    /**
     * @throws DamagedSnapshotException whatever is wrong with the bytes
     * @throws IOException as the source threw it
     */
    SnapshotInfo read() throws IOException, DamagedSnapshotException {
        try {
            SnapshotInfo head = readHeader();
            sink.schemas(head.schemas());
            int kind = readKind();
            while (kind != SnapshotFormat.KIND_END) {
                readFrame(kind);
                kind = readKind();
            }
            readEnd();
            return new SnapshotInfo(head.partition(), head.version(), head.timeMs(), entities, head.schemas());
        } catch (SourceStream.Failure e) {
            throw e.getCause();
        }
    }

    // ------------------------------------------------------------------ header

    private SnapshotInfo readHeader() throws IOException, DamagedSnapshotException {
        int magic = fillAtMost(SnapshotFormat.MAGIC.length);
        if (magic == 0) {
            throw damaged("is empty");
        }
        if (!Arrays.equals(stored, 0, magic, SnapshotFormat.MAGIC, 0, magic)) {
            throw damaged("is no snapshot: it begins with " + HexFormat.of().formatHex(stored, 0, magic));
        }
        if (magic < SnapshotFormat.MAGIC.length) {
            throw truncated("in its header");
        }
        ByteBuffer head = fill(1 + Integer.BYTES, "in its header");
        int format = head.get() & 0xFF;
        int length = head.getInt();
        if (length < 0 || length > SnapshotFormat.MAX_HEADER_BYTES) {
            throw damaged("has a header of " + Integer.toUnsignedString(length) + " bytes: must be at most "
                    + SnapshotFormat.MAX_HEADER_BYTES);
        }
        fill(length, "in its header");
        compareCheck("in its header");
        if (format != SnapshotFormat.FORMAT) {
            throw new NewerSnapshotException(damaged("is in format " + format + "; this program reads format "
                            + SnapshotFormat.FORMAT + ": use the program that wrote it, or a newer one")
                    .getMessage());
        }
        try {
            return readHeader(new WireReader(stored, 0, length));
        } catch (WireFormatException e) {
            throw damaged("has a header that is not valid: " + e.getMessage(), e);
        }
    }

    private SnapshotInfo readHeader(WireReader header) throws DamagedSnapshotException {
        int partition = header.readInt();
        long version = header.readVarint();
        long timeMs = header.readVarint();
        Map<String, Integer> schemas = new TreeMap<>();
        String before = null;
        for (int left = header.readInt(); left > 0; left--) {
            String domain = header.readText();
            int schema = header.readInt();
            if (domain == null || schema < 1 || (before != null && before.compareTo(domain) >= 0)) {
                throw damaged("has schema version " + schema + " of domain " + domain + " behind " + before);
            }
            schemas.put(domain, schema);
            before = domain;
        }
        header.expectEnd();
        if (partition != expected.partition()) {
            throw damaged("is of partition " + partition + ", expected was partition " + expected.partition());
        }
        if (version != expected.version()) {
            throw damaged("is of version " + version + ", expected was version " + expected.version());
        }
        if (timeMs < 0) {
            throw damaged("is of time " + timeMs);
        }
        return new SnapshotInfo(partition, version, timeMs, -1, schemas);
    }

    // ------------------------------------------------------------------ frames

    private int readKind() throws IOException, DamagedSnapshotException {
        long at = in.position();
        int kind = fill(1, "between two frames").get();
        if (kind < SnapshotFormat.KIND_ENTITIES || kind > SnapshotFormat.KIND_END) {
            throw damaged("has a frame of unknown kind " + kind + " at byte " + at);
        }
        return kind;
    }

    private void readFrame(int kind) throws IOException, DamagedSnapshotException {
        String where = "in the frame at byte " + (in.position() - 1);
        ByteBuffer head = fill(SnapshotFormat.FRAME_HEAD_BYTES - 1, where);
        int count = head.getInt();
        int raw = head.getInt();
        int length = head.getInt();
        requireWithin(raw, SnapshotFormat.MAX_FRAME_BYTES, "bytes", where);
        requireWithin(length, SnapshotFormat.MAX_STORED_BYTES, "compressed bytes", where);
        requireWithin(count, raw, "items", where);
        fill(length, where);
        compareCheck(where);
        decompress(length, raw, where);
        WireReader items = new WireReader(body, 0, raw);
        for (int i = 0; i < count; i++) {
            if (kind == SnapshotFormat.KIND_ENTITIES) {
                sink.entity(readEntity(items, where));
                entities++;
            } else {
                readTransaction(items, where);
                transactions++;
            }
        }
        try {
            items.expectEnd();
        } catch (WireFormatException e) {
            throw damaged("has " + e.getMessage() + " behind " + count + " items " + where, e);
        }
    }

    private void requireWithin(int number, int limit, String what, String where) throws DamagedSnapshotException {
        if (number < 1 || number > limit) {
            throw damaged("promises " + Integer.toUnsignedString(number) + " " + what + " " + where
                    + ": must be within 1.." + limit);
        }
    }

    private void decompress(int length, int raw, String where) throws DamagedSnapshotException {
        long said = Zstd.getFrameContentSize(stored, 0, length);
        if (said != raw) {
            throw damaged("holds a zstd frame of " + said + " bytes where " + raw + " were promised " + where);
        }
        if (body.length < raw) {
            body = new byte[raw];
        }
        try {
            int read = decompressor.decompressByteArray(body, 0, raw, stored, 0, length);
            if (read != raw) {
                throw damaged("holds " + read + " bytes where " + raw + " were promised " + where);
            }
        } catch (ZstdException e) {
            throw damaged("cannot be decompressed " + where + ": " + e.getMessage(), e);
        }
    }

    private Entity readEntity(WireReader items, String where) throws DamagedSnapshotException {
        Entity entity;
        try {
            String domain = items.readText();
            String key = items.readText();
            // A million entities share a handful of domains and their accounts: so should what they hold.
            boolean sameKey = lastKey.equals(key);
            lastDomain = lastDomain.equals(domain) ? lastDomain : domain;
            lastKey = sameKey ? lastKey : key;
            EntityKey name = new EntityKey(lastDomain, lastKey, items.readText());
            if (!sameKey && name.partition() != expected.partition()) {
                throw damaged("holds " + name + " of partition " + name.partition() + " " + where);
            }
            entity = new Entity(name, items.readVarint(), items.readVarint(), Json.ofBytes(items.readBytes()));
        } catch (RuntimeException e) {
            throw damaged("holds an entity that is not valid " + where + ": " + e.getMessage(), e);
        }
        requireVersion(entity.version(), entity.key(), where);
        if (entity.timeMs() < 0) {
            throw damaged("holds " + entity.key() + " of time " + entity.timeMs() + " " + where);
        }
        return entity;
    }

    private void readTransaction(WireReader items, String where) throws DamagedSnapshotException {
        String id;
        long version;
        try {
            id = Objects.requireNonNull(items.readText(), "transaction id");
            version = items.readVarint();
        } catch (RuntimeException e) {
            throw damaged("holds a transaction that is not valid " + where + ": " + e.getMessage(), e);
        }
        requireVersion(version, "transaction " + id, where);
        sink.transaction(id, version);
    }

    private void requireVersion(long version, Object what, String where) throws DamagedSnapshotException {
        if (version < 1 || version > expected.version()) {
            throw damaged("holds " + what + " of version " + version + " " + where + ": must be within 1.."
                    + expected.version());
        }
    }

    private void readEnd() throws IOException, DamagedSnapshotException {
        ByteBuffer end = fill(SnapshotFormat.END_BYTES, "in its end");
        long saidEntities = end.getLong();
        long saidTransactions = end.getLong();
        compareCheck("in its end");
        if (saidEntities != entities || saidTransactions != transactions) {
            throw damaged("holds " + entities + " entities and " + transactions + " transaction ids where "
                    + saidEntities + " and " + saidTransactions + " were written");
        }
        long whole = in.position();
        if (in.read() >= 0) {
            throw damaged("goes on behind its end at byte " + whole);
        }
    }

    // ------------------------------------------------------------------ bytes

    /** Reads into {@link #stored}, and counts it to the check. */
    private ByteBuffer fill(int bytes, String where) throws IOException, DamagedSnapshotException {
        if (fillAtMost(bytes) < bytes) {
            throw truncated(where);
        }
        return ByteBuffer.wrap(stored, 0, bytes);
    }

    /** Memory doubles as bytes come in: a promise alone takes none. */
    private int fillAtMost(int bytes) throws IOException {
        int have = 0;
        while (have < bytes) {
            if (have == stored.length) {
                stored = Arrays.copyOf(stored, Math.min(2 * have, SnapshotFormat.MAX_STORED_BYTES));
            }
            int read = in.read(stored, have, Math.min(bytes, stored.length) - have);
            if (read < 0) {
                break;
            }
            have += read;
        }
        check.update(stored, 0, have);
        return have;
    }

    private void compareCheck(String where) throws IOException, DamagedSnapshotException {
        int computed = (int) check.getValue();
        int written = 0;
        for (int i = 0; i < Integer.BYTES; i++) {
            int next = in.read();
            if (next < 0) {
                throw truncated(where);
            }
            written = written << 8 | next;
        }
        if (written != computed) {
            throw damaged("has checksum " + Integer.toHexString(computed) + " where " + Integer.toHexString(written)
                    + " was written " + where);
        }
    }

    private DamagedSnapshotException truncated(String where) {
        return damaged("ends at byte " + in.position() + ", " + where + ": it was cut off");
    }

    private DamagedSnapshotException damaged(String what) {
        return damaged(what, null);
    }

    private DamagedSnapshotException damaged(String what, Throwable cause) {
        return new DamagedSnapshotException(
                "snapshot " + expected.name() + " of partition " + expected.partition() + " " + what, cause);
    }

    @Override
    public void close() {
        decompressor.close();
    }
}
