package io.tradewind.systemtests.harness;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tradewind.contracts.state.LogKeys;
import io.tradewind.contracts.state.Partitions;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Whether db-sync has written each thing once: every change of the logs up to the offsets is in the audit and in the
 * archive, none twice, none beyond; and {@code verify} finds rows and state the same. The logs must be whole, from
 * version 1 on; they may grow meanwhile. Blocking; any thread.
 */
public final class WrittenOnce {

    private static final Duration LIMIT = Duration.ofMinutes(3);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Audited program;

    private WrittenOnce(Audited program) {
        this.program = program;
    }

    /** @throws AssertionError that tells what differs */
    public static void check(Audited program) throws IOException, SQLException {
        WrittenOnce check = new WrittenOnce(program);
        try (Tables tables = Tables.open(program.postgres());
                PartitionLogs logs = PartitionLogs.open(program.redis())) {
            for (Map<String, String> row : tables.rows("SELECT partition, version FROM sync_offsets")) {
                check.partition(
                        tables, logs, Integer.parseInt(row.get("partition")), Long.parseLong(row.get("version")));
            }
        }
        check.verify();
    }

    private void partition(Tables tables, PartitionLogs logs, int partition, long offset)
            throws IOException, SQLException {
        long[] changes = new long[1];
        logs.replay(partition, transaction -> {
            if (transaction.version() <= offset) {
                changes[0] += transaction.mutations().size();
            }
        });
        assertEquals(
                List.of(Map.of("rows", Long.toString(changes[0]), "changes", Long.toString(changes[0]))),
                tables.rows(
                        "SELECT count(*) AS rows, count(DISTINCT (version, ordinal)) AS changes FROM state_changes"
                                + " WHERE partition = ? AND version <= ?",
                        partition,
                        offset),
                () -> "audit of partition " + partition + " up to " + offset + program.quoted());
        // Entries follow each other from version 1 on, so that a hole, an overlap or a second copy changes the sum.
        assertEquals(
                List.of(Map.of("whole", "t")),
                tables.rows(
                        "SELECT coalesce(sum(last_version - first_version + 1), 0) = coalesce(max(last_version), 0)"
                                + " AS whole FROM log_archive WHERE partition = ?",
                        partition),
                () -> "archive of " + LogKeys.log(partition) + program.quoted());
    }

    private void verify() throws IOException {
        List<JsonNode> lines = Waiting.valueOf(
                "sync verify answers for every partition",
                LIMIT,
                this::verifyLines,
                answer ->
                        answer.size() == Partitions.COUNT && answer.stream().allMatch(line -> line.has("differences")));
        for (JsonNode line : lines) {
            assertEquals(0, line.path("differences").asInt(), () -> line + program.quoted());
        }
    }

    private List<JsonNode> verifyLines() throws IOException {
        List<JsonNode> lines = new ArrayList<>();
        String body = program.client().post("/v2/system/sync/verify", "").body();
        for (String line : body.lines().toList()) {
            if (!line.isBlank()) {
                lines.add(JSON.readTree(line));
            }
        }
        return lines;
    }
}
