package io.tradewind.allinone.backup;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tradewind.contracts.state.Partitions;
import io.tradewind.statestore.snapshot.SnapshotId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;

/**
 * What a backup says of itself: {@code manifest.json} in it.
 *
 * <pre>
 *   {"format":1,"created_at":"2026-11-21T12:00:00Z","created_by":"0.1.0","snapshots":[
 *     {"partition":0,"version":4711,"name":"0000000000000004711.snapshot","bytes":12345,"sha256":"…64 hex digits…"},
 *     … one of each partition …]}
 * </pre>
 *
 * @param createdBy version of the program that made it
 * @param snapshots one of each partition, by partition
 */
public record Manifest(Instant createdAt, String createdBy, List<Item> snapshots) {

    /** The form that this program reads and writes. */
    static final int FORMAT = 1;

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern NAME = Pattern.compile("\\d{1,19}\\.(snapshot|json\\.zst|json\\.gz)");
    private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");

    /**
     * One snapshot in the backup.
     *
     * @param name of its file
     * @param sha256 of its bytes, in hexadecimal
     */
    public record Item(int partition, long version, String name, long bytes, String sha256) {

        /** The same, as the snapshot store names it. */
        public SnapshotId id() {
            return new SnapshotId(partition, version, name, bytes);
        }

        /** Its name in the backup. */
        String entry() {
            return "snapshots/" + partition + "/" + name;
        }
    }

    public Manifest {
        snapshots = List.copyOf(snapshots);
    }

    byte[] toJson() {
        ObjectNode json = JSON.createObjectNode()
                .put("format", FORMAT)
                .put("created_at", createdAt.toString())
                .put("created_by", createdBy);
        ArrayNode items = json.putArray("snapshots");
        for (Item item : snapshots) {
            items.addObject()
                    .put("partition", item.partition())
                    .put("version", item.version())
                    .put("name", item.name())
                    .put("bytes", item.bytes())
                    .put("sha256", item.sha256());
        }
        return (json.toPrettyString() + "\n").getBytes(StandardCharsets.UTF_8);
    }

    /** @throws BackupException unless it is whole and of a form that this program knows */
    static Manifest parse(byte[] bytes) throws BackupException {
        JsonNode json;
        try {
            json = JSON.readTree(bytes);
        } catch (JacksonException e) {
            throw new BackupException("its manifest is no JSON", e);
        } catch (IOException e) {
            throw new BackupException("its manifest cannot be read: " + e.getMessage(), e);
        }
        if (json.path("format").asInt() != FORMAT) {
            throw new BackupException("its manifest has format "
                    + json.path("format").asText("(missing)") + ", and this program reads format " + FORMAT
                    + "; use the version that made it ("
                    + json.path("created_by").asText("unknown") + ")");
        }
        List<Item> items = new ArrayList<>();
        for (JsonNode item : json.path("snapshots")) {
            items.add(item(item));
        }
        items.sort(Comparator.comparingInt(Item::partition));
        for (int partition = 0; partition < Partitions.COUNT; partition++) {
            if (partition >= items.size() || items.get(partition).partition() != partition) {
                throw new BackupException("its manifest does not name one snapshot of each of the " + Partitions.COUNT
                        + " partitions: look at partition " + partition);
            }
        }
        if (items.size() > Partitions.COUNT) {
            throw new BackupException("its manifest names " + items.size() + " snapshots, of " + Partitions.COUNT
                    + " partitions must be one each");
        }
        return new Manifest(createdAt(json), json.path("created_by").asText(""), items);
    }

    private static Item item(JsonNode json) throws BackupException {
        Item item = new Item(
                json.path("partition").asInt(-1),
                json.path("version").asLong(-1),
                json.path("name").asText(""),
                json.path("bytes").asLong(-1),
                json.path("sha256").asText(""));
        if (item.partition() < 0
                || item.version() < 0
                || item.bytes() < 0
                || !NAME.matcher(item.name()).matches()
                || !SHA256.matcher(item.sha256()).matches()) {
            throw new BackupException("its manifest is damaged: " + json);
        }
        return item;
    }

    private static Instant createdAt(JsonNode json) throws BackupException {
        try {
            return Instant.parse(json.path("created_at").asText());
        } catch (DateTimeException e) {
            throw new BackupException("its manifest is damaged: created_at is " + json.path("created_at"), e);
        }
    }
}
