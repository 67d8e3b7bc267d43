package io.tradewind.allinone.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Compares orders, fills and positions with the broker. */
@Command(
        name = "reconcile",
        header = "Compare with the broker now; exit code 1 when something stays unresolved.",
        description = "Each mismatch is told with what was done about it. What no rule ends is escalated: the account"
                + " only reduces until ./tradewind resume --account. docs/RECONCILIATION.md has the rules.")
final class ReconcileCommand extends ClientCommand {

    @Option(names = "--dry-run", description = "Change nothing; tell what would be done.")
    private boolean dryRun;

    ReconcileCommand(Console console) {
        super(console);
    }

    @Override
    int run(ApiClient api) {
        ApiClient.Reply reply = api.change("POST", "/v2/system/reconciliation" + (dryRun ? "?dry_run=true" : ""), null);
        outcome(reply, this::show);
        long unresolved = reply.json().path("unresolved").asLong();
        if (unresolved > 0) {
            throw new CommandFailure(
                    ExitCode.FAILED,
                    dryRun
                            ? unresolved + " mismatches with the broker; without --dry-run the rules are applied"
                            : unresolved + " mismatches with the broker need people to look at them");
        }
        return ExitCode.OK;
    }

    private void show(JsonNode run) {
        Table table = new Table()
                .text("KIND")
                .text(dryRun ? "WOULD BE" : "RESOLUTION")
                .text("ACCOUNT")
                .text("ORDER OR SYMBOL")
                .text("OURS")
                .text("THEIRS");
        for (JsonNode found : run.path("mismatches")) {
            table.row(List.of(
                    text(found, "kind"),
                    text(found, "resolution"),
                    text(found, "account_id"),
                    text(found, "subject"),
                    text(found, "ours"),
                    text(found, "theirs")));
        }
        print(table, "No mismatch.");
        console()
                .out()
                .println(run.path("orders").asLong() + " orders and "
                        + run.path("executions").asLong() + " executions compared"
                        + (run.path("positions_compared").asBoolean()
                                ? ", and positions."
                                : "; the broker keeps no positions to compare."));
    }
}
