package io.tradewind.allinone.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import picocli.CommandLine.Command;

/** Shows the account's money. */
@Command(name = "account", header = "Show the account: cash, buying power, equity.")
final class AccountCommand extends ClientCommand {

    private static final List<String> FIELDS = List.of(
            "account_number",
            "status",
            "currency",
            "cash",
            "buying_power",
            "equity",
            "portfolio_value",
            "long_market_value",
            "short_market_value",
            "realized_pl",
            "unrealized_pl",
            "trading_blocked");

    AccountCommand(Console console) {
        super(console);
    }

    @Override
    int run(ApiClient api) {
        return answer(api.get("/v2/account"), account -> {
            Table table = new Table().text("FIELD").number("VALUE");
            table.row(List.of("id", text(account, "id")));
            FIELDS.stream()
                    .filter(field -> isThere(account, field))
                    .forEach(field -> table.row(List.of(field.replace('_', ' '), text(account, field))));
            print(table, "");
        });
    }

    private static boolean isThere(JsonNode account, String field) {
        return account.hasNonNull(field);
    }
}
