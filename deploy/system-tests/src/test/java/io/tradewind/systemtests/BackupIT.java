package io.tradewind.systemtests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tradewind.systemtests.harness.ApiClient;
import io.tradewind.systemtests.harness.TradewindProcess;
import io.tradewind.systemtests.harness.Waiting;
import io.tradewind.systemtests.harness.Workspace;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The commands that look after the state, as a user types them, over the packaged program. Defends: what a backup holds is
 * what was served, and a restore brings back that and nothing else.
 */
@Timeout(600)
class BackupIT {

    private static final Duration SOON = Duration.ofMinutes(2);
    private static final Duration STOP = Duration.ofMinutes(2);

    private static final int PARTITIONS = 16;
    private static final int OK = 0;
    private static final int FAILED = 1;
    private static final ObjectMapper JSON = new ObjectMapper();

    /** What a person would compare: documents as they are served, and at which version. */
    private record Seen(JsonNode orders, List<List<String>> positions, List<List<String>> account, long version) {}

    @Test
    void shouldBringBackWhatWasBackedUpAndNothingElse() throws Exception {
        try (Workspace workspace = Workspace.open("backup")) {
            Path data = workspace.data();
            Path backups = Files.createDirectory(workspace.root().resolve("backups"));
            Seen before;
            String later;
            Path backup;
            try (TradewindProcess program = TradewindProcess.start(data, TradewindProcess.patient())) {
                buy(program.client(), "AAPL", 5);
                before = seen(program.client());
                backup = backup(workspace, backups);
                assertTrue(versionOf(backup, before.version()), "the backup holds what was served");
                assertUsage(workspace);

                // Orders go on.
                later = buy(program.client(), "MSFT", 3);
                assertTrue(seen(program.client()).version() > before.version());
                String refused = run(workspace, FAILED, "restore", backup.toString(), "--replace");
                assertTrue(refused.contains("already running"), refused);
                assertEquals(OK, program.terminate(STOP), program::quoted);
            }
            refuseDamaged(workspace, backup);
            String refused = run(workspace, FAILED, "restore", backup.toString());
            assertTrue(refused.contains("--replace"), refused);
            run(workspace, OK, "verify");
            String rehearsed = run(workspace, OK, "migrate", "--dry-run");
            assertTrue(rehearsed.contains("0 would change, 0 cannot be migrated"), rehearsed);

            String restored = run(workspace, OK, "restore", backup.toString(), "--replace");
            assertTrue(restored.contains("./tradewind sync rebuild"), restored);

            try (TradewindProcess program = TradewindProcess.start(data, TradewindProcess.patient())) {
                ApiClient client = program.client();
                Seen after = seen(client);
                assertEquals(before.orders(), after.orders());
                assertEquals(before.positions(), after.positions());
                assertEquals(before.account(), after.account());
                assertTrue(after.version() >= before.version(), "versions go on where they stood");
                assertEquals(404, client.get("/v2/orders/" + later).status(), "what came after the backup is gone");

                buy(client, "AAPL", 2);
                assertEquals(before.orders().size() + 2, seen(client).orders().size());
                String verified = run(workspace, OK, "verify");
                assertEquals(
                        PARTITIONS,
                        verified.lines().filter(line -> line.endsWith("  ok")).count(),
                        verified);
                assertPostgresCanBeBroughtBackInStep(workspace, client);
                assertEquals(OK, program.terminate(STOP), program::quoted);
            }
            // And what was there before the restore was not lost.
            try (Stream<Path> files = Files.list(data)) {
                assertEquals(
                        1,
                        files.filter(file -> file.getFileName().toString().startsWith("replaced-"))
                                .count());
            }
            // A restored directory is one like any other.
            try (TradewindProcess program = TradewindProcess.start(data, TradewindProcess.patient())) {
                assertEquals(
                        before.orders().size() + 3,
                        seen(program.client()).orders().size());
            }
        }
    }

    /** It begins empty behind a restore: the log of before is not there to be followed. */
    private static void assertPostgresCanBeBroughtBackInStep(Workspace workspace, ApiClient client) throws Exception {
        String status = sync(workspace, FAILED, "status");
        assertTrue(status.contains("was trimmed beyond version 0"), status);
        assertTrue(status.contains("./tradewind sync rebuild"), status);

        String rebuilt = sync(workspace, OK, "rebuild");
        assertFalse(rebuilt.startsWith("0 entities"), rebuilt);
        sync(workspace, OK, "verify");

        buy(client, "AAPL", 1);
        sync(workspace, OK, "flush");
        String verified = sync(workspace, OK, "verify");
        assertTrue(verified.contains(" 0 differences."), verified);
        sync(workspace, OK, "status");
    }

    private static String sync(Workspace workspace, int exitCode, String... arguments) throws Exception {
        return command(workspace, exitCode, "sync", arguments);
    }

    /** Places some, waits until they are filled; the id of the last one. */
    private static String buy(ApiClient client, String symbol, int count) {
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String body = ApiClient.market(symbol, "buy", "1").toString();
            ids.add(Waiting.valueOf(
                            "order accepted",
                            SOON,
                            () -> client.post("/v2/orders", body),
                            reply -> reply.status() == 200)
                    .json()
                    .path("id")
                    .asText());
        }
        for (String id : ids) {
            Waiting.until(
                    "filled",
                    SOON,
                    () -> client.order(id).path("status").asText().equals("filled"));
        }
        return ids.get(count - 1);
    }

    private static Seen seen(ApiClient client) {
        return Waiting.valueOf(
                "answers",
                SOON,
                () -> {
                    ApiClient.Reply orders = client.get("/v2/orders?status=all&limit=500");
                    return new Seen(
                            orders.ok(),
                            booked(client.get("/v2/positions").ok()),
                            booked(client.get("/v2/account").ok()),
                            orders.headers()
                                    .firstValueAsLong("x-tradewind-version")
                                    .orElseThrow());
                },
                seen -> true);
    }

    /** What was booked; what follows from the price of the moment goes on changing. */
    private static List<List<String>> booked(JsonNode answer) {
        List<List<String>> found = new ArrayList<>();
        for (JsonNode one : answer.isArray() ? answer : JSON.createArrayNode().add(answer)) {
            found.add(Stream.of("symbol", "side", "qty", "avg_entry_price", "cost_basis", "cash")
                    .map(field -> field + "=" + one.path(field).asText())
                    .toList());
        }
        return found;
    }

    private static Path backup(Workspace workspace, Path folder) throws Exception {
        run(workspace, OK, "backup", folder.toString(), "--keep", "1");
        long second = Instant.now().getEpochSecond();
        Waiting.until(
                "a second that no backup is named by", SOON, () -> Instant.now().getEpochSecond() > second);
        run(workspace, OK, "backup", folder.toString(), "--keep", "1");
        try (Stream<Path> files = Files.list(folder)) {
            List<Path> found = files.toList();
            assertEquals(1, found.size(), "the older one has made way: " + found);
            return found.get(0);
        }
    }

    /** Whether a snapshot in the backup is at least of this version, which the account's partition had. */
    private static boolean versionOf(Path backup, long version) throws Exception {
        try (var zip = new java.util.zip.ZipFile(backup.toFile());
                var in = zip.getInputStream(zip.getEntry("manifest.json"))) {
            JsonNode snapshots = JSON.readTree(in).path("snapshots");
            assertEquals(PARTITIONS, snapshots.size());
            for (JsonNode snapshot : snapshots) {
                if (snapshot.path("version").asLong() >= version) {
                    return true;
                }
            }
            return false;
        }
    }

    private static void assertUsage(Workspace workspace) throws Exception {
        String usage = run(workspace, OK, "usage", "--partitions");
        assertTrue(usage.contains("DOMAIN "), usage);
        assertTrue(usage.lines().anyMatch(line -> line.matches("order +5 .*")), usage);
        assertTrue(usage.contains("in the memory of Redis"), usage);
        run(workspace, OK, "compress");
        run(workspace, OK, "cleanup");
    }

    /** Every part of the data directory is as it was. */
    private static void refuseDamaged(Workspace workspace, Path backup) throws Exception {
        Map<String, String> before = contents(workspace.data());
        byte[] bytes = Files.readAllBytes(backup);
        Path damaged = workspace.root().resolve("damaged.zip");
        bytes[bytes.length / 2] ^= 1;
        Files.write(damaged, bytes);
        String refused = run(workspace, FAILED, "restore", damaged.toString(), "--replace");
        assertTrue(refused.contains("damaged.zip"), refused);
        assertEquals(before, contents(workspace.data()));
    }

    private static Map<String, String> contents(Path folder) throws Exception {
        Map<String, String> contents = new TreeMap<>();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                contents.put(file.toString(), Files.size(file) + " " + Files.getLastModifiedTime(file));
            }
        }
        return contents;
    }

    /** One command; what it said. No progress bar comes here: this is no terminal. */
    private static String run(Workspace workspace, int exitCode, String... arguments) throws Exception {
        return command(workspace, exitCode, "state", arguments);
    }

    private static String command(Workspace workspace, int exitCode, String name, String... arguments)
            throws Exception {
        List<String> all = new ArrayList<>(List.of(name));
        all.addAll(List.of(arguments));
        all.addAll(List.of("--data", workspace.data().toString()));
        TradewindProcess command = TradewindProcess.launch(workspace.data(), all);
        assertEquals(exitCode, command.awaitExit(SOON), command::output);
        String output = command.output();
        assertFalse(output.contains("\r"), output);
        assertFalse(output.contains("Exception"), output);
        return output;
    }
}
