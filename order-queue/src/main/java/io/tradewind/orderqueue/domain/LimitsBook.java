package io.tradewind.orderqueue.domain;

import io.tradewind.contracts.Json;
import io.tradewind.contracts.JsonObjects;
import io.tradewind.contracts.state.Domains;
import io.tradewind.contracts.state.EntityKey;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * The limits of every account and those that hold for all, shared by all desks of an event loop: what is put here counts
 * for the next order. A limit of the account takes the place of the general one of the same name.
 */
public final class LimitsBook {

    private static final String ID = "limits";

    /** Limits as stored, and at which version; 0 when none are. */
    private record Stored(Map<String, String> texts, long version) {
        private static final Stored NONE = new Stored(Map.of(), 0);
    }

    private final Map<String, Stored> stored = new HashMap<>();
    /** What counts for an account, as far as asked for; emptied by every change. */
    private final Map<String, RiskLimits> effective = new HashMap<>();

    /** Where the limits of an account are stored; {@code null} for those that hold for all. */
    public static EntityKey key(String accountId) {
        return new EntityKey(Domains.RISK, accountId == null ? Domains.GLOBAL_KEY : accountId, ID);
    }

    /** Takes stored limits; other entities of the risk domain are left alone. */
    public void load(EntityKey key, Json json, long version) {
        if (key.id().equals(ID)) {
            Map<String, String> fields = JsonObjects.read(json);
            Map<String, String> texts = new TreeMap<>();
            for (LimitField field : LimitField.values()) {
                if (fields.containsKey(field.text())) {
                    texts.put(field.text(), fields.get(field.text()));
                }
            }
            put(key.partitionKey(), new Stored(texts, version));
        }
    }

    private void put(String partitionKey, Stored limits) {
        Stored before = stored.getOrDefault(partitionKey, Stored.NONE);
        if (limits.version() >= before.version()) {
            stored.put(partitionKey, limits);
            effective.clear();
        }
    }

    /** What counts for an account. */
    RiskLimits of(String accountId) {
        RiskLimits limits = effective.get(accountId);
        if (limits == null) {
            limits = RiskLimits.merged(at(null).texts(), at(accountId).texts());
            effective.put(accountId, limits);
        }
        return limits;
    }

    /** The version at which limits are stored; 0 when they are not. */
    public long version(String accountId) {
        return at(accountId).version();
    }

    /**
     * The document after a change.
     *
     * @param accountId {@code null} for the limits of all
     * @param changes new values by name; {@code null} takes one away
     * @param whole whether limits that are not named are taken away
     * @throws FieldException when a name is not known, or a value cannot be
     */
    public Json changed(
            String accountId, Map<String, String> changes, boolean whole, String reason, String actor, long nowMs) {
        Map<String, String> texts = new TreeMap<>();
        if (!whole) {
            texts.putAll(at(accountId).texts());
        }
        changes.forEach((name, value) -> {
            LimitField field = LimitField.parse(name);
            if (value == null) {
                texts.remove(name);
            } else {
                texts.put(name, field.check(value));
            }
        });
        return JsonObjects.write(out -> {
            out.text("account_id", accountId);
            write(texts, out);
            out.text("reason", reason).text("actor", actor).time("updated_at", nowMs);
        });
    }

    /** What is asked for over HTTP: the limits of the account itself, their version, and what counts with those of all. */
    public Json answer(String accountId) {
        Stored own = at(accountId);
        Map<String, String> both = new TreeMap<>(at(null).texts());
        both.putAll(own.texts());
        RiskLimits counting = RiskLimits.of(both);
        both.put(LimitField.DAILY_LOSS_CANCEL_OPEN.text(), Boolean.toString(counting.dailyLossCancelOpen()));
        both.put(LimitField.PREVENT_SELF_TRADES.text(), Boolean.toString(counting.preventSelfTrades()));
        // The names of accounts need no escaping.
        String account = accountId == null ? "null" : '"' + accountId + '"';
        return Json.ofBytes(("{\"account_id\":" + account + ",\"version\":" + own.version() + ",\"limits\":"
                        + json(own.texts()) + ",\"effective\":" + json(both) + "}")
                .getBytes(StandardCharsets.UTF_8));
    }

    private Stored at(String accountId) {
        return stored.getOrDefault(accountId == null ? Domains.GLOBAL_KEY : accountId, Stored.NONE);
    }

    private static Json json(Map<String, String> texts) {
        return JsonObjects.write(out -> write(texts, out));
    }

    private static void write(Map<String, String> texts, JsonObjects.Fields out) {
        texts.forEach((name, value) -> {
            LimitField field = LimitField.parse(name);
            if (field.isFlag()) {
                out.flag(name, Boolean.parseBoolean(value));
            } else if (field.isCount()) {
                out.number(name, Long.parseLong(value));
            } else {
                out.decimal(name, new BigDecimal(value));
            }
        });
    }
}
