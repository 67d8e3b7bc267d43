package io.tradewind.contracts.state;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tradewind.contracts.Golden;
import io.tradewind.contracts.Json;
import io.tradewind.contracts.Samples;
import io.tradewind.contracts.Seeds;
import io.tradewind.contracts.state.schema.Schemas;
import io.tradewind.contracts.wire.WireFormatException;
import io.tradewind.contracts.wire.WireWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 120, unit = TimeUnit.SECONDS)
class LogCodecTest {

    private static final int FLAGS_AT = 1;
    private static final int PLAIN = 0;
    private static final int ZSTD = 1;

    /** Without a step all is in schema version 1, whatever becomes of the domains later. */
    private final LogCodec codec = new LogCodec(new Schemas(List.of()));

    @AfterEach
    void close() {
        codec.close();
    }

    /** Many orders of a few accounts, as a busy partition commits them; the same for the same seed. */
    private static List<CommittedTransaction> commit(long first, int count, Random random) {
        List<CommittedTransaction> transactions = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            List<Mutation> mutations = new ArrayList<>();
            for (int m = random.nextInt(4); m >= 0; m--) {
                String account = "account-" + random.nextInt(5);
                EntityKey key = new EntityKey("order", account, Integer.toHexString(random.nextInt()));
                mutations.add(new Mutation(
                        key,
                        random.nextInt(10) == 0
                                ? null
                                : Json.of("{\"account_id\":\"" + account + "\",\"symbol\":\"AAPL\",\"qty\":\""
                                        + random.nextInt(1000) + "\",\"name\":\"Zürich\"}")));
            }
            Cause cause = random.nextBoolean() ? new Cause("r-" + i, "c-" + i, "key") : new Cause(null, "", null);
            transactions.add(new CommittedTransaction(
                    first + i, Samples.TIME_MS + random.nextInt(1000), "tx-" + random.nextLong(), cause, mutations));
        }
        return transactions;
    }

    @Test
    void shouldReadBackRandomCommits() {
        int[] seen = new int[2];
        Seeds.each(300, (seed, random) -> {
            int count = random.nextInt(10) == 0 ? 1 + random.nextInt(500) : 1 + random.nextInt(3);
            List<CommittedTransaction> commit =
                    commit(1 + (random.nextLong() >>> (2 + random.nextInt(60))), count, random);
            byte[] entry = codec.encode(commit);
            seen[entry[FLAGS_AT]]++;
            assertEquals(commit, codec.decode(entry));
        });
        if (System.getProperty("seed") == null) {
            assertTrue(seen[PLAIN] > 50 && seen[ZSTD] > 50, "both forms: " + Arrays.toString(seen));
        }
    }

    @Test
    void shouldCompressFromWhereItPays() {
        assertEquals(PLAIN, codec.encode(Samples.committed())[FLAGS_AT]);
        List<CommittedTransaction> large = commit(1, 200, new Random(1));
        byte[] entry = codec.encode(large);
        assertEquals(ZSTD, entry[FLAGS_AT]);
        int documents = large.stream()
                .flatMap(tx -> tx.mutations().stream())
                .filter(m -> m.json() != null)
                .mapToInt(m -> m.json().size())
                .sum();
        assertTrue(entry.length < documents / 2, entry.length + " bytes for documents of " + documents);
    }

    @Test
    void shouldKeepTheGoldenEntry() throws Exception {
        byte[] entry = codec.encode(Samples.committed());
        Golden.assertBytes("log-entry-v1.hex", "log entry, format 1, plain: Samples.committed()", entry);
        assertEquals(Samples.committed(), codec.decode(Golden.read("log-entry-v1.hex")));
    }

    @Test
    void shouldReadTheGoldenCompressedEntry() throws Exception {
        // Another zstd may write other bytes, but has to read these.
        List<CommittedTransaction> commit = commit(1_000, 20, new Random(42));
        Golden.writeIfAsked(
                "log-entry-zstd-v1.hex",
                "log entry, format 1, zstd: 20 transactions from version 1000, see LogCodecTest",
                codec.encode(commit));
        assertEquals(commit, codec.decode(Golden.read("log-entry-zstd-v1.hex")));
    }

    @Test
    void shouldDetectEveryFlippedByteOfAPlainEntry() {
        byte[] entry = codec.encode(Samples.committed());
        for (int at = 0; at < entry.length; at++) {
            for (int mask = 1; mask < 256; mask++) {
                byte[] damaged = entry.clone();
                damaged[at] ^= (byte) mask;
                assertThrows(WireFormatException.class, () -> codec.decode(damaged), "byte " + at + " xor " + mask);
            }
        }
    }

    @Test
    void shouldNeverReadAFlippedBitOfACompressedEntryAsAnotherCommit() {
        // A few bits of a zstd frame carry nothing; with one of those flipped the entry still says the same.
        List<CommittedTransaction> commit = commit(7, 12, new Random(3));
        byte[] entry = codec.encode(commit);
        assertEquals(ZSTD, entry[FLAGS_AT]);
        int refused = 0;
        for (int bit = 0; bit < entry.length * 8; bit++) {
            byte[] damaged = entry.clone();
            damaged[bit / 8] ^= (byte) (1 << bit % 8);
            refused += refusedOrSame(damaged, commit);
        }
        assertTrue(refused > entry.length * 8 * 0.95, refused + " of " + entry.length * 8);
    }

    @Test
    void shouldRefuseEveryTruncationAndEveryAddition() {
        for (List<CommittedTransaction> commit : List.of(Samples.committed(), commit(7, 12, new Random(3)))) {
            byte[] entry = codec.encode(commit);
            for (int length = 0; length < entry.length; length++) {
                byte[] cut = Arrays.copyOf(entry, length);
                assertThrows(WireFormatException.class, () -> codec.decode(cut), length + " of " + entry.length);
            }
            byte[] longer = Arrays.copyOf(entry, entry.length + 1);
            assertThrows(WireFormatException.class, () -> codec.decode(longer));
        }
    }

    @Test
    void shouldNeverReadRandomDamageAsAnotherCommit() {
        List<CommittedTransaction> plain = Samples.committed();
        List<CommittedTransaction> compressed = commit(7, 12, new Random(3));
        Seeds.each(5_000, (seed, random) -> {
            List<CommittedTransaction> commit = random.nextBoolean() ? plain : compressed;
            byte[] damaged = codec.encode(commit);
            if (random.nextInt(10) == 0) {
                damaged = new byte[random.nextInt(200)];
                random.nextBytes(damaged);
            }
            for (int i = random.nextInt(5); i >= 0 && damaged.length > 0; i--) {
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
            }
            refusedOrSame(damaged, commit);
        });
    }

    private int refusedOrSame(byte[] damaged, List<CommittedTransaction> commit) {
        try {
            assertEquals(commit, codec.decode(damaged));
            return 0;
        } catch (WireFormatException e) {
            return 1;
        }
    }

    @Test
    void shouldWorkOnAfterDamage() {
        List<CommittedTransaction> commit = commit(7, 12, new Random(3));
        byte[] entry = codec.encode(commit);
        byte[] damaged = entry.clone();
        damaged[entry.length / 2] ^= 0x55;
        assertThrows(WireFormatException.class, () -> codec.decode(damaged));
        assertEquals(commit, codec.decode(entry));
        assertArrayEquals(entry, codec.encode(commit));
    }

    @Test
    void shouldSayWhatItCannotRead() {
        byte[] entry = codec.encode(Samples.committed());
        entry[0] = 3;
        assertRefused(entry, "log entry in format 3; this program reads formats 1 and 2");
        entry[0] = 1;
        entry[1] = 4;
        assertRefused(entry, "log entry with unknown flags 4");
        byte[] huge =
                new WireWriter().writeByte(1).writeByte(0).writeVarint(1L << 30).toBytes();
        assertRefused(huge, "log entry of 1073741824 bytes: must be at most 67108864");
        assertRefused(new byte[0], "ends at byte 0 where more was expected");
    }

    @Test
    void shouldRefuseWellMadeEntriesThatBreakTheRules() {
        assertRefused(entry(body -> body.writeVarint(0).writeVarint(1)), "log entry of 1 transactions from version 0");
        assertRefused(entry(body -> body.writeVarint(5).writeVarint(0)), "log entry of 0 transactions from version 5");
        assertRefused(
                entry(body -> body.writeVarint(Long.MAX_VALUE).writeVarint(1)),
                "log entry of 1 transactions from version 9223372036854775807");
        assertRefused(
                entry(body -> body.writeVarint(5).writeVarint(Integer.MAX_VALUE)),
                "ends at byte 6 where more was expected");
        // One transaction with one mutation of an entity without a domain.
        assertRefused(
                entry(body -> body.writeVarint(5)
                        .writeVarint(1)
                        .writeVarint(0)
                        .writeText("tx")
                        .writeText(null)
                        .writeText(null)
                        .writeText(null)
                        .writeVarint(1)
                        .writeText(null)
                        .writeText("alice")
                        .writeText("1")
                        .writeBytes(null)),
                "log entry is not valid: domain");
    }

    /** A plain entry with a right checksum over whatever body. */
    private static byte[] entry(Consumer<WireWriter> content) {
        WireWriter body = new WireWriter();
        content.accept(body);
        byte[] bytes = body.toBytes();
        CRC32C crc = new CRC32C();
        crc.update(bytes);
        WireWriter out = new WireWriter().writeByte(1).writeByte(0).writeVarint(bytes.length);
        for (int shift = 24; shift >= 0; shift -= 8) {
            out.writeByte((int) (crc.getValue() >>> shift));
        }
        for (byte b : bytes) {
            out.writeByte(b);
        }
        return out.toBytes();
    }

    private void assertRefused(byte[] entry, String message) {
        assertEquals(
                message,
                assertThrows(WireFormatException.class, () -> codec.decode(entry))
                        .getMessage());
    }

    @Test
    void shouldRefuseToWriteWhatIsNoCommit() {
        List<CommittedTransaction> two = Samples.committed();
        assertThrows(IllegalArgumentException.class, () -> codec.encode(List.of()));
        assertThrows(IllegalArgumentException.class, () -> codec.encode(List.of(two.get(1), two.get(0))));
        assertThrows(IllegalArgumentException.class, () -> codec.encode(List.of(two.get(0), two.get(0))));
        CommittedTransaction zero = new CommittedTransaction(0, 0, "tx", new Cause(null, null, null), List.of());
        assertThrows(IllegalArgumentException.class, () -> codec.encode(List.of(zero)));
    }

    @Test
    void shouldRefuseToWriteMoreThanItReads() {
        Json megabytes = Json.ofBytes(new byte[17 * 1024 * 1024]);
        Mutation large = new Mutation(new EntityKey("d", "k", "i"), megabytes);
        List<CommittedTransaction> commit = List.of(
                new CommittedTransaction(1, 0, "tx", new Cause(null, null, null), List.of(large, large, large, large)));
        String message = assertThrows(IllegalArgumentException.class, () -> codec.encode(commit))
                .getMessage();
        assertTrue(message.endsWith("must be at most 67108864"), message);
    }
}
