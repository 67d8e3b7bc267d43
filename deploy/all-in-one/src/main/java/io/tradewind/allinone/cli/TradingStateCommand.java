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

    int set(ApiClient api, TradingState state, boolean cancelOpen) {
        ObjectNode body = object().put("state", state.text());
        if (account != null) {
            body.put("account", account);
        }
        if (cancelOpen) {
            body.put("cancel_open", true);
        }
        if (reason != null) {
            body.put("reason", reason);
        }
        return outcome(api.change("POST", "/v2/system/trading-state", body), this::show);
    }

    private void show(JsonNode answer) {
        int canceling = answer.path("canceling").asInt(0);
        console()
                .out()
                .println("Trading is " + answer.path("state").asText("?")
                        + (canceling == 0 ? "." : "; " + canceling + " open orders are being canceled."));
    }

    /** No new orders. */
    @Command(
            name = "halt",
            header = "Stop taking orders; cancels still pass. It holds across restarts.",
            description = "Open orders stay open unless --cancel-open is given.")
    static final class Halt extends TradingStateCommand {

        @Option(names = "--cancel-open", description = "Cancel all open orders, too.")
        private boolean cancelOpen;

        Halt(Console console) {
            super(console);
        }

        @Override
        int run(ApiClient api) {
            return set(api, TradingState.HALTED, cancelOpen);
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
            return set(api, TradingState.ACTIVE, false);
        }
    }
}
