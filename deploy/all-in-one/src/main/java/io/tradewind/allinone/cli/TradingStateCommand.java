package io.tradewind.allinone.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tradewind.contracts.orders.TradingState;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The kill switch and its release. */
abstract class TradingStateCommand extends ClientCommand {

    @Option(names = "--account", paramLabel = "ID", description = "Only for this account. Default: for all.")
    private String account;

    @Option(names = "--reason", paramLabel = "TEXT", description = "Kept with the change.")
    private String reason;

    TradingStateCommand(Console console) {
        super(console);
    }

    int set(ApiClient api, TradingState state, boolean cancelAll, boolean flatten) {
        ObjectNode body = object().put("state", state.text());
        if (account != null) {
            body.put("account", account);
        }
        if (cancelAll) {
            body.put("cancel_all", true);
        }
        if (flatten) {
            body.put("flatten", true);
        }
        if (reason != null) {
            body.put("reason", reason);
        }
        return outcome(api.change("POST", "/v2/system/trading-state", body), this::show);
    }

    private void show(JsonNode answer) {
        int canceling = answer.path("canceling").asInt(0);
        int flattening = answer.path("flattening").asInt(0);
        console()
                .out()
                .println("Trading is " + answer.path("state").asText("?")
                        + (canceling == 0 ? "" : "; " + canceling + " open orders are being canceled")
                        + (flattening == 0 ? "." : "; the positions of " + flattening + " accounts are being closed."));
    }

    /** No new orders. */
    @Command(
            name = "halt",
            header = "Stop taking orders; cancels still pass. It holds across restarts.",
            description =
                    "Open orders stay open unless --cancel-all is given. With --flatten they are canceled and every"
                            + " position is closed at the market; that goes on by itself, also after a crash, until nothing is"
                            + " held or trading is resumed.")
    static final class Halt extends TradingStateCommand {

        @Option(
                names = {"--cancel-all", "--cancel-open"},
                description = "Cancel all open orders, too.")
        private boolean cancelAll;

        @Option(names = "--flatten", description = "Cancel all open orders and close all positions.")
        private boolean flatten;

        Halt(Console console) {
            super(console);
        }

        @Override
        int run(ApiClient api) {
            return set(api, TradingState.HALTED, cancelAll, flatten);
        }
    }

    /** Orders again. */
    @Command(name = "resume", header = "Take orders again after halt.")
    static final class Resume extends TradingStateCommand {

        Resume(Console console) {
            super(console);
        }

        @Override
        int run(ApiClient api) {
            return set(api, TradingState.ACTIVE, false, false);
        }
    }
}
