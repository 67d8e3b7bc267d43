package io.tradewind.statestore.snapshot;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import io.tradewind.contracts.Json;
import io.tradewind.contracts.state.Entity;
import io.tradewind.contracts.state.EntityKey;
import io.tradewind.statestore.domain.SnapshotSink;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;

/**
 * Reads a snapshot of the time before there was a header: lines of JSON, one entity each, compressed by zstd or gzip.
 *
 * <pre>
 *   {"domain":"order","key":"alice","id":"1","version":7,"time":1767225600000,"value":{…}}
 *
 *   domain, key, id   text; key is the partition key
 *   version           the partition version of its last change, from 1 to the version in the name of the file
 *   time              of that change: milliseconds since the epoch, or text in RFC 3339
 *   value             the document, an object; its bytes are kept as they are
 * </pre>
 *
 * Fields come in any order; all must be there, once, and no others. An entity comes once. The snapshot's version is in
 * the name of its file, its schemas are at version 1, and it knows no transaction ids.
 *
 * <p>What zstd wrote without its content checksum can be damaged without anyone noticing; gzip always has one. Memory:
 * one line of at most {@link #MAX_LINE_BYTES}, the keys of all entities, and the window of zstd
 * (2^{@value #MAX_WINDOW_LOG} bytes at most). Blocking, for one thread, for one snapshot.
 */
final class LegacyDecoder {

    /** The largest document and the names around it. */
    static final int MAX_LINE_BYTES = SnapshotFormat.MAX_ITEM_BYTES;

    /** Of a zstd frame: what zstd itself takes unasked; its highest level needs so much. */
    static final int MAX_WINDOW_LOG = 27;

    /** Of objects and arrays within a document. */
    private static final int MAX_DEPTH = 1_000;

    private static final int BUFFER_BYTES = 64 * 1024;
    private static final byte[] ZSTD_MAGIC = {0x28, (byte) 0xB5, 0x2F, (byte) 0xFD};
    private static final byte[] GZIP_MAGIC = {0x1F, (byte) 0x8B};

    private final SnapshotId expected;
    private final SourceStream in;
    private final SnapshotSink sink;
    private final JsonFactory json = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(MAX_DEPTH)
                    .maxStringLength(MAX_LINE_BYTES)
                    .build())
            .build();
    private final Set<EntityKey> seen = new HashSet<>();
    private byte[] line = new byte[BUFFER_BYTES];
    private long lines;
    private long latestMs;
    private String lastDomain = "";
    private String lastKey = "";

    LegacyDecoder(SnapshotId expected, SourceStream in, SnapshotSink sink) {
        this.expected = expected;
        this.in = in;
        this.sink = sink;
    }

    /**
     * @throws DamagedSnapshotException whatever is wrong with the bytes
     * @throws IOException as the source threw it
     */
    SnapshotInfo read() throws IOException, DamagedSnapshotException {
        try (InputStream text = decompressed()) {
            sink.schemas(Map.of());
            readLines(text);
        } catch (SourceStream.Failure e) {
            throw e.getCause();
        } catch (IOException e) {
            throw damaged("cannot be decompressed behind line " + lines + ": " + e.getMessage(), e);
        }
        return new SnapshotInfo(expected.partition(), expected.version(), latestMs, lines, Map.of());
    }

    private InputStream decompressed() throws IOException, DamagedSnapshotException {
        byte[] magic = in.readNBytes(ZSTD_MAGIC.length);
        if (magic.length == 0) {
            throw damaged("is empty");
        }
        InputStream whole = new SequenceInputStream(new ByteArrayInputStream(magic), in);
        if (Arrays.equals(magic, ZSTD_MAGIC)) {
            return new ZstdInputStreamNoFinalizer(whole).setLongMax(MAX_WINDOW_LOG);
        }
        if (magic.length >= GZIP_MAGIC.length && Arrays.equals(Arrays.copyOf(magic, GZIP_MAGIC.length), GZIP_MAGIC)) {
            return new GzipStream(whole);
        }
        throw damaged(
                "is neither zstd nor gzip: it begins with " + HexFormat.of().formatHex(magic));
    }

    // ------------------------------------------------------------------ lines

    private void readLines(InputStream text) throws IOException, DamagedSnapshotException {
        byte[] buffer = new byte[BUFFER_BYTES];
        int length = 0;
        int read = text.read(buffer);
        while (read >= 0) {
            int from = 0;
            for (int i = 0; i < read; i++) {
                if (buffer[i] == '\n') {
                    length = append(length, buffer, from, i);
                    readLine(length);
                    length = 0;
                    from = i + 1;
                }
            }
            length = append(length, buffer, from, read);
            read = text.read(buffer);
        }
        if (length > 0) {
            readLine(length);
        }
    }

    private int append(int length, byte[] buffer, int from, int to) throws DamagedSnapshotException {
        int longer = length + to - from;
        if (longer > MAX_LINE_BYTES) {
            throw damaged("has over " + MAX_LINE_BYTES + " bytes in line " + (lines + 1));
        }
        if (longer > line.length) {
            line = Arrays.copyOf(line, Math.max(longer, Math.min(2 * line.length, MAX_LINE_BYTES)));
        }
        System.arraycopy(buffer, from, line, length, to - from);
        return longer;
    }

    private void readLine(int length) throws DamagedSnapshotException {
        Entity entity;
        try (JsonParser parser = json.createParser(line, 0, length)) {
            entity = readEntity(parser);
        } catch (IOException | IllegalArgumentException | DateTimeException e) {
            throw damaged("has no valid entity in line " + (lines + 1) + ": " + e.getMessage(), e);
        }
        EntityKey key = entity.key();
        if (key.partition() != expected.partition()) {
            throw damaged("holds " + key + " of partition " + key.partition() + " in line " + (lines + 1));
        }
        if (entity.version() < 1 || entity.version() > expected.version()) {
            throw damaged("holds " + key + " of version " + entity.version() + " in line " + (lines + 1)
                    + ": must be within 1.." + expected.version());
        }
        if (!seen.add(key)) {
            throw damaged("holds " + key + " again in line " + (lines + 1));
        }
        lines++;
        latestMs = Math.max(latestMs, entity.timeMs());
        sink.entity(entity);
    }

    // ------------------------------------------------------------------ entities

    private Entity readEntity(JsonParser parser) throws IOException {
        String domain = null;
        String key = null;
        String id = null;
        Long version = null;
        Long timeMs = null;
        Json value = null;
        require(parser.nextToken() == JsonToken.START_OBJECT, "it must be an object");
        for (String field = parser.nextFieldName(); field != null; field = parser.nextFieldName()) {
            parser.nextToken();
            switch (field) {
                case "domain" -> domain = readText(parser, field);
                case "key" -> key = readText(parser, field);
                case "id" -> id = readText(parser, field);
                case "version" -> version = readNumber(parser, field);
                case "time" -> timeMs = readTime(parser);
                case "value" -> value = readValue(parser);
                default -> throw new IllegalArgumentException("unknown field '" + field + "'");
            }
        }
        require(parser.currentToken() == JsonToken.END_OBJECT && parser.nextToken() == null, "something follows it");
        require(domain != null && key != null && id != null, "'domain', 'key' and 'id' must be there");
        require(version != null && timeMs != null && value != null, "'version', 'time' and 'value' must be there");
        // What many entities share they hold once, see SnapshotDecoder.
        lastDomain = lastDomain.equals(domain) ? lastDomain : domain;
        lastKey = lastKey.equals(key) ? lastKey : key;
        return new Entity(new EntityKey(lastDomain, lastKey, id), version, timeMs, value);
    }

    private static String readText(JsonParser parser, String field) throws IOException {
        require(parser.currentToken() == JsonToken.VALUE_STRING, "'" + field + "' must be text");
        return parser.getText();
    }

    private static long readNumber(JsonParser parser, String field) throws IOException {
        require(parser.currentToken() == JsonToken.VALUE_NUMBER_INT, "'" + field + "' must be a whole number");
        return parser.getLongValue();
    }

    private static long readTime(JsonParser parser) throws IOException {
        long timeMs = parser.currentToken() == JsonToken.VALUE_STRING
                ? Instant.parse(parser.getText()).toEpochMilli()
                : readNumber(parser, "time");
        require(timeMs >= 0, "'time' must not be before 1970");
        return timeMs;
    }

    /** The bytes between the braces: writing the document anew could change how its numbers are written. */
    private Json readValue(JsonParser parser) throws IOException {
        require(parser.currentToken() == JsonToken.START_OBJECT, "'value' must be an object");
        int from = Math.toIntExact(parser.currentTokenLocation().getByteOffset());
        parser.skipChildren();
        int to = Math.toIntExact(parser.currentLocation().getByteOffset());
        return Json.ofBytes(Arrays.copyOfRange(line, from, to));
    }

    private static void require(boolean fine, String otherwise) {
        if (!fine) {
            throw new IllegalArgumentException(otherwise);
        }
    }

    private DamagedSnapshotException damaged(String what) {
        return damaged(what, null);
    }

    private DamagedSnapshotException damaged(String what, Throwable cause) {
        return new DamagedSnapshotException(
                "snapshot " + expected.name() + " of partition " + expected.partition() + " " + what, cause);
    }
}
