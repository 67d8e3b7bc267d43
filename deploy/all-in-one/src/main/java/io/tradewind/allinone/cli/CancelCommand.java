package io.tradewind.allinone.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Asks for an order to be canceled. */
@Command(
        name = "cancel",
        header = "Cancel an open order.",
        description = "The order may still fill before the cancel reaches the broker; see ./tradewind orders.")
final class CancelCommand extends ClientCommand {

    @Parameters(index = "0", paramLabel = "ID", description = "The order's id, as ./tradewind orders shows it.")
    private String id;

    CancelCommand(Console console) {
        super(console);
    }

    @Override
    int run(ApiClient api) {
        return outcome(
                api.change("DELETE", "/v2/orders/" + encode(id), null),
                answer -> console().out().println("Cancel of " + id + " requested."));
    }
}
