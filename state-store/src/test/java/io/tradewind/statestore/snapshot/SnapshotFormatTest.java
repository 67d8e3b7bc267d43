package io.tradewind.statestore.snapshot;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.github.luben.zstd.Zstd;
import io.tradewind.contracts.Json;
import io.tradewind.contracts.state.Entity;
import io.tradewind.contracts.state.EntityKey;
import io.tradewind.contracts.state.Partitions;
import io.tradewind.contracts.wire.WireWriter;
import io.tradewind.statestore.domain.EntityBatch;
import io.tradewind.statestore.domain.SnapshotSink;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.SequenceInputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class SnapshotFormatTest {

    private static final String KEY = Partitions.pinnedKey(State.PARTITION);
    private static final int HEADER_BYTES = 8 + 1 + 4;

    private static State small() {
        return State.random(new Random(42), 6);
    }

    @Test
    void shouldReadBackRandomStates() {
        Seeds.each(100, random -> {
            State state = State.random(random);
            assertEquals(state, State.decode(state.id(), state.encode()));
        });
    }

    @Test
    void shouldReadTheGoldenSnapshot() throws Exception {
        State state = small();
        byte[] golden =
                State.golden("snapshot-v1.hex", "snapshot, format 1: State.random(new Random(42), 6)", state.encode());
        assertEquals(state, State.decode(state.id(), golden));
        // What zstd makes of a frame may change with its version; what is around the frames may not.
        int header = HEADER_BYTES + ByteBuffer.wrap(golden).getInt(9) + 4;
        assertArrayEquals(Arrays.copyOf(golden, header), Arrays.copyOf(state.encode(), header));
    }

    @Test
    void shouldReadTheGoldenEmptyPartition() throws Exception {
        State empty = new State(new SnapshotInfo(State.PARTITION, 0, 0, 0, Map.of()), List.of(), List.of(), List.of());
        byte[] golden = State.golden("snapshot-empty-v1.hex", "snapshot, format 1: of version 0", empty.encode());
        assertArrayEquals(golden, empty.encode());
        assertEquals(empty, State.decode(empty.id(), golden));
    }

    @Test
    void shouldGiveTheSameBytesForTheSameState() throws Exception {
        assertArrayEquals(small().encode(), small().encode());
    }

    @Test
    void shouldHoldDocumentsLargerThanAFrame() throws Exception {
        byte[] noise = new byte[3 * SnapshotFormat.FRAME_TARGET_BYTES];
        new Random(1).nextBytes(noise);
        List<Entity> entities = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            Json json = i % 2 == 0 ? Json.ofBytes(noise) : Json.of("{}");
            entities.add(new Entity(new EntityKey("d", KEY, "i" + i), 1, 0, json));
        }
        State state =
                new State(new SnapshotInfo(State.PARTITION, 1, 5, 5, Map.of()), entities, List.of("t"), List.of(1L));
        assertEquals(state, State.decode(state.id(), state.encode()));
    }

    @Test
    void shouldHoldWhatTheLogCanBring() throws Exception {
        Json largest = Json.ofBytes(new byte[SnapshotFormat.MAX_ITEM_BYTES - 32]);
        State state = new State(
                new SnapshotInfo(State.PARTITION, 1, 5, 1, Map.of()),
                List.of(new Entity(new EntityKey("d", KEY, "i"), 1, 0, largest)),
                List.of(),
                List.of());
        assertEquals(state, State.decode(state.id(), state.encode()));

        Json over = Json.ofBytes(new byte[SnapshotFormat.MAX_ITEM_BYTES]);
        String message = assertThrows(IllegalArgumentException.class, () -> write(entity(KEY, 1, over)))
                .getMessage();
        assertTrue(message.endsWith("must be at most " + SnapshotFormat.MAX_ITEM_BYTES), message);
    }

    @Test
    void shouldRefuseToWriteWhatItWouldNotRead() {
        Json json = Json.of("{}");
        assertThrows(IllegalArgumentException.class, () -> write(entity(Partitions.pinnedKey(4), 1, json)));
        assertThrows(IllegalArgumentException.class, () -> write(entity(KEY, 0, json)));
        assertThrows(IllegalArgumentException.class, () -> write(entity(KEY, 8, json)));
        for (SnapshotInfo info : List.of(
                new SnapshotInfo(16, 1, 1, 0, Map.of()),
                new SnapshotInfo(3, -1, 1, 0, Map.of()),
                new SnapshotInfo(3, 1, 1, 0, Map.of("order", 0)))) {
            assertThrows(
                    IllegalArgumentException.class, () -> new SnapshotEncoder(info, OutputStream.nullOutputStream()));
        }
    }

    private static Entity entity(String key, long version, Json json) {
        return new Entity(new EntityKey("d", key, "i"), version, 0, json);
    }

    private static void write(Entity entity) throws IOException {
        SnapshotInfo info = new SnapshotInfo(State.PARTITION, 7, 0, 1, Map.of());
        try (SnapshotEncoder encoder = new SnapshotEncoder(info, OutputStream.nullOutputStream())) {
            encoder.entities(EntityBatch.of(List.of(entity)));
        }
    }

    // ------------------------------------------------------------------ damage

    @Test
    void shouldRefuseEveryTruncation() throws Exception {
        State state = small();
        byte[] bytes = state.encode();
        for (int length = 0; length < bytes.length; length++) {
            byte[] cut = Arrays.copyOf(bytes, length);
            String message = refused(state.id(), cut);
            assertTrue(message.contains(length == 0 ? "is empty" : "ends at byte " + length), length + ": " + message);
        }
    }

    @Test
    void shouldRefuseEveryFlippedBit() throws Exception {
        State state = small();
        byte[] bytes = state.encode();
        for (int bit = 0; bit < bytes.length * 8; bit++) {
            byte[] damaged = bytes.clone();
            damaged[bit / 8] ^= (byte) (1 << bit % 8);
            refused(state.id(), damaged);
        }
    }

    @Test
    void shouldRefuseWhateverFollowsTheEnd() throws Exception {
        State state = small();
        byte[] bytes = state.encode();
        assertTrue(refused(state.id(), Arrays.copyOf(bytes, bytes.length + 1)).contains("goes on behind its end"));
        assertTrue(refused(state.id(), join(bytes, bytes)).contains("goes on behind its end"));
    }

    @Test
    void shouldRefuseFramesThatWereDroppedDoubledOrSwapped() throws Exception {
        State state = State.random(new Random(5), 40_000);
        byte[] bytes = state.encode();
        List<byte[]> parts = parts(bytes);
        assertTrue(parts.size() > 4, parts.size() + " parts");
        assertEquals(state, State.decode(state.id(), join(parts.toArray(byte[][]::new))));
        for (int i = 1; i < parts.size() - 1; i++) {
            List<byte[]> dropped = new ArrayList<>(parts);
            byte[] part = dropped.remove(i);
            refused(state.id(), join(dropped.toArray(byte[][]::new)));
            List<byte[]> doubled = new ArrayList<>(parts);
            doubled.add(i, part);
            refused(state.id(), join(doubled.toArray(byte[][]::new)));
            List<byte[]> moved = new ArrayList<>(dropped);
            moved.add(1 + i % (parts.size() - 2), part);
            refused(state.id(), join(moved.toArray(byte[][]::new)));
        }
    }

    /** Header, frames, end. */
    private static List<byte[]> parts(byte[] bytes) {
        List<byte[]> parts = new ArrayList<>();
        ByteBuffer in = ByteBuffer.wrap(bytes);
        int from = 0;
        int to = HEADER_BYTES + in.getInt(9) + 4;
        while (from < bytes.length) {
            parts.add(Arrays.copyOfRange(bytes, from, to));
            from = to;
            if (from < bytes.length) {
                boolean end = bytes[from] == SnapshotFormat.KIND_END;
                to = end ? bytes.length : from + SnapshotFormat.FRAME_HEAD_BYTES + in.getInt(from + 9) + 4;
            }
        }
        return parts;
    }

    private static byte[] join(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }

    @Test
    void shouldRefuseForeignFiles() throws Exception {
        SnapshotId id = small().id();
        assertMessage(id, new byte[0], "is empty");
        assertMessage(id, new byte[100], "is no snapshot: it begins with 0000000000000000");
        assertMessage(
                id,
                "{\"domain\":\"order\"}".getBytes(StandardCharsets.UTF_8),
                "is no snapshot: it begins with 7b22646f6d61696e");
        assertTrue(refused(id, Zstd.compress(new byte[1000])).contains("is no snapshot: it begins with 28b52ffd"));
    }

    @Test
    void shouldRefuseAnotherPartitionAndAnotherVersion() throws Exception {
        State state = small();
        byte[] bytes = state.encode();
        SnapshotId partition = new SnapshotId(4, state.version(), "s", 0);
        assertMessage(partition, bytes, "is of partition 3, expected was partition 4");
        SnapshotId version = new SnapshotId(3, 5, "s", 0);
        assertMessage(version, bytes, "is of version " + state.version() + ", expected was version 5");
    }

    @Test
    void shouldTellANewerFormatFromDamage() {
        SnapshotId id = new SnapshotId(3, 7, "s", 0);
        Crafted newer = new Crafted()
                .raw(SnapshotFormat.MAGIC)
                .raw((byte) 2)
                .number(3)
                .raw(new byte[3])
                .check();
        assertMessage(
                id,
                newer.bytes(),
                "is in format 2; this program reads format 1: use the program that wrote it, or a newer one");
        byte[] flipped = new Crafted().header(7, Map.of()).bytes();
        flipped[8] = 2;
        assertTrue(refused(id, flipped).contains("has checksum"));
    }

    // ------------------------------------------------------------------ lies with a right checksum

    @Test
    void shouldRefuseAbsurdLengthsAndCounts() {
        SnapshotId id = new SnapshotId(3, 7, "s", 0);
        int max = SnapshotFormat.MAX_FRAME_BYTES;
        int stored = SnapshotFormat.MAX_STORED_BYTES;
        for (int absurd : new int[] {0, -1, Integer.MIN_VALUE, Integer.MAX_VALUE, stored + 1}) {
            String said = Integer.toUnsignedString(absurd);
            assertMessage(
                    id,
                    headed().raw((byte) 1).number(1).number(absurd).number(9).bytes(),
                    "promises " + said + " bytes in the frame at byte 22: must be within 1.." + max);
            assertMessage(
                    id,
                    headed().raw((byte) 1).number(1).number(9).number(absurd).bytes(),
                    "promises " + said + " compressed bytes in the frame at byte 22: must be within 1.." + stored);
            assertMessage(
                    id,
                    headed().raw((byte) 1).number(absurd).number(9).number(9).bytes(),
                    "promises " + said + " items in the frame at byte 22: must be within 1..9");
        }
        assertMessage(id, headed().raw((byte) 4).bytes(), "has a frame of unknown kind 4 at byte 22");
        assertMessage(
                id,
                new Crafted()
                        .raw(SnapshotFormat.MAGIC)
                        .raw((byte) 1)
                        .number(1 << 30)
                        .bytes(),
                "has a header of 1073741824 bytes: must be at most 65536");
        // Promises of the largest frame with nothing behind them must not take its memory.
        for (int i = 0; i < 200; i++) {
            refused(
                    id,
                    headed().raw((byte) 1).number(1).number(max).number(stored).bytes());
        }
    }

    @Test
    void shouldDecompressNoMoreThanWasPromised() {
        SnapshotId id = new SnapshotId(3, 7, "s", 0);
        byte[] bomb = Zstd.compress(new byte[256 * 1024 * 1024]);
        assertMessage(
                id,
                headed().frame(1, 1, 1000, bomb).bytes(),
                "holds a zstd frame of 268435456 bytes where 1000 were promised in the frame at byte 22");
        byte[] two = join(Zstd.compress(new byte[1000]), bomb);
        assertTrue(refused(id, headed().frame(1, 1, 1000, two).bytes()).contains("cannot be decompressed"));
        byte[] noFrame = new byte[100];
        assertTrue(refused(id, headed().frame(1, 1, 1000, noFrame).bytes()).contains("zstd frame of -"));
    }

    @Test
    void shouldRefuseWellMadeFramesThatBreakTheRules() {
        SnapshotId id = new SnapshotId(3, 7, "s", 0);
        refusedItem(
                1,
                item -> item.writeText(null)
                        .writeText(KEY)
                        .writeText("i")
                        .writeVarint(1)
                        .writeVarint(0)
                        .writeBytes(new byte[2]),
                "domain");
        refusedItem(
                1,
                item -> item.writeText("d")
                        .writeText("#16")
                        .writeText("i")
                        .writeVarint(1)
                        .writeVarint(0)
                        .writeBytes(new byte[2]),
                "partition 16: must be within 0..15");
        refusedItem(
                1,
                item -> item.writeText("d")
                        .writeText("#4")
                        .writeText("i")
                        .writeVarint(1)
                        .writeVarint(0)
                        .writeBytes(new byte[2]),
                "holds d/#4/i of partition 4");
        refusedItem(
                1,
                item -> item.writeText("d")
                        .writeText(KEY)
                        .writeText("i")
                        .writeVarint(0)
                        .writeVarint(0)
                        .writeBytes(new byte[2]),
                "of version 0");
        refusedItem(
                1,
                item -> item.writeText("d")
                        .writeText(KEY)
                        .writeText("i")
                        .writeVarint(8)
                        .writeVarint(0)
                        .writeBytes(new byte[2]),
                "of version 8");
        refusedItem(
                1,
                item -> item.writeText("d")
                        .writeText(KEY)
                        .writeText("i")
                        .writeVarint(1)
                        .writeVarint(-1)
                        .writeBytes(new byte[2]),
                "of time -1");
        refusedItem(
                1,
                item -> item.writeText("d")
                        .writeText(KEY)
                        .writeText("i")
                        .writeVarint(1)
                        .writeVarint(0)
                        .writeBytes(null),
                "holds an entity that is not valid");
        refusedItem(2, item -> item.writeText(null).writeVarint(1), "transaction id");
        refusedItem(2, item -> item.writeText("t").writeVarint(8), "holds transaction t of version 8");
        refusedItem(2, item -> item.writeText("t").writeVarint(1).writeByte(0), "has 1 bytes left over behind 1 items");
        WireWriter one = new WireWriter().writeText("t").writeVarint(1);
        byte[] body = one.toBytes();
        assertTrue(refused(
                        id,
                        headed().frame(2, 2, body.length, Zstd.compress(body)).bytes())
                .contains("holds a transaction that is not valid"));
        assertMessage(
                id,
                headed().raw((byte) 3).longNumber(0).longNumber(1).check().bytes(),
                "holds 0 entities and 0 transaction ids where 0 and 1 were written");
    }

    private static void refusedItem(int kind, Consumer<WireWriter> item, String expected) {
        WireWriter body = new WireWriter();
        item.accept(body);
        byte[] frame = Zstd.compress(body.toBytes());
        String message = refused(
                new SnapshotId(3, 7, "s", 0),
                headed().frame(kind, 1, body.length(), frame).bytes());
        assertTrue(message.contains(expected), message);
    }

    private static Crafted headed() {
        return new Crafted().header(7, Map.of());
    }

    /** Writes anything, with right checksums. */
    private static final class Crafted {

        private final ByteArrayOutputStream out = new ByteArrayOutputStream();
        private final CRC32C check = new CRC32C();

        Crafted raw(byte... bytes) {
            out.writeBytes(bytes);
            check.update(bytes);
            return this;
        }

        Crafted number(int number) {
            return raw(ByteBuffer.allocate(4).putInt(number).array());
        }

        Crafted longNumber(long number) {
            return raw(ByteBuffer.allocate(8).putLong(number).array());
        }

        Crafted check() {
            out.writeBytes(ByteBuffer.allocate(4).putInt((int) check.getValue()).array());
            return this;
        }

        Crafted header(long version, Map<String, Integer> schemas) {
            WireWriter header =
                    new WireWriter().writeVarint(3).writeVarint(version).writeVarint(300);
            header.writeList(List.copyOf(schemas.entrySet()), (w, e) -> w.writeText(e.getKey())
                    .writeVarint(e.getValue()));
            return raw(SnapshotFormat.MAGIC)
                    .raw((byte) 1)
                    .number(header.length())
                    .raw(header.toBytes())
                    .check();
        }

        Crafted frame(int kind, int count, int raw, byte[] stored) {
            return raw((byte) kind)
                    .number(count)
                    .number(raw)
                    .number(stored.length)
                    .raw(stored)
                    .check();
        }

        byte[] bytes() {
            return out.toByteArray();
        }
    }

    // ------------------------------------------------------------------ what is not damage

    @Test
    void shouldNotCallAReadErrorDamage() throws Exception {
        State state = small();
        byte[] bytes = state.encode();
        IOException error = new IOException("Input/output error");
        for (int at = 0; at < bytes.length; at += 7) {
            InputStream half = new SequenceInputStream(new ByteArrayInputStream(bytes, 0, at), new Failing(error));
            try (SnapshotDecoder decoder =
                    new SnapshotDecoder(state.id(), new SourceStream(half), new State.Collected())) {
                assertSame(error, assertThrows(IOException.class, decoder::read));
            }
        }
    }

    private static final class Failing extends InputStream {

        private final IOException error;

        Failing(IOException error) {
            this.error = error;
        }

        @Override
        public int read() throws IOException {
            throw error;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            throw error;
        }
    }

    @Test
    void shouldLeaveTheErrorsOfTheSinkAlone() throws Exception {
        State state = small();
        IllegalStateException newer = new IllegalStateException("schema 3 of order: newer than this program");
        SnapshotSink sink = new SnapshotSink() {
            @Override
            public void schemas(Map<String, Integer> versions) {
                assertEquals(state.info().schemas(), versions);
            }

            @Override
            public void entity(Entity entity) {
                throw newer;
            }

            @Override
            public void transaction(String id, long version) {
                throw newer;
            }
        };
        SourceStream source = new SourceStream(new ByteArrayInputStream(state.encode()));
        try (SnapshotDecoder decoder = new SnapshotDecoder(state.id(), source, sink)) {
            assertSame(newer, assertThrows(IllegalStateException.class, decoder::read));
        }
    }

    private static void assertMessage(SnapshotId id, byte[] bytes, String message) {
        assertEquals("snapshot " + id.name() + " of partition " + id.partition() + " " + message, refused(id, bytes));
    }

    private static String refused(SnapshotId id, byte[] bytes) {
        return assertThrows(DamagedSnapshotException.class, () -> State.decode(id, bytes))
                .getMessage();
    }
}
