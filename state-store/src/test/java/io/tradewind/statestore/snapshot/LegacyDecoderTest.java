package io.tradewind.statestore.snapshot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import io.tradewind.contracts.state.Entity;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class LegacyDecoderTest {

    private static final SnapshotId ID = new SnapshotId(State.PARTITION, 7, "7.json.gz", 0);
    private static final String LINE =
            "{\"domain\":\"order\",\"key\":\"#3\",\"id\":\"1\",\"version\":7,\"time\":5,\"value\":{}}";

    static byte[] gzip(State state) throws IOException {
        return gzip(state.lines());
    }

    static byte[] gzip(String text) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (OutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(text.getBytes(StandardCharsets.UTF_8));
        }
        return out.toByteArray();
    }

    /** With a checksum, as the zstd program writes it. */
    static byte[] zstd(State state) {
        try (ZstdCompressCtx context = new ZstdCompressCtx()) {
            return context.setChecksum(true).compress(state.lines().getBytes(StandardCharsets.UTF_8));
        }
    }

    private static State small() {
        return State.random(new Random(42), 6).legacy();
    }

    @Test
    void shouldReadBothForms() {
        Seeds.each(50, random -> {
            State state = State.random(random).legacy();
            assertEquals(state, State.decodeLegacy(state.id(), gzip(state)));
            assertEquals(state, State.decodeLegacy(state.id(), zstd(state)));
        });
    }

    @Test
    void shouldReadTheGoldenFiles() throws Exception {
        State state = small();
        String about = "legacy snapshot: State.random(new Random(42), 6).legacy()";
        assertEquals(state, State.decodeLegacy(state.id(), State.golden("snapshot-legacy-gz.hex", about, gzip(state))));
        assertEquals(
                state, State.decodeLegacy(state.id(), State.golden("snapshot-legacy-zst.hex", about, zstd(state))));
    }

    @Test
    void shouldReadFieldsInAnyOrderAndTimesAsText() throws Exception {
        String line =
                "{\"value\":{ \"a\" : 1.0 },\"time\":\"2026-01-01T00:00:00.250Z\",\"id\":\"\\u0041\",\"key\":\"#3\","
                        + "\"version\":1,\"domain\":\"d\"}";
        State state = State.decodeLegacy(ID, gzip(line));
        Entity entity = state.entities().get(0);
        assertEquals("d/#3/A", entity.key().toString());
        assertEquals("{ \"a\" : 1.0 }", entity.json().toString(), "the bytes as they were");
        assertEquals(1_767_225_600_250L, entity.timeMs());
        assertEquals(new SnapshotInfo(3, 7, entity.timeMs(), 1, Map.of()), state.info());
    }

    @Test
    void shouldReadFilesOfSeveralMembersAndFrames() throws Exception {
        State state = small();
        byte[] gzip = gzip(state);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (Entity entity : state.entities()) {
            State one = new State(state.info(), List.of(entity), List.of(), List.of());
            out.writeBytes(gzip(one));
        }
        assertEquals(state, State.decodeLegacy(state.id(), out.toByteArray()));
        // The JDK's stream would take this for the end, and an entity less for the state.
        byte[] damaged = out.toByteArray();
        damaged[gzip(new State(state.info(), state.entities().subList(0, 1), List.of(), List.of())).length] ^= 1;
        refused(state.id(), damaged);
        refused(state.id(), Arrays.copyOf(gzip, gzip.length + 1));
        refused(state.id(), Arrays.copyOf(zstd(state), zstd(state).length + 1));
    }

    @Test
    void shouldRefuseEveryTruncation() throws Exception {
        State state = small();
        for (byte[] bytes : List.of(gzip(state), zstd(state))) {
            for (int length = 0; length < bytes.length; length++) {
                refused(state.id(), Arrays.copyOf(bytes, length));
            }
        }
    }

    @Test
    void shouldNeverReadAFlippedBitAsAnotherState() throws Exception {
        State state = small();
        for (byte[] bytes : List.of(gzip(state), zstd(state))) {
            for (int bit = 0; bit < bytes.length * 8; bit++) {
                byte[] damaged = bytes.clone();
                damaged[bit / 8] ^= (byte) (1 << bit % 8);
                try {
                    // A few bits carry nothing, as the time in the header of gzip.
                    assertEquals(state, State.decodeLegacy(state.id(), damaged), "bit " + bit);
                } catch (DamagedSnapshotException e) {
                    assertTrue(e.getMessage().startsWith("snapshot 7.snapshot of partition 3 "), e.getMessage());
                }
            }
        }
    }

    @Test
    void shouldSayWhatIsWrongWithALine() throws Exception {
        assertEquals(1, State.decodeLegacy(ID, gzip(LINE)).entities().size());
        assertRefused(LINE + "\n" + LINE, "holds order/#3/1 again in line 2");
        assertRefused(LINE + "\n\n", "has no valid entity in line 2: it must be an object");
        assertRefused("[]", "has no valid entity in line 1: it must be an object");
        assertRefused(LINE + LINE, "something follows it");
        assertRefused(LINE.replace("#3", "#4"), "holds order/#4/1 of partition 4 in line 1");
        assertRefused(LINE.replace("#3", "#x"), "has no valid entity in line 1: ");
        assertRefused(LINE.replace(":7", ":8"), "holds order/#3/1 of version 8 in line 1: must be within 1..7");
        assertRefused(LINE.replace(":7", ":0"), "holds order/#3/1 of version 0 in line 1: must be within 1..7");
        assertRefused(LINE.replace(":7", ":7.0"), "'version' must be a whole number");
        assertRefused(LINE.replace(":7", ":99999999999999999999"), "out of range of long");
        assertRefused(LINE.replace(":5", ":-5"), "'time' must not be before 1970");
        assertRefused(LINE.replace(":5", ":\"soon\""), "Text 'soon' could not be parsed");
        assertRefused(LINE.replace("{}", "null"), "'value' must be an object");
        assertRefused(LINE.replace("\"id\":\"1\",", ""), "'domain', 'key' and 'id' must be there");
        assertRefused(LINE.replace("\"version\":7,", ""), "'version', 'time' and 'value' must be there");
        assertRefused(LINE.replace("\"id\":\"1\"", "\"id\":1"), "'id' must be text");
        assertRefused(LINE.replace("\"id\"", "\"deleted\""), "unknown field 'deleted'");
        assertRefused(LINE.replace("\"id\":\"1\"", "\"id\":\"1\",\"id\":\"2\""), "Duplicate field 'id'");
        assertRefused(LINE.replace("{}", "{\"a\":1,\"a\":2}"), "Duplicate field 'a'");
        assertRefused(LINE.replace("{}", "{\"a\":01}"), "Leading zeroes not allowed");
        assertRefused(LINE.replace("{}", "{\"a\":" + "[".repeat(5_000)), "nesting depth");
        assertRefused(LINE.substring(0, 40), "has no valid entity in line 1: ");
    }

    @Test
    void shouldRefuseForeignFiles() {
        assertEquals("snapshot 7.json.gz of partition 3 is empty", refused(ID, new byte[0]));
        assertEquals(
                "snapshot 7.json.gz of partition 3 is neither zstd nor gzip: it begins with 7b22646f",
                refused(ID, LINE.getBytes(StandardCharsets.UTF_8)));
        assertEquals(
                "snapshot 7.json.gz of partition 3 is neither zstd nor gzip: it begins with 1f",
                refused(ID, new byte[] {0x1F}));
    }

    @Test
    void shouldBoundItsMemoryAgainstBombs() {
        byte[] oneLine = Zstd.compress(" ".repeat(200 * 1024 * 1024).getBytes(StandardCharsets.US_ASCII));
        String message = refused(ID, oneLine);
        assertTrue(message.contains("has over " + LegacyDecoder.MAX_LINE_BYTES + " bytes in line 1"), message);
        // A line of spaces would go on for as long as the bomb; the first empty one ends it.
        byte[] manyLines = Zstd.compress("\n".repeat(200 * 1024 * 1024).getBytes(StandardCharsets.US_ASCII));
        assertTrue(refused(ID, manyLines).contains("has no valid entity in line 1"));
        // A frame whose window would take 2 GiB: magic, descriptor without sizes, window log 31.
        byte[] window = {0x28, (byte) 0xB5, 0x2F, (byte) 0xFD, 0x00, (byte) 0xA8, 0x01, 0x00, 0x00};
        assertTrue(refused(ID, window).contains("cannot be decompressed"));
    }

    private static void assertRefused(String text, String expected) throws IOException {
        String message = refused(ID, gzip(text));
        assertTrue(message.contains(expected), message);
    }

    private static String refused(SnapshotId id, byte[] bytes) {
        return assertThrows(DamagedSnapshotException.class, () -> State.decodeLegacy(id, bytes))
                .getMessage();
    }
}
