package io.tradewind.allinone.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;

/** Has a service do something about every partition, with a progress bar, and sums up what came of it. */
abstract class PartitionWorkCommand extends ClientCommand {

    private final String service;
    private final String verb;
    private final String doing;

    PartitionWorkCommand(Console console, String service, String verb, String doing) {
        super(console);
        this.service = service;
        this.verb = verb;
        this.doing = doing;
    }

    @Override
    int run(ApiClient api) {
        PartitionRun run = runOverPartitions(api, service, verb, doing, true);
        if (!json()) {
            console().out().println(summary(run.answers()));
        }
        run.requireAll();
        return ExitCode.OK;
    }

    abstract String summary(Map<Integer, JsonNode> partitions);

    static long sum(Map<Integer, JsonNode> partitions, String field) {
        return partitions.values().stream()
                .mapToLong(partition -> partition.path(field).asLong())
                .sum();
    }
}
