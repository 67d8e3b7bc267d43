package io.tradewind.allinone.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Tells what takes the memory of the state-store, and how long its log is. */
@Command(
        name = "usage",
        header = "Show the memory that entities take, per domain, and the log.",
        description = "COLD are those held compressed, BYTES their documents as they are written, HEAP what they take"
                + " in memory with all that belongs to them. With --json: a line per partition.")
final class StateUsageCommand extends ClientCommand {

    @Option(names = "--partitions", description = "Per partition, too.")
    private boolean perPartition;

    StateUsageCommand(Console console) {
        super(console);
    }

    /** Sums over some entities. */
    private static final class Sum {

        private long entities;
        private long cold;
        private long bytes;
        private long heapBytes;

        void add(JsonNode domain) {
            entities += domain.path("entities").asLong();
            cold += domain.path("cold").asLong();
            bytes += domain.path("bytes").asLong();
            heapBytes += domain.path("heap_bytes").asLong();
        }

        List<String> row(String name) {
            return List.of(
                    name,
                    Long.toString(entities),
                    Long.toString(cold),
                    StatusCommand.size(bytes),
                    StatusCommand.size(heapBytes));
        }
    }

    @Override
    int run(ApiClient api) {
        PartitionRun run = runOverPartitions(api, "state", "usage", "Counting", false);
        if (!json()) {
            show(run.answers());
            showLog(api);
        }
        run.requireAll();
        return ExitCode.OK;
    }

    private void show(Map<Integer, JsonNode> partitions) {
        Map<String, Sum> domains = new TreeMap<>();
        Sum total = new Sum();
        for (JsonNode partition : partitions.values()) {
            partition.path("domains").properties().forEach(domain -> {
                domains.computeIfAbsent(domain.getKey(), name -> new Sum()).add(domain.getValue());
                total.add(domain.getValue());
            });
        }
        Table table = table("DOMAIN");
        domains.forEach((name, sum) -> table.row(sum.row(name)));
        table.row(total.row("total"));
        print(table, "");
        if (perPartition) {
            console().out().println();
            print(perPartition(partitions), "");
        }
    }

    private static Table table(String title) {
        return new Table()
                .text(title)
                .number("ENTITIES")
                .number("COLD")
                .number("BYTES")
                .number("HEAP");
    }

    private static Table perPartition(Map<Integer, JsonNode> partitions) {
        Table table = new Table()
                .number("PARTITION")
                .number("VERSION")
                .number("ENTITIES")
                .number("COLD")
                .number("BYTES")
                .number("HEAP");
        partitions.forEach((number, partition) -> {
            Sum sum = new Sum();
            partition.path("domains").forEach(sum::add);
            List<String> cells = sum.row(number.toString());
            table.row(List.of(
                    cells.get(0),
                    text(partition, "version"),
                    cells.get(1),
                    cells.get(2),
                    cells.get(3),
                    StatusCommand.size(partition.path("heap_bytes").asLong(sum.heapBytes))));
        });
        return table;
    }

    /** What the monitor knows of Redis; without it the table above is still an answer. */
    private void showLog(ApiClient api) {
        ApiClient.Reply status = api.get("/v2/system/status");
        JsonNode redis = status.json().path("redis");
        if (status.ok() && redis.has("used_memory_bytes")) {
            console()
                    .out()
                    .println("\nLog: "
                            + StatusCommand.size(redis.path("used_memory_bytes").asLong())
                            + " in the memory of Redis, "
                            + StatusCommand.size(redis.path("aof_bytes").asLong()) + " on its disk.");
        }
    }
}
