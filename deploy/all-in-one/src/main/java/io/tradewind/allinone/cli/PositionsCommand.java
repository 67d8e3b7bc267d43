package io.tradewind.allinone.cli;

import java.util.List;
import picocli.CommandLine.Command;

/** Lists what the account holds. */
@Command(name = "positions", header = "List positions.")
final class PositionsCommand extends ClientCommand {

    PositionsCommand(Console console) {
        super(console);
    }

    @Override
    int run(ApiClient api) {
        return answer(api.get("/v2/positions"), positions -> {
            Table table = new Table()
                    .text("SYMBOL")
                    .text("SIDE")
                    .number("QTY")
                    .number("AVG PRICE")
                    .number("LAST PRICE")
                    .number("MARKET VALUE")
                    .number("UNREALIZED P&L");
            positions.forEach(position -> table.row(List.of(
                    text(position, "symbol"),
                    text(position, "side"),
                    text(position, "qty"),
                    text(position, "avg_entry_price"),
                    text(position, "current_price"),
                    text(position, "market_value"),
                    text(position, "unrealized_pl"))));
            print(table, "No positions.");
        });
    }
}
