package io.tradewind.allinone.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import picocli.CommandLine.Command;

/** Compares Postgres with the state, entity by entity. */
@Command(
        name = "verify",
        header = "Compare Postgres with the state, entity by entity; exit code 1 when something differs.",
        description = "Both go on meanwhile. What only Postgres still has because it left the state by its age is as it"
                + " should be. Changes nothing. With --json: a line per partition.")
final class SyncVerifyCommand extends ClientCommand {

    SyncVerifyCommand(Console console) {
        super(console);
    }

    @Override
    int run(ApiClient api) {
        PartitionRun run = runOverPartitions(api, SyncCommands.SERVICE, "verify", "Comparing", false);
        long entities = PartitionWorkCommand.sum(run.answers(), "entities");
        long differences = PartitionWorkCommand.sum(run.answers(), "differences");
        if (!json()) {
            show(run, entities, differences);
        }
        run.requireAll();
        if (differences > 0) {
            throw new CommandFailure(
                    ExitCode.FAILED,
                    "Postgres differs from the state in " + differences + " of " + entities
                            + " entities; ./tradewind sync rebuild writes the rows anew");
        }
        return ExitCode.OK;
    }

    private void show(PartitionRun run, long entities, long differences) {
        Table table = new Table().number("PARTITION").text("ENTITY").text("PROBLEM");
        run.answers().forEach((number, partition) -> {
            for (JsonNode found : partition.path("found")) {
                table.row(List.of(number.toString(), text(found, "entity"), text(found, "problem")));
            }
            long untold = partition.path("differences").asLong()
                    - partition.path("found").size();
            if (untold > 0) {
                table.row(List.of(number.toString(), "…", untold + " more"));
            }
        });
        print(table, entities + " entities compared, " + differences + " differences.");
    }
}
