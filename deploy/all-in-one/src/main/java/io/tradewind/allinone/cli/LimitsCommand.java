package io.tradewind.allinone.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows and changes the limits that orders are checked against. */
@Command(
        name = "limits",
        header = "Show the limits of all accounts or of one, or change them: limits [set NAME=VALUE …]",
        description = "NAME= without a value takes a limit away. Limits that are not named stay.")
final class LimitsCommand extends ClientCommand {

    @Option(names = "--account", paramLabel = "ACCOUNT", description = "Of this account, in place of all.")
    private String account;

    @Option(names = "--reason", paramLabel = "TEXT", description = "Why, for the audit.")
    private String reason;

    @Parameters(index = "0", arity = "0..1", paramLabel = "set")
    private String verb;

    @Parameters(index = "1..*", arity = "0..*", paramLabel = "NAME=VALUE")
    private List<String> changes;

    LimitsCommand(Console console) {
        super(console);
    }

    @Override
    int run(ApiClient api) {
        String path = "/v2/system/limits" + (account == null ? "" : "/" + encode(account));
        if (verb == null) {
            return answer(api.get(path), this::show);
        }
        if (!verb.equals("set") || changes == null) {
            throw new CommandFailure(
                    ExitCode.USAGE, "limits takes nothing, or set and changes such as max_order_qty=100");
        }
        return outcome(api.change("PATCH", path, body()), this::show);
    }

    private ObjectNode body() {
        ObjectNode body = object();
        for (String change : changes) {
            int equals = change.indexOf('=');
            if (equals <= 0) {
                throw new CommandFailure(ExitCode.USAGE, "'" + change + "' is no change; write NAME=VALUE");
            }
            String value = change.substring(equals + 1);
            body.put(change.substring(0, equals), value.isEmpty() ? null : value);
        }
        return reason == null ? body : body.put("reason", reason);
    }

    private void show(JsonNode answer) {
        Table table = new Table().text("LIMIT").number("VALUE").text("SET FOR");
        JsonNode own = answer.path("limits");
        JsonNode effective = answer.path("effective");
        Set<String> names = new TreeSet<>();
        effective.fieldNames().forEachRemaining(names::add);
        String here = account == null ? "all accounts" : "this account";
        for (String name : names) {
            table.row(
                    List.of(name, text(effective, name), own.has(name) ? here : account == null ? "" : "all accounts"));
        }
        print(table, "No limits.");
    }
}
