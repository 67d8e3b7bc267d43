package io.tradewind.contracts.state;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;
import io.tradewind.contracts.state.schema.SchemaException;
import io.tradewind.contracts.state.schema.Schemas;
import io.tradewind.contracts.wire.WireFormatException;
import io.tradewind.contracts.wire.WireReader;
import io.tradewind.contracts.wire.WireWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.zip.CRC32C;

/**
 * The payload of one entry of a partition log: one durable commit of one or more transactions.
 *
 * <pre>
 *   byte      format: 1 or 2
 *   byte      flags: bit 0 = body is a zstd frame
 *   varint    length of the body before compression, at most {@link #MAX_BODY_BYTES}
 *   4 bytes   CRC-32C, big endian; format 1: of the body before compression,
 *             format 2: of the two bytes above and the body before compression
 *   body
 *     format 2 only: varint  count of schema versions, from 1
 *       per domain with a put whose schema version is above 1, in order of their names
 *         text    domain
 *         varint  schema version, from 2
 *     varint  version of the first transaction, from 1; the others follow without gaps
 *     varint  count, from 1
 *     per transaction
 *       varint  time, milliseconds since the epoch
 *       text    id
 *       text    correlation id, text causation id, text actor
 *       varint  mutations, each: text domain, text partition key, text id, bytes json (null = delete)
 * </pre>
 *
 * A commit repeats its field names, accounts and symbols again and again, so that zstd at its fastest level takes it
 * to a fraction: less for Redis to hold, to write to its file and to send to every follower.
 *
 * <p>Documents are written in the current shape of their domain, see {@link Schemas}. Where all of them are in schema
 * version 1 the entry is in format 1 and says nothing of it; else it is in format 2 and names the versions. Reading
 * brings older documents to the current shape, so that whoever follows a log never meets another one.
 *
 * <p>The checksum stands for the promise that an entry is read as it was written or not at all: a flipped bit in a
 * price would otherwise be a valid price, and the append-only file of Redis has no checksum of its own for it.
 *
 * <p>Holds native compression contexts: not thread safe, one per owner, {@link #close() closed} by it.
 */
public final class LogCodec implements AutoCloseable {

    /** A larger commit is split by its writer; a larger length in an entry is damage. */
    public static final int MAX_BODY_BYTES = 64 * 1024 * 1024;

    /** All documents are in schema version 1. */
    private static final int FORMAT_PLAIN = 1;

    /** The body begins with the schema versions above 1. */
    private static final int FORMAT_SCHEMAS = 2;

    private static final int FLAG_ZSTD = 1;
    private static final int COMPRESS_FROM_BYTES = 512;
    private static final int LEVEL = 1;

    /** Memory kept from one commit to the next, for each of the two buffers; a larger commit gets its own. */
    private static final int KEEP_BYTES = 4 * 1024 * 1024;

    private final ZstdCompressCtx compressor = new ZstdCompressCtx().setLevel(LEVEL);
    private final ZstdDecompressCtx decompressor = new ZstdDecompressCtx();
    private final WireWriter body = new WireWriter();
    private final Schemas schemas;
    private byte[] compressed = {};

    /** For the documents that this program knows. */
    public LogCodec() {
        this(Schemas.current());
    }

    public LogCodec(Schemas schemas) {
        this.schemas = schemas;
    }

    /**
     * @param transactions at least one, with versions that follow each other
     * @throws IllegalArgumentException when there is none, they do not, or the body is over {@link #MAX_BODY_BYTES}
     */
    public byte[] encode(List<CommittedTransaction> transactions) {
        if (transactions.isEmpty() || transactions.get(0).version() < 1) {
            throw new IllegalArgumentException(
                    transactions.isEmpty() ? "commit without transactions" : "versions start at 1");
        }
        body.reset(KEEP_BYTES);
        SortedMap<String, Integer> versions = versionsOf(transactions);
        int format = versions.isEmpty() ? FORMAT_PLAIN : FORMAT_SCHEMAS;
        if (format == FORMAT_SCHEMAS) {
            body.writeVarint(versions.size());
            versions.forEach((domain, version) -> body.writeText(domain).writeVarint(version));
        }
        long first = transactions.get(0).version();
        body.writeVarint(first).writeVarint(transactions.size());
        for (int i = 0; i < transactions.size(); i++) {
            CommittedTransaction tx = transactions.get(i);
            if (tx.version() != first + i) {
                throw new IllegalArgumentException("version " + tx.version() + " behind " + (first + i - 1));
            }
            writeTransaction(body, tx);
        }
        if (body.length() > MAX_BODY_BYTES) {
            throw new IllegalArgumentException(
                    "commit of " + body.length() + " bytes: must be at most " + MAX_BODY_BYTES);
        }
        int length = body.length();
        boolean compress = length >= COMPRESS_FROM_BYTES;
        byte[] stored = body.buffer();
        int storedLength = length;
        if (compress) {
            stored = scratch(Math.toIntExact(Zstd.compressBound(length)));
            storedLength = compressor.compressByteArray(stored, 0, stored.length, body.buffer(), 0, length);
        }
        WireWriter head = new WireWriter();
        int flags = compress ? FLAG_ZSTD : 0;
        head.writeByte(format).writeByte(flags).writeVarint(length);
        int checksum = checksum(format, flags, body.buffer(), length);
        for (int shift = 24; shift >= 0; shift -= 8) {
            head.writeByte(checksum >>> shift);
        }
        byte[] entry = Arrays.copyOf(head.buffer(), head.length() + storedLength);
        System.arraycopy(stored, 0, entry, head.length(), storedLength);
        return entry;
    }

    /** The schema versions above 1 of what is put; nearly always none or one, and found without a look at any document. */
    private SortedMap<String, Integer> versionsOf(List<CommittedTransaction> transactions) {
        Map<String, Integer> raised = schemas.raised();
        SortedMap<String, Integer> versions = new TreeMap<>();
        for (CommittedTransaction tx : transactions) {
            for (Mutation mutation : tx.mutations()) {
                if (versions.size() == raised.size()) {
                    return versions;
                }
                Integer version =
                        mutation.isDelete() ? null : raised.get(mutation.key().domain());
                if (version != null) {
                    versions.put(mutation.key().domain(), version);
                }
            }
        }
        return versions;
    }

    private byte[] scratch(int bytes) {
        if (compressed.length < bytes || compressed.length > KEEP_BYTES) {
            compressed = new byte[bytes];
        }
        return compressed;
    }

    /**
     * @return what was committed, with every document in the current shape of its domain
     * @throws WireFormatException when the entry is damaged or in a format not known here
     * @throws SchemaException when a document is of a newer shape than is known here, or a step cannot handle it
     */
    public List<CommittedTransaction> decode(byte[] entry) {
        return whole(() -> {
            Body read = read(entry);
            schemas.check(read.versions);
            return readTransactions(read.in, mutation -> upgraded(mutation, read.versions));
        });
    }

    /**
     * How long the body of an entry was before compression, as its header says: for figures about compression. Nothing
     * else of the entry is looked at.
     *
     * @throws WireFormatException when there is no such header
     */
    public static int bodyBytes(byte[] entry) {
        WireReader head = new WireReader(entry);
        head.readByte();
        head.readByte();
        return head.readInt();
    }

    /**
     * What an entry holds, as it was written.
     *
     * @param schemas schema version per domain, of those above 1
     */
    public record AsWritten(Map<String, Integer> schemas, List<CommittedTransaction> transactions) {}

    /**
     * Reads an entry without a change to its documents, also of shapes that are not known here: for a rehearsal of
     * migrations, never for work.
     *
     * @throws WireFormatException when the entry is damaged or in a format not known here
     */
    public AsWritten decodeAsWritten(byte[] entry) {
        return whole(() -> {
            Body read = read(entry);
            return new AsWritten(read.versions, readTransactions(read.in, mutation -> mutation));
        });
    }

    private static <T> T whole(Supplier<T> read) {
        try {
            return read.get();
        } catch (WireFormatException | SchemaException e) {
            throw e;
        } catch (RuntimeException e) {
            // Whatever else the records or the library have against it: to the caller it is all the same damage.
            throw new WireFormatException("log entry is not valid: " + e.getMessage(), e);
        }
    }

    /** A body that is whole, read up to its first transaction. */
    private record Body(Map<String, Integer> versions, WireReader in) {}

    private Body read(byte[] entry) {
        WireReader head = new WireReader(entry);
        int format = head.readByte();
        if (format != FORMAT_PLAIN && format != FORMAT_SCHEMAS) {
            throw new WireFormatException("log entry in format " + format + "; this program reads formats "
                    + FORMAT_PLAIN + " and " + FORMAT_SCHEMAS);
        }
        int flags = head.readByte();
        if ((flags & ~FLAG_ZSTD) != 0) {
            throw new WireFormatException("log entry with unknown flags " + flags);
        }
        int length = head.readInt();
        if (length > MAX_BODY_BYTES) {
            throw new WireFormatException("log entry of " + length + " bytes: must be at most " + MAX_BODY_BYTES);
        }
        int checksum = 0;
        for (int i = 0; i < Integer.BYTES; i++) {
            checksum = checksum << 8 | head.readByte();
        }
        byte[] stored = head.readRest();
        byte[] body = (flags & FLAG_ZSTD) != 0 ? decompress(stored, length) : stored;
        if (body.length != length) {
            throw new WireFormatException("log entry of " + body.length + " bytes where " + length + " were promised");
        }
        int found = checksum(format, flags, body, length);
        if (found != checksum) {
            throw new WireFormatException("log entry with checksum " + Integer.toHexString(found) + " where "
                    + Integer.toHexString(checksum) + " was written: it is damaged");
        }
        WireReader in = new WireReader(body);
        return new Body(format == FORMAT_SCHEMAS ? readVersions(in) : Map.of(), in);
    }

    private static int checksum(int format, int flags, byte[] bytes, int length) {
        CRC32C crc = new CRC32C();
        if (format == FORMAT_SCHEMAS) {
            // Else a format 1 that became a 2 would be read as something.
            crc.update(format);
            crc.update(flags);
        }
        crc.update(bytes, 0, length);
        return (int) crc.getValue();
    }

    private byte[] decompress(byte[] frame, int length) {
        try {
            long said = Zstd.getFrameContentSize(frame);
            if (said != length) {
                throw new WireFormatException("zstd frame of " + said + " bytes where " + length + " were promised");
            }
            return decompressor.decompress(frame, length);
        } catch (ZstdException e) {
            throw new WireFormatException("log entry cannot be decompressed: " + e.getMessage(), e);
        }
    }

    private static void writeTransaction(WireWriter out, CommittedTransaction tx) {
        out.writeVarint(tx.timeMs()).writeText(tx.id());
        StateCodecs.writeCause(out, tx.cause());
        out.writeList(tx.mutations(), StateCodecs::writeMutation);
    }

    private static Map<String, Integer> readVersions(WireReader in) {
        int count = in.readInt();
        if (count < 1) {
            throw new WireFormatException("log entry in format " + FORMAT_SCHEMAS + " without schema versions");
        }
        SortedMap<String, Integer> versions = new TreeMap<>();
        for (int i = 0; i < count; i++) {
            String domain = in.readText();
            int version = in.readInt();
            boolean inOrder =
                    domain != null && (versions.isEmpty() || versions.lastKey().compareTo(domain) < 0);
            if (!inOrder || version <= Schemas.FIRST_VERSION) {
                throw new WireFormatException("log entry with schema version " + version + " for domain '" + domain
                        + "': domains must be in order, versions above " + Schemas.FIRST_VERSION);
            }
            versions.put(domain, version);
        }
        return versions;
    }

    private static List<CommittedTransaction> readTransactions(WireReader in, UnaryOperator<Mutation> each) {
        long first = in.readVarint();
        int count = in.readInt();
        if (first < 1 || count < 1 || first > Long.MAX_VALUE - count) {
            throw new WireFormatException("log entry of " + count + " transactions from version " + first);
        }
        List<CommittedTransaction> transactions = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            transactions.add(new CommittedTransaction(
                    first + i,
                    in.readVarint(),
                    in.readText(),
                    StateCodecs.readCause(in),
                    in.readList(mutation -> each.apply(StateCodecs.readMutation(mutation)))));
        }
        in.expectEnd();
        return transactions;
    }

    private Mutation upgraded(Mutation mutation, Map<String, Integer> versions) {
        EntityKey key = mutation.key();
        int version = versions.getOrDefault(key.domain(), Schemas.FIRST_VERSION);
        if (mutation.isDelete() || version == schemas.version(key.domain())) {
            return mutation;
        }
        return new Mutation(key, schemas.upgrade(key, version, mutation.json()));
    }

    @Override
    public void close() {
        compressor.close();
        decompressor.close();
    }
}
