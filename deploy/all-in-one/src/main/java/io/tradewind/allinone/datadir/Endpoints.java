package io.tradewind.allinone.datadir;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;

/**
 * Where a running Tradewind answers: {@code DIR/endpoints.json}, there only while it is ready. 0600, because the
 * Postgres address may carry a password. Blocking; any thread.
 *
 * @param postgres an address that psql takes
 * @param snapshots the folder with the snapshots; empty when they are kept in none
 */
public record Endpoints(
        long pid,
        String gateway,
        String admin,
        String redis,
        String postgres,
        String snapshots,
        Instant startedAt,
        String version) {

    public static final String FILE = "endpoints.json";

    private static final ObjectMapper JSON = new ObjectMapper();

    public void write(Path directory) throws IOException {
        String text = JSON.createObjectNode()
                .put("pid", pid)
                .put("gateway", gateway)
                .put("admin", admin)
                .put("redis", redis)
                .put("postgres", postgres)
                .put("snapshots", snapshots)
                .put("started_at", startedAt.toString())
                .put("version", version)
                .toPrettyString();
        PrivateFiles.replace(directory.resolve(FILE), (text + "\n").getBytes(StandardCharsets.UTF_8));
    }

    /** Empty when no process is ready on {@code directory}, or the file cannot be understood. */
    public static Optional<Endpoints> read(Path directory) throws IOException {
        JsonNode json;
        try {
            json = JSON.readTree(Files.readAllBytes(directory.resolve(FILE)));
        } catch (NoSuchFileException | JacksonException e) {
            return Optional.empty();
        }
        if (!json.path("gateway").isTextual()) {
            return Optional.empty();
        }
        return Optional.of(new Endpoints(
                json.path("pid").asLong(),
                json.path("gateway").asText(),
                json.path("admin").asText(""),
                json.path("redis").asText(""),
                json.path("postgres").asText(""),
                json.path("snapshots").asText(""),
                startedAt(json),
                json.path("version").asText("")));
    }

    public static void remove(Path directory) throws IOException {
        Files.deleteIfExists(directory.resolve(FILE));
    }

    private static Instant startedAt(JsonNode json) {
        try {
            return Instant.parse(json.path("started_at").asText());
        } catch (java.time.format.DateTimeParseException e) {
            return Instant.EPOCH;
        }
    }
}
