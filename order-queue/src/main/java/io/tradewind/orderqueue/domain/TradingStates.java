package io.tradewind.orderqueue.domain;

import io.tradewind.contracts.Json;
import io.tradewind.contracts.JsonObjects;
import io.tradewind.contracts.orders.TradingState;
import io.tradewind.contracts.state.Domains;
import io.tradewind.contracts.state.EntityKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The trading state of every account, and the one that holds for all; the stricter of the two counts. With a state may
 * come the order to cancel everything, or to close all positions as well; until an account is flat, it is halted.
 */
public final class TradingStates {

    private static final String ID = "trading-state";
    private static final String DONE_ID = "kill-switch";

    private final Map<String, TradingState> byKey = new HashMap<>();
    private final Map<String, KillOrder> orders = new HashMap<>();
    private final Map<String, Set<String>> done = new HashMap<>();

    /** Where the state of an account is stored; {@code null} for the one that holds for all. */
    public static EntityKey key(String accountId) {
        return new EntityKey(Domains.RISK, accountId == null ? Domains.GLOBAL_KEY : accountId, ID);
    }

    public static Json toJson(String accountId, TradingState state, String reason, String actor, long nowMs) {
        return toJson(accountId, state, null, reason, actor, nowMs);
    }

    /** @param order {@code null} for none */
    public static Json toJson(
            String accountId, TradingState state, KillOrder order, String reason, String actor, long nowMs) {
        return JsonObjects.write(out -> {
            out.text("account_id", accountId)
                    .text("trading_state", state.text())
                    .text("reason", reason)
                    .text("actor", actor);
            if (order != null) {
                out.text("order_id", order.id()).flag("cancel_all", true).flag("flatten", order.flatten());
            }
            out.time("updated_at", nowMs);
        });
    }

    /** Where it is stored which orders an account has carried out. */
    static EntityKey doneKey(String accountId) {
        return new EntityKey(Domains.RISK, accountId, DONE_ID);
    }

    /** The account has carried out every order that there is for it. */
    Json doneJson(String accountId, long nowMs) {
        KillOrder own = orders.get(accountId);
        KillOrder global = orders.get(Domains.GLOBAL_KEY);
        return JsonObjects.write(out -> out.text("account_id", accountId)
                .text("done_own", own == null ? null : own.id())
                .text("done_global", global == null ? null : global.id())
                .time("updated_at", nowMs));
    }

    /** Takes a stored state; other entities of the risk domain are left alone. */
    public void load(EntityKey key, Json json) {
        if (key.id().equals(ID)) {
            Map<String, String> in = JsonObjects.read(json);
            String order = in.get("order_id");
            put(
                    key,
                    TradingState.parse(in.get("trading_state")),
                    order == null ? null : new KillOrder(order, "true".equals(in.get("flatten"))));
        } else if (key.id().equals(DONE_ID)) {
            loadDone(key.partitionKey(), json);
        }
    }

    /** What {@link #doneJson} made is durable. */
    public void loadDone(String accountId, Json json) {
        Map<String, String> in = JsonObjects.read(json);
        done.put(accountId, Set.of(in.getOrDefault("done_own", "no own"), in.getOrDefault("done_global", "no global")));
    }

    public void put(EntityKey key, TradingState state) {
        put(key, state, null);
    }

    /** @param order {@code null} for none; one that was given before is called off */
    public void put(EntityKey key, TradingState state, KillOrder order) {
        byKey.put(key.partitionKey(), state);
        if (order == null) {
            orders.remove(key.partitionKey());
        } else {
            orders.put(key.partitionKey(), order);
        }
    }

    public TradingState global() {
        return byKey.getOrDefault(Domains.GLOBAL_KEY, TradingState.ACTIVE);
    }

    /** The state of the account itself. */
    public TradingState own(String accountId) {
        return byKey.getOrDefault(accountId, TradingState.ACTIVE);
    }

    /** The order that came with the state of the account itself; {@code null} when there was none. */
    public KillOrder ownOrder(String accountId) {
        return orders.get(accountId);
    }

    /** What counts for the account. */
    public TradingState of(String accountId) {
        if (!orders.isEmpty() && isFlattening(accountId)) {
            return TradingState.HALTED; // another order could turn a position around
        }
        TradingState own = own(accountId);
        TradingState global = global();
        return own.compareTo(global) >= 0 ? own : global;
    }

    /** Whether there is any order at all. */
    public boolean hasOrders() {
        return !orders.isEmpty();
    }

    public boolean isFlattening(String accountId) {
        return pending(accountId).stream().anyMatch(KillOrder::flatten);
    }

    /** What an account has still to carry out. */
    public List<KillOrder> pending(String accountId) {
        Set<String> over = done.getOrDefault(accountId, Set.of());
        List<KillOrder> pending = new ArrayList<>();
        for (String key : List.of(accountId, Domains.GLOBAL_KEY)) {
            KillOrder order = orders.get(key);
            if (order != null && !over.contains(order.id())) {
                pending.add(order);
            }
        }
        return pending;
    }
}
