package io.tradewind.orderqueue.domain;

import io.tradewind.contracts.Json;
import io.tradewind.contracts.JsonObjects;
import io.tradewind.contracts.orders.TradingState;
import io.tradewind.contracts.state.Domains;
import io.tradewind.contracts.state.EntityKey;
import java.util.HashMap;
import java.util.Map;

/** The trading state of every account, and the one that holds for all; the stricter of the two counts. */
public final class TradingStates {

    private static final String ID = "trading-state";

    private final Map<String, TradingState> byKey = new HashMap<>();

    /** Where the state of an account is stored; {@code null} for the one that holds for all. */
    public static EntityKey key(String accountId) {
        return new EntityKey(Domains.RISK, accountId == null ? Domains.GLOBAL_KEY : accountId, ID);
    }

    public static Json toJson(String accountId, TradingState state, String reason, String actor, long nowMs) {
        return JsonObjects.write(out -> out.text("account_id", accountId)
                .text("trading_state", state.text())
                .text("reason", reason)
                .text("actor", actor)
                .time("updated_at", nowMs));
    }

    /** Takes a stored state; other entities of the risk domain are left alone. */
    public void load(EntityKey key, Json json) {
        if (key.id().equals(ID)) {
            put(key, TradingState.parse(JsonObjects.read(json).get("trading_state")));
        }
    }

    public void put(EntityKey key, TradingState state) {
        byKey.put(key.partitionKey(), state);
    }

    public TradingState global() {
        return byKey.getOrDefault(Domains.GLOBAL_KEY, TradingState.ACTIVE);
    }

    /** The state of the account itself. */
    public TradingState own(String accountId) {
        return byKey.getOrDefault(accountId, TradingState.ACTIVE);
    }

    /** What counts for the account. */
    public TradingState of(String accountId) {
        TradingState own = own(accountId);
        TradingState global = global();
        return own.compareTo(global) >= 0 ? own : global;
    }
}
