package io.tradewind.allinone.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tradewind.contracts.orders.Priority;
import io.tradewind.contracts.orders.Side;
import io.tradewind.contracts.orders.TimeInForce;
import java.util.Locale;
import java.util.UUID;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * Places one order. It always carries a client order id, made here if the user gives none, because without one a lost
 * answer could not be asked for again.
 */
@Command(
        name = "order",
        header = "Buy or sell: order buy|sell SYMBOL QTY [--limit P]",
        description = "Places a market order, or a limit order with --limit. After exit code 5 (outcome unknown),"
                + " repeating it with the printed --client-order-id never places a second one.")
final class OrderCommand extends ClientCommand {

    @Parameters(index = "0", paramLabel = "buy|sell")
    private String side;

    @Parameters(index = "1", paramLabel = "SYMBOL", description = "For example AAPL or BTC/USD.")
    private String symbol;

    @Parameters(index = "2", paramLabel = "QTY", description = "How much; decimals where the instrument allows.")
    private String qty;

    @Option(names = "--limit", paramLabel = "P", description = "Worst acceptable price; makes it a limit order.")
    private String limit;

    @Option(
            names = "--tif",
            paramLabel = "TIF",
            description = "Time in force: day, gtc, ... Default: day, gtc for crypto.")
    private String timeInForce;

    @Option(names = "--priority", paramLabel = "LANE", description = "critical, high, normal or low. Default: normal.")
    private String priority;

    @Option(
            names = "--client-order-id",
            paramLabel = "ID",
            description = "Names the order; a repeat returns the first.")
    private String clientOrderId;

    OrderCommand(Console console) {
        super(console);
    }

    @Override
    int run(ApiClient api) {
        ObjectNode order = body();
        try {
            return outcome(api.change("POST", "/v2/orders", order), this::show);
        } catch (CommandFailure e) {
            if (e.exitCode() != ExitCode.UNKNOWN) {
                throw e;
            }
            String id = order.path("client_order_id").asText();
            throw new CommandFailure(ExitCode.UNKNOWN, e.getMessage() + "; repeat it with --client-order-id " + id, e);
        }
    }

    private ObjectNode body() {
        String instrument = symbol.toUpperCase(Locale.ROOT);
        String tif = timeInForce != null
                ? timeInForce.toLowerCase(Locale.ROOT)
                : instrument.contains("/") ? TimeInForce.GTC.text() : TimeInForce.DAY.text();
        ObjectNode order = object().put("symbol", instrument)
                .put("qty", qty)
                .put(
                        "side",
                        known("side", Side.parse(side.toLowerCase(Locale.ROOT)), side, "buy or sell")
                                .text())
                .put("type", limit == null ? "market" : "limit")
                .put("time_in_force", tif)
                .put(
                        "client_order_id",
                        clientOrderId != null
                                ? clientOrderId
                                : UUID.randomUUID().toString());
        if (limit != null) {
            order.put("limit_price", limit);
        }
        if (priority != null) {
            Priority lane = Priority.parse(priority.toLowerCase(Locale.ROOT));
            order.put(
                    "priority",
                    known("--priority", lane, priority, "critical, high, normal or low")
                            .text());
        }
        return order;
    }

    private static <T> T known(String what, T value, String given, String allowed) {
        if (value == null) {
            throw new CommandFailure(ExitCode.USAGE, what + " '" + given + "' must be " + allowed);
        }
        return value;
    }

    private void show(JsonNode order) {
        console()
                .out()
                .print(OrdersCommand.table()
                        .row(OrdersCommand.row(order))
                        .render(console().terminal()));
    }
}
