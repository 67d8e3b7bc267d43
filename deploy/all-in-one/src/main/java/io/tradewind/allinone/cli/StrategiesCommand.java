package io.tradewind.allinone.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Lists, starts and stops strategies. */
@Command(name = "strategies", header = "List strategies, or start or stop one: strategies [start|stop NAME]")
final class StrategiesCommand extends ClientCommand {

    @Parameters(index = "0", arity = "0..1", paramLabel = "start|stop")
    private String verb;

    @Parameters(index = "1", arity = "0..1", paramLabel = "NAME")
    private String name;

    StrategiesCommand(Console console) {
        super(console);
    }

    @Override
    int run(ApiClient api) {
        if (verb == null) {
            return answer(api.get("/v2/strategies"), this::show);
        }
        if (!List.of("start", "stop").contains(verb) || name == null) {
            throw new CommandFailure(
                    ExitCode.USAGE, "strategies takes nothing, or start or stop and the name of a strategy");
        }
        return outcome(api.change("POST", "/v2/strategies/" + encode(name) + "/" + verb, object()), answer -> console()
                .out()
                .println("Strategy " + name + (verb.equals("start") ? " started." : " stopped.")));
    }

    private void show(JsonNode answer) {
        Table table = new Table()
                .text("NAME")
                .text("STATE")
                .number("RUNS")
                .number("SIGNALS")
                .number("ORDERS")
                .text("LAST ERROR");
        answer.path("strategies").forEach(strategy -> {
            JsonNode runs = strategy.path("runs");
            table.row(List.of(
                    text(strategy, "name"),
                    text(strategy, "state"),
                    Integer.toString(runs.size()),
                    sum(runs, "signals"),
                    sum(runs, "orders"),
                    lastError(runs)));
        });
        print(table, "No strategies.");
    }

    private static String sum(JsonNode runs, String field) {
        long sum = 0;
        for (JsonNode run : runs) {
            sum += run.path(field).asLong();
        }
        return Long.toString(sum);
    }

    private static String lastError(JsonNode runs) {
        for (JsonNode run : runs) {
            if (run.hasNonNull("last_error")) {
                return text(run, "last_error");
            }
        }
        return "";
    }
}
