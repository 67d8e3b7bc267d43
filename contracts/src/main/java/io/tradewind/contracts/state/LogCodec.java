package io.tradewind.contracts.state;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;
import io.tradewind.contracts.wire.WireFormatException;
import io.tradewind.contracts.wire.WireReader;
import io.tradewind.contracts.wire.WireWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * The payload of one entry of a partition log: one durable commit of one or more transactions.
 *
 * <pre>
 *   byte      format version, now 1
 *   byte      flags: bit 0 = body is a zstd frame
 *   varint    length of the body before compression, at most {@link #MAX_BODY_BYTES}
 *   4 bytes   CRC-32C of the body before compression, big endian
 *   body
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
 * <p>The checksum stands for the promise that an entry is read as it was written or not at all: a flipped bit in a
 * price would otherwise be a valid price, and the append-only file of Redis has no checksum of its own for it.
 *
 * <p>Holds native compression contexts: not thread safe, one per owner, {@link #close() closed} by it.
 */
public final class LogCodec implements AutoCloseable {

    /** A larger commit is split by its writer; a larger length in an entry is damage. */
    public static final int MAX_BODY_BYTES = 64 * 1024 * 1024;

    private static final int FORMAT = 1;
    private static final int FLAG_ZSTD = 1;
    private static final int COMPRESS_FROM_BYTES = 512;
    private static final int LEVEL = 1;

    /** Memory kept from one commit to the next, for each of the two buffers; a larger commit gets its own. */
    private static final int KEEP_BYTES = 4 * 1024 * 1024;

    private final ZstdCompressCtx compressor = new ZstdCompressCtx().setLevel(LEVEL);
    private final ZstdDecompressCtx decompressor = new ZstdDecompressCtx();
    private final WireWriter body = new WireWriter();
    private byte[] compressed = {};

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
        head.writeByte(FORMAT).writeByte(compress ? FLAG_ZSTD : 0).writeVarint(length);
        int checksum = checksum(body.buffer(), length);
        for (int shift = 24; shift >= 0; shift -= 8) {
            head.writeByte(checksum >>> shift);
        }
        byte[] entry = Arrays.copyOf(head.buffer(), head.length() + storedLength);
        System.arraycopy(stored, 0, entry, head.length(), storedLength);
        return entry;
    }

    private byte[] scratch(int bytes) {
        if (compressed.length < bytes || compressed.length > KEEP_BYTES) {
            compressed = new byte[bytes];
        }
        return compressed;
    }

    /** @throws WireFormatException when the entry is damaged or in a format not known here */
    public List<CommittedTransaction> decode(byte[] entry) {
        try {
            return read(entry);
        } catch (WireFormatException e) {
            throw e;
        } catch (RuntimeException e) {
            // Whatever else the records or the library have against it: to the caller it is all the same damage.
            throw new WireFormatException("log entry is not valid: " + e.getMessage(), e);
        }
    }

    private List<CommittedTransaction> read(byte[] entry) {
        WireReader head = new WireReader(entry);
        int format = head.readByte();
        if (format != FORMAT) {
            throw new WireFormatException("log entry in format " + format + "; this program reads format " + FORMAT);
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
        if (checksum(body, length) != checksum) {
            throw new WireFormatException("log entry with checksum " + Integer.toHexString(checksum(body, length))
                    + " where " + Integer.toHexString(checksum) + " was written: it is damaged");
        }
        return readBody(new WireReader(body));
    }

    private static int checksum(byte[] bytes, int length) {
        CRC32C crc = new CRC32C();
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

    private static List<CommittedTransaction> readBody(WireReader in) {
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
                    in.readList(StateCodecs::readMutation)));
        }
        in.expectEnd();
        return transactions;
    }

    @Override
    public void close() {
        compressor.close();
        decompressor.close();
    }
}
