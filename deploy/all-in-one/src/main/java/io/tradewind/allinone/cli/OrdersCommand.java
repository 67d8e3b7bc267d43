package io.tradewind.allinone.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Lists orders, the newest first. */
@Command(name = "orders", header = "List orders, the newest first.")
final class OrdersCommand extends ClientCommand {

    @Option(names = "--status", paramLabel = "open|closed|all", description = "Which ones. Default: all.")
    private String status = "all";

    @Option(names = "--limit", paramLabel = "N", description = "At most so many. Default: 50.")
    private int limit = 50;

    OrdersCommand(Console console) {
        super(console);
    }

    @Override
    int run(ApiClient api) {
        if (!List.of("open", "closed", "all").contains(status)) {
            throw new CommandFailure(ExitCode.USAGE, "--status '" + status + "' must be open, closed or all");
        }
        return answer(api.get("/v2/orders?status=" + status + "&limit=" + limit), orders -> {
            Table table = table();
            orders.forEach(order -> table.row(row(order)));
            print(table, "No orders.");
        });
    }

    static Table table() {
        return new Table()
                .text("TIME")
                .text("SYMBOL")
                .text("SIDE")
                .text("TYPE")
                .number("QTY")
                .number("LIMIT")
                .number("FILLED")
                .number("AVG PRICE")
                .text("STATUS")
                .text("ID");
    }

    static List<String> row(JsonNode order) {
        return List.of(
                seconds(text(order, "created_at")),
                text(order, "symbol"),
                text(order, "side"),
                text(order, "type"),
                text(order, "qty"),
                text(order, "limit_price"),
                text(order, "filled_qty"),
                text(order, "filled_avg_price"),
                text(order, "status"),
                text(order, "id"));
    }

    // 2026-11-21T07:10:00.123Z is more than a table needs.
    private static String seconds(String time) {
        return time.length() < 19 ? time : time.substring(0, 19).replace('T', ' ');
    }
}
