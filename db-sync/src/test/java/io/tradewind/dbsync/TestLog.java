package io.tradewind.dbsync;

import io.tradewind.contracts.Json;
import io.tradewind.contracts.JsonObjects;
import io.tradewind.contracts.state.Cause;
import io.tradewind.contracts.state.CommittedTransaction;
import io.tradewind.contracts.state.Domains;
import io.tradewind.contracts.state.EntityKey;
import io.tradewind.contracts.state.Mutation;
import java.util.List;

/** Makes the entities and transactions that tests write to the log. */
public final class TestLog {

    public static final long T0 = 1_790_000_000_000L;

    private static final Cause CAUSE = new Cause("request", "command", "test");

    private TestLog() {}

    public static CommittedTransaction tx(long version, Mutation... mutations) {
        return new CommittedTransaction(version, T0 + version, "tx-" + version, CAUSE, List.of(mutations));
    }

    public static CommittedTransaction tx(long version, List<Mutation> mutations) {
        return new CommittedTransaction(version, T0 + version, "tx-" + version, CAUSE, mutations);
    }

    public static Mutation put(String domain, String partitionKey, String id, String json) {
        return new Mutation(new EntityKey(domain, partitionKey, id), Json.of(json));
    }

    public static Mutation delete(String domain, String partitionKey, String id) {
        return new Mutation(new EntityKey(domain, partitionKey, id), null);
    }

    public static Mutation order(String account, String id, String status, String filledQty) {
        return put(Domains.ORDER, account, id, orderJson(account, id, "client-" + id, status, filledQty));
    }

    public static String orderJson(String account, String id, String clientOrderId, String status, String filledQty) {
        return JsonObjects.write(out -> out.text("id", id)
                        .text("client_order_id", clientOrderId)
                        .text("account_id", account)
                        .time("created_at", T0)
                        .time("updated_at", T0 + 5)
                        .time("submitted_at", T0)
                        .text("symbol", "AAPL")
                        .text("asset_class", "us_equity")
                        .text("qty", "10")
                        .text("filled_qty", filledQty)
                        .text("order_class", "simple")
                        .text("order_type", "limit")
                        .text("type", "limit")
                        .text("side", "buy")
                        .text("time_in_force", "day")
                        .text("limit_price", "187.25")
                        .text("status", status)
                        .flag("extended_hours", false)
                        .text("priority", "normal")
                        .number("executions", 0)
                        .text("source", "key-1"))
                .toString();
    }

    public static Mutation position(String account, String symbol, String qty) {
        Json json = JsonObjects.write(out -> out.text("account_id", account)
                .text("symbol", symbol)
                .text("qty", qty)
                .text("side", "long")
                .text("avg_entry_price", "187.25")
                .time("updated_at", T0));
        return new Mutation(new EntityKey(Domains.POSITION, account, symbol), json);
    }

    public static Mutation activity(String account, String id, String orderId, String qty) {
        Json json = JsonObjects.write(out -> out.text("id", id)
                .text("account_id", account)
                .text("activity_type", "FILL")
                .text("type", "fill")
                .text("order_id", orderId)
                .text("symbol", "AAPL")
                .text("side", "buy")
                .text("qty", qty)
                .text("price", "187.25")
                .time("transaction_time", T0));
        return new Mutation(new EntityKey(Domains.ACTIVITY, account, id), json);
    }

    public static Mutation account(String account, String cash) {
        Json json = JsonObjects.write(out -> out.text("id", account)
                .text("account_number", account)
                .text("status", "ACTIVE")
                .text("currency", "USD")
                .text("cash", cash)
                .time("updated_at", T0));
        return new Mutation(new EntityKey(Domains.ACCOUNT, account, account), json);
    }

    /** An account on a trading day. */
    public static Mutation accountOn(String account, String day, String equity) {
        Json json = JsonObjects.write(out -> out.text("id", account)
                .text("status", "ACTIVE")
                .text("cash", equity)
                .text("equity", equity)
                .text("trading_day", day)
                .time("updated_at", T0));
        return new Mutation(new EntityKey(Domains.ACCOUNT, account, account), json);
    }

    public static Mutation quote(String symbol, String last) {
        return put(
                Domains.MARKET,
                Domains.MARKET_KEY,
                symbol,
                "{\"symbol\":\"" + symbol + "\",\"last_price\":\"" + last + "\"}");
    }
}
