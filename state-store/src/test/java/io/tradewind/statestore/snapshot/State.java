package io.tradewind.statestore.snapshot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.tradewind.contracts.Json;
import io.tradewind.contracts.state.Entity;
import io.tradewind.contracts.state.EntityKey;
import io.tradewind.contracts.state.Partitions;
import io.tradewind.statestore.domain.EntityBatch;
import io.tradewind.statestore.domain.SnapshotSink;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;

/** What a snapshot is made of, and what came out of one. Equal when everything in it is. */
record State(SnapshotInfo info, List<Entity> entities, List<String> ids, List<Long> versions) {

    static final int PARTITION = 3;
    private static final long TIME_MS = 1_767_225_600_000L;
    private static final Path GOLDEN = Path.of("src", "test", "resources", "golden");

    /** The same for the same random numbers; small ones are frequent. */
    static State random(Random random) {
        int count = random.nextInt(4) == 0 ? random.nextInt(20_000) : random.nextInt(20);
        return random(random, count);
    }

    static State random(Random random, int count) {
        long version = 1 + (random.nextLong() >>> (1 + random.nextInt(60)));
        List<Entity> entities = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            EntityKey key = new EntityKey("domain-" + random.nextInt(4), key(random), "id-" + i);
            entities.add(new Entity(key, versionIn(random, version), TIME_MS + random.nextInt(9999), json(random)));
        }
        List<String> ids = new ArrayList<>();
        List<Long> versions = new ArrayList<>();
        for (int i = random.nextInt(1 + count); i > 0; i--) {
            ids.add("tx-Zürich-" + random.nextLong());
            versions.add(versionIn(random, version));
        }
        Map<String, Integer> schemas = random.nextBoolean() ? Map.of() : Map.of("order", 2, "account", 7);
        return new State(new SnapshotInfo(PARTITION, version, TIME_MS, count, schemas), entities, ids, versions);
    }

    /** A state without transaction ids and schemas, as the forms without header hold it. */
    State legacy() {
        long latest = entities.stream().mapToLong(Entity::timeMs).max().orElse(0);
        SnapshotInfo plain = new SnapshotInfo(PARTITION, info.version(), latest, info.entities(), Map.of());
        return new State(plain, entities, List.of(), List.of());
    }

    private static long versionIn(Random random, long version) {
        return 1 + Math.floorMod(random.nextLong(), version);
    }

    private static String key(Random random) {
        String key = "account-" + random.nextInt(100);
        while (Partitions.of(key) != PARTITION) {
            key += "+";
        }
        return random.nextInt(5) == 0 ? Partitions.pinnedKey(PARTITION) : key;
    }

    private static Json json(Random random) {
        String text =
                random.nextInt(50) == 0 ? Long.toHexString(random.nextLong()).repeat(200) : "AAPL";
        return Json.of("{\"symbol\":\"" + text + "\", \"qty\":\"" + random.nextInt(1000) + "\",\"name\":\"Zürich "
                + "\uD83D\uDCC8\\n\",\"n\":1.50e+1,\"list\":[{},[\"}\"]]}");
    }

    long version() {
        return info.version();
    }

    void writeTo(SnapshotWriter writer) throws IOException {
        int half = entities.size() / 2;
        writer.writeEntities(EntityBatch.of(entities.subList(0, half)));
        writer.writeTransactions(ids, versionArray());
        writer.writeEntities(EntityBatch.of(entities.subList(half, entities.size())));
    }

    byte[] encode() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (SnapshotEncoder encoder = new SnapshotEncoder(info, out)) {
            encoder.entities(EntityBatch.of(entities));
            encoder.transactions(ids, versionArray());
            encoder.finish();
        }
        return out.toByteArray();
    }

    private long[] versionArray() {
        return versions.stream().mapToLong(Long::longValue).toArray();
    }

    /** The lines of the forms without header. */
    String lines() {
        return entities.stream().map(State::line).collect(Collectors.joining());
    }

    private static String line(Entity entity) {
        EntityKey key = entity.key();
        return "{\"domain\":\"" + key.domain() + "\",\"key\":\"" + key.partitionKey() + "\",\"id\":\"" + key.id()
                + "\",\"version\":" + entity.version() + ",\"time\":" + entity.timeMs() + ",\"value\":"
                + entity.json() + "}\n";
    }

    SnapshotId id() {
        return id("7.snapshot");
    }

    SnapshotId id(String name) {
        return new SnapshotId(PARTITION, info.version(), name, 0);
    }

    static State decode(SnapshotId id, byte[] bytes) throws IOException, DamagedSnapshotException {
        Collected sink = new Collected();
        try (SnapshotDecoder decoder =
                new SnapshotDecoder(id, new SourceStream(new ByteArrayInputStream(bytes)), sink)) {
            return sink.state(decoder.read());
        }
    }

    static State decodeLegacy(SnapshotId id, byte[] bytes) throws IOException, DamagedSnapshotException {
        Collected sink = new Collected();
        SourceStream source = new SourceStream(new ByteArrayInputStream(bytes));
        return sink.state(new LegacyDecoder(id, source, sink).read());
    }

    static State read(SnapshotStore store, SnapshotId id) throws IOException, DamagedSnapshotException {
        Collected sink = new Collected();
        return sink.state(store.read(id, sink));
    }

    /** Takes in whatever comes, in its order. */
    static final class Collected implements SnapshotSink {

        private final List<Entity> entities = new ArrayList<>();
        private final List<String> ids = new ArrayList<>();
        private final List<Long> versions = new ArrayList<>();
        private Map<String, Integer> schemas;

        @Override
        public void schemas(Map<String, Integer> found) {
            assertNull(schemas, "said once");
            schemas = found;
        }

        @Override
        public void entity(Entity entity) {
            assertNotNull(schemas, "said before the first entity");
            entities.add(entity);
        }

        @Override
        public void transaction(String id, long version) {
            ids.add(id);
            versions.add(version);
        }

        State state(SnapshotInfo info) {
            assertEquals(info.schemas(), schemas);
            return new State(info, entities, ids, versions);
        }
    }

    /**
     * A file of src/test/resources/golden, in hexadecimal: written once ({@code -Dgolden.write=true} writes those that
     * are missing), read ever after.
     */
    static byte[] golden(String name, String about, byte[] whenMissing) throws IOException {
        Path file = GOLDEN.resolve(name);
        if (Boolean.getBoolean("golden.write") && Files.notExists(file)) {
            Files.createDirectories(GOLDEN);
            String hex = HexFormat.of().formatHex(whenMissing).replaceAll("(.{64})(?=.)", "$1\n");
            Files.writeString(file, "# " + about + "\n" + hex + "\n");
        }
        return HexFormat.of()
                .parseHex(Files.readAllLines(file).stream()
                        .filter(line -> !line.startsWith("#"))
                        .collect(Collectors.joining()));
    }
}
