package io.tradewind.contracts.state;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tradewind.contracts.Golden;
import io.tradewind.contracts.Json;
import io.tradewind.contracts.JsonObjects;
import io.tradewind.contracts.Samples;
import io.tradewind.contracts.Seeds;
import io.tradewind.contracts.state.schema.Migration;
import io.tradewind.contracts.state.schema.MigrationFailedException;
import io.tradewind.contracts.state.schema.NewerSchemaException;
import io.tradewind.contracts.state.schema.Schemas;
import io.tradewind.contracts.wire.WireFormatException;
import io.tradewind.contracts.wire.WireWriter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Log entries that outlive the shape of their documents. */
@Timeout(value = 30, unit = TimeUnit.SECONDS)
class LogCodecSchemasTest {

    private static final Schemas NO_STEPS = new Schemas(List.of());
    private static final Schemas ORDER_3_RISK_2 = counting(Map.of("order", 3, "risk", 2));

    /** Steps that write down in the document that they were here. */
    private static Schemas counting(Map<String, Integer> versions) {
        List<Migration> steps = new ArrayList<>();
        versions.forEach((domain, version) -> {
            for (int from = 1; from < version; from++) {
                String name = "step-" + from;
                steps.add(new Migration(domain, from, "adds " + name, document -> document.set(name, true)));
            }
        });
        return new Schemas(steps);
    }

    private static byte[] encode(Schemas schemas, List<CommittedTransaction> commit) {
        try (LogCodec codec = new LogCodec(schemas)) {
            return codec.encode(commit);
        }
    }

    private static List<CommittedTransaction> decode(Schemas schemas, byte[] entry) {
        try (LogCodec codec = new LogCodec(schemas)) {
            return codec.decode(entry);
        }
    }

    private static List<CommittedTransaction> commit(Mutation... mutations) {
        return List.of(
                new CommittedTransaction(5, Samples.TIME_MS, "tx", new Cause(null, null, null), List.of(mutations)));
    }

    private static Mutation put(String domain, String json) {
        return new Mutation(new EntityKey(domain, "alice", "1"), Json.of(json));
    }

    private static Mutation delete(String domain) {
        return new Mutation(new EntityKey(domain, "alice", "1"), null);
    }

    @Test
    void shouldSpendNothingWhereEveryDocumentIsInVersionOne() {
        List<CommittedTransaction> orders = commit(put("order", "{}"), put("other", "{}"), delete("risk"));
        byte[] plain = encode(NO_STEPS, orders);
        assertEquals(1, plain[0]);
        assertArrayEquals(plain, encode(counting(Map.of("position", 2, "risk", 9)), orders), "byte by byte as ever");
    }

    @Test
    void shouldSayOnlyTheVersionsThatMatter() {
        List<CommittedTransaction> mixed = commit(put("order", "{}"), put("position", "{}"), put("position", "{}"));
        byte[] plain = encode(NO_STEPS, mixed);
        byte[] entry = encode(counting(Map.of("position", 2, "risk", 2)), mixed);
        assertEquals(2, entry[0]);
        assertEquals(plain.length + 1 + 1 + "position".length() + 1, entry.length, "count, text, version");
        try (LogCodec codec = new LogCodec(NO_STEPS)) {
            assertEquals(Map.of("position", 2), codec.decodeAsWritten(entry).schemas());
            assertEquals(mixed, codec.decodeAsWritten(entry).transactions());
            assertEquals(new LogCodec.AsWritten(Map.of(), mixed), codec.decodeAsWritten(plain));
        }
    }

    @Test
    void shouldKeepTheGoldenEntryOfFormatTwo() throws Exception {
        byte[] entry = encode(ORDER_3_RISK_2, Samples.committed());
        Golden.assertBytes(
                "log-entry-v2.hex", "log entry, format 2, plain: Samples.committed() with order in schema 3", entry);
        assertEquals(Samples.committed(), decode(ORDER_3_RISK_2, Golden.read("log-entry-v2.hex")));
    }

    @Test
    void shouldReadTheGoldenCompressedEntryOfFormatTwo() throws Exception {
        List<CommittedTransaction> large = random(new Random(42), 30);
        Golden.writeIfAsked(
                "log-entry-zstd-v2.hex",
                "log entry, format 2, zstd: 30 transactions with order in schema 3 and risk in 2, see LogCodecSchemasTest",
                encode(ORDER_3_RISK_2, large));
        assertEquals(large, decode(ORDER_3_RISK_2, Golden.read("log-entry-zstd-v2.hex")));
    }

    @Test
    void shouldReadFormatOneAsSchemaOne() throws Exception {
        List<CommittedTransaction> old = decode(ORDER_3_RISK_2, Golden.read("log-entry-v1.hex"));
        assertEquals(
                "{\"id\":\"0198-1\",\"qty\":\"10\",\"step-1\":true,\"step-2\":true}",
                old.get(0).mutations().get(0).json().toString());
        assertTrue(old.get(0).mutations().get(1).isDelete());
        assertEquals(41, old.get(0).version());
        assertEquals(Samples.TIME_MS, old.get(0).timeMs());
    }

    /** Written by the program as it was when positions were in schema 1: an account, an order, its two fills. */
    @Test
    void shouldReadAnOldLogWithPositionsAsTheyAreToday() throws Exception {
        byte[] entry = Golden.read("log-entry-positions-v1.hex");
        List<Json> positions = new ArrayList<>();
        List<CommittedTransaction> today = decode(Schemas.current(), entry);
        List<CommittedTransaction> then = decode(NO_STEPS, entry);
        assertEquals(
                List.of(1L, 2L, 3L, 4L, 5L),
                today.stream().map(CommittedTransaction::version).toList());
        for (int i = 0; i < today.size(); i++) {
            for (int m = 0; m < today.get(i).mutations().size(); m++) {
                Mutation mutation = today.get(i).mutations().get(m);
                if (mutation.key().domain().equals(Domains.POSITION)) {
                    positions.add(mutation.json());
                } else {
                    assertEquals(then.get(i).mutations().get(m), mutation, "only positions have changed");
                }
            }
        }
        assertEquals(2, positions.size());
        Map<String, String> last = JsonObjects.read(positions.get(1));
        assertEquals("674d242a-0b04-3616-8ec5-3c7710d8ae0e", last.get("asset_id"));
        assertEquals("", last.get("exchange"));
        assertEquals("-0.004303012", last.get("unrealized_plpc"), "a loss of 4.3 on 999.3");
        assertEquals("10", last.get("qty"));
    }

    @Test
    void shouldBringWhateverAnOlderProgramWroteToTheShapeOfToday() {
        Seeds.each(400, (seed, random) -> {
            Map<String, Integer> then = versions(random, 1);
            Map<String, Integer> today = new HashMap<>();
            then.forEach((domain, version) -> today.put(domain, version + random.nextInt(3)));
            Schemas newSchemas = counting(today);
            List<CommittedTransaction> commit = random(random, 1 + random.nextInt(20));
            List<CommittedTransaction> read = decode(newSchemas, encode(counting(then), commit));
            List<CommittedTransaction> expected = new ArrayList<>();
            for (CommittedTransaction tx : commit) {
                List<Mutation> mutations = tx.mutations().stream()
                        .map(m -> m.isDelete()
                                ? m
                                : new Mutation(
                                        m.key(),
                                        newSchemas.upgrade(
                                                m.key(),
                                                then.getOrDefault(m.key().domain(), 1),
                                                m.json())))
                        .toList();
                expected.add(new CommittedTransaction(tx.version(), tx.timeMs(), tx.id(), tx.cause(), mutations));
            }
            assertEquals(expected, read);
            assertEquals(expected, decode(newSchemas, encode(newSchemas, expected)), "and leaves it so");
        });
    }

    private static Map<String, Integer> versions(Random random, int from) {
        Map<String, Integer> versions = new HashMap<>();
        for (String domain : List.of("order", "position", "risk")) {
            versions.put(domain, from + random.nextInt(3));
        }
        return versions;
    }

    private static List<CommittedTransaction> random(Random random, int count) {
        List<CommittedTransaction> transactions = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            List<Mutation> mutations = new ArrayList<>();
            for (int m = random.nextInt(3); m >= 0; m--) {
                String domain = List.of("order", "position", "risk", "other").get(random.nextInt(4));
                EntityKey key = new EntityKey(domain, "account-" + random.nextInt(3), "id-" + random.nextInt(100));
                Json json = random.nextInt(6) == 0 ? null : Json.of("{\"qty\":\"" + random.nextInt(1000) + "\"}");
                mutations.add(new Mutation(key, json));
            }
            transactions.add(new CommittedTransaction(
                    100 + i, Samples.TIME_MS + i, "tx-" + random.nextInt(), new Cause(null, null, "key"), mutations));
        }
        return transactions;
    }

    @Test
    void shouldRefuseANewerSchemaAlsoForADomainThatNobodyHereKnows() {
        byte[] entry = encode(counting(Map.of("order", 3)), commit(put("order", "{}")));
        NewerSchemaException refused =
                assertThrows(NewerSchemaException.class, () -> decode(counting(Map.of("order", 2)), entry));
        assertEquals("order", refused.domain());
        assertEquals(3, refused.found());
        assertEquals(2, refused.known());
        assertThrows(NewerSchemaException.class, () -> decode(NO_STEPS, entry));
    }

    @Test
    void shouldNeverSkipADocumentThatAStepCannotHandle() {
        byte[] entry = encode(NO_STEPS, commit(put("order", "{}"), put("position", "{\"symbol\":\"AAPL\"}")));
        MigrationFailedException failed =
                assertThrows(MigrationFailedException.class, () -> decode(Schemas.current(), entry));
        assertEquals(new EntityKey("position", "alice", "1"), failed.key());
        assertEquals("cost_basis is missing", failed.reason());
    }

    @Test
    void shouldDetectEveryFlippedByteAlsoOfTheFormatItself() {
        byte[] entry = encode(ORDER_3_RISK_2, Samples.committed());
        try (LogCodec codec = new LogCodec(ORDER_3_RISK_2)) {
            for (int at = 0; at < entry.length; at++) {
                for (int mask = 1; mask < 256; mask++) {
                    byte[] damaged = entry.clone();
                    damaged[at] ^= (byte) mask;
                    assertThrows(WireFormatException.class, () -> codec.decode(damaged), "byte " + at + " xor " + mask);
                }
            }
        }
    }

    @Test
    void shouldRefuseSchemaVersionsThatNoWriterWrites() {
        assertRefused(body -> body.writeVarint(0), "log entry in format 2 without schema versions");
        String order = "': domains must be in order, versions above 1";
        assertRefused(
                body -> body.writeVarint(1).writeText("order").writeVarint(1),
                "log entry with schema version 1 for domain 'order" + order);
        assertRefused(
                body -> body.writeVarint(1).writeText(null).writeVarint(2),
                "log entry with schema version 2 for domain 'null" + order);
        assertRefused(
                body -> body.writeVarint(2)
                        .writeText("risk")
                        .writeVarint(2)
                        .writeText("order")
                        .writeVarint(2),
                "log entry with schema version 2 for domain 'order" + order);
        assertRefused(
                body -> body.writeVarint(2)
                        .writeText("risk")
                        .writeVarint(2)
                        .writeText("risk")
                        .writeVarint(2),
                "log entry with schema version 2 for domain 'risk" + order);
        assertRefused(body -> body.writeVarint(Integer.MAX_VALUE), "ends at byte 5 where more was expected");
    }

    private static void assertRefused(Consumer<WireWriter> content, String message) {
        WireWriter body = new WireWriter();
        content.accept(body);
        byte[] bytes = body.toBytes();
        CRC32C crc = new CRC32C();
        crc.update(2);
        crc.update(0);
        crc.update(bytes);
        WireWriter out = new WireWriter().writeByte(2).writeByte(0).writeVarint(bytes.length);
        for (int shift = 24; shift >= 0; shift -= 8) {
            out.writeByte((int) (crc.getValue() >>> shift));
        }
        for (byte b : bytes) {
            out.writeByte(b);
        }
        assertEquals(
                message,
                assertThrows(WireFormatException.class, () -> decode(ORDER_3_RISK_2, out.toBytes()))
                        .getMessage());
    }

    @Test
    void shouldNameDomainsInOrder() {
        Map<String, Integer> versions = new TreeMap<>(Map.of("b", 2, "a", 2, "c", 3));
        byte[] entry = encode(counting(versions), commit(put("c", "{}"), put("a", "{}"), put("b", "{}")));
        try (LogCodec codec = new LogCodec(NO_STEPS)) {
            assertEquals(
                    List.of("a", "b", "c"),
                    List.copyOf(codec.decodeAsWritten(entry).schemas().keySet()));
        }
    }
}
