package io.tradewind.statestore.domain;

import com.github.luben.zstd.ZstdCompressCtx;
import com.github.luben.zstd.ZstdDecompressCtx;
import io.tradewind.contracts.state.Entity;
import io.tradewind.contracts.wire.WireReader;
import io.tradewind.contracts.wire.WireWriter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * How the entities of a {@link ColdBlock} are written before they are compressed. Never leaves the process, so it has no
 * version. Column by column, because what is alike compresses best side by side.
 *
 * <pre>
 *   ids        each: varint bytes shared with the id before, text of the rest
 *   versions   each: varint difference to the one before, zigzag
 *   times      each: varint difference to the one before, zigzag
 *   lengths    each: varint bytes of its document
 *   documents
 * </pre>
 *
 * Pure functions, any thread.
 */
final class BlockFormat {

    /** Where zstd stops gaining much on documents of this size; packing is not on the event loop. */
    static final int LEVEL = 6;

    private BlockFormat() {}

    static byte[] write(List<Entity> entities) {
        WireWriter out = new WireWriter();
        byte[] before = {};
        for (Entity entity : entities) {
            byte[] id = entity.key().id().getBytes(StandardCharsets.UTF_8);
            int shared = shared(before, id);
            out.writeVarint(shared).writeVarint(id.length - shared);
            for (int b = shared; b < id.length; b++) {
                out.writeByte(id[b]);
            }
            before = id;
        }
        long version = 0;
        for (Entity entity : entities) {
            out.writeVarint(zigzag(entity.version() - version));
            version = entity.version();
        }
        long timeMs = 0;
        for (Entity entity : entities) {
            out.writeVarint(zigzag(entity.timeMs() - timeMs));
            timeMs = entity.timeMs();
        }
        int documents = 0;
        for (Entity entity : entities) {
            out.writeVarint(entity.json().size());
            documents = Math.addExact(documents, entity.json().size());
        }
        byte[] body = Arrays.copyOf(out.buffer(), Math.addExact(out.length(), documents));
        int at = out.length();
        for (Entity entity : entities) {
            System.arraycopy(entity.json().bytes(), 0, body, at, entity.json().size());
            at += entity.json().size();
        }
        return body;
    }

    static UnpackedBlock read(String domain, String partitionKey, int count, byte[] body) {
        WireReader in = new WireReader(body);
        String[] ids = new String[count];
        byte[] before = {};
        for (int i = 0; i < count; i++) {
            int shared = in.readInt();
            byte[] id = new byte[shared + in.readInt()];
            System.arraycopy(before, 0, id, 0, shared);
            for (int b = shared; b < id.length; b++) {
                id[b] = (byte) in.readByte();
            }
            ids[i] = new String(id, StandardCharsets.UTF_8);
            before = id;
        }
        long[] versions = readDifferences(in, count);
        long[] timesMs = readDifferences(in, count);
        int[] offsets = new int[count + 1];
        for (int i = 0; i < count; i++) {
            offsets[i + 1] = offsets[i] + in.readInt();
        }
        int documents = body.length - offsets[count];
        for (int i = 0; i <= count; i++) {
            offsets[i] += documents;
        }
        return new UnpackedBlock(domain, partitionKey, ids, versions, timesMs, offsets, body);
    }

    static byte[] compress(byte[] body, ColdDictionary dictionary) {
        try (ZstdCompressCtx compressor = new ZstdCompressCtx()) {
            // The length is kept with the block and its memory is trusted: both would only cost bytes.
            compressor.setLevel(LEVEL).setContentSize(false).setChecksum(false).setDictID(false);
            if (dictionary != null) {
                dictionary.prepare(compressor);
            }
            return compressor.compress(body);
        }
    }

    static byte[] decompress(byte[] packed, int bytes, ColdDictionary dictionary) {
        try (ZstdDecompressCtx decompressor = new ZstdDecompressCtx()) {
            if (dictionary != null) {
                dictionary.prepare(decompressor);
            }
            return decompressor.decompress(packed, bytes);
        }
    }

    private static long[] readDifferences(WireReader in, int count) {
        long[] values = new long[count];
        long value = 0;
        for (int i = 0; i < count; i++) {
            long zigzag = in.readVarint();
            value += (zigzag >>> 1) ^ -(zigzag & 1);
            values[i] = value;
        }
        return values;
    }

    private static long zigzag(long difference) {
        return (difference << 1) ^ (difference >> (Long.SIZE - 1));
    }

    private static int shared(byte[] before, byte[] id) {
        int end = Math.min(before.length, id.length);
        int shared = 0;
        while (shared < end && before[shared] == id[shared]) {
            shared++;
        }
        return shared;
    }
}
