package io.tradewind.orderqueue.domain;

import io.tradewind.contracts.Decimals;
import io.tradewind.contracts.Json;
import io.tradewind.contracts.JsonObjects;
import io.tradewind.contracts.orders.TradingState;
import io.tradewind.contracts.state.Domains;
import io.tradewind.contracts.state.EntityKey;
import io.tradewind.contracts.state.Mutation;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;

/**
 * The end of trading for an account that has lost too much in a day.
 *
 * <p>The loss of a day is what the equity is below that of the end of the trading day before; at {@code max_daily_loss}
 * the limit is breached. The account is then {@code halted}, in the transaction in which the breach is recorded as
 * {@code daily_loss_breached}, one record per account and trading day. The halt is an ordinary trading state: a new
 * trading day does not lift it, whoever may set trading states does. Set to {@code reducing} the account may close what it
 * holds; set to {@code active} while the loss is still that large it is halted again with the next booking or mark, so
 * that going on takes a higher limit or the next trading day.
 */
public final class DailyLoss {

    /** What it is called in its record, on streams and in logs. */
    public static final String EVENT = "daily_loss_breached";

    private static final String ID_PREFIX = EVENT + ":";
    private static final String ACTOR = "order-queue";

    private DailyLoss() {}

    /**
     * What happened.
     *
     * @param loss what was lost on {@code day}, positive
     * @param limit {@code max_daily_loss} then
     * @param cancelOpen whether the open orders are to be canceled
     */
    public record Breach(
            String accountId, LocalDate day, BigDecimal loss, BigDecimal limit, BigDecimal equity, boolean cancelOpen) {

        EntityKey key() {
            return new EntityKey(Domains.RISK, accountId, ID_PREFIX + day);
        }

        /** In words, for people. */
        public String reason() {
            return EVENT + ": lost " + Decimals.normal(loss).toPlainString() + " on " + day + ", max_daily_loss is "
                    + limit.toPlainString();
        }

        /** The record of it, and the halt. */
        List<Mutation> mutations(long nowMs) {
            Json event = JsonObjects.write(out -> out.text("event", EVENT)
                    .text("account_id", accountId)
                    .text("trading_day", day.toString())
                    .decimal("loss", Decimals.normal(loss))
                    .decimal("max_daily_loss", limit)
                    .decimal("equity", Decimals.normal(equity))
                    .flag("cancel_open", cancelOpen)
                    .text("reason", reason())
                    .text("actor", ACTOR)
                    .time("updated_at", nowMs));
            return List.of(
                    new Mutation(key(), event),
                    new Mutation(
                            TradingStates.key(accountId),
                            TradingStates.toJson(accountId, TradingState.HALTED, reason(), ACTOR, nowMs)));
        }
    }

    /** Whether the result of a day breaches the limit; {@code null} is none. */
    static boolean isBreached(BigDecimal dailyResult, BigDecimal maxDailyLoss) {
        return maxDailyLoss != null
                && dailyResult.signum() < 0
                && dailyResult.negate().compareTo(maxDailyLoss) >= 0;
    }

    static boolean isBreach(EntityKey key) {
        return key.id().startsWith(ID_PREFIX);
    }

    static Breach fromJson(Json json) {
        Map<String, String> in = JsonObjects.read(json);
        return new Breach(
                in.get("account_id"),
                LocalDate.parse(in.get("trading_day")),
                new BigDecimal(in.get("loss")),
                new BigDecimal(in.get("max_daily_loss")),
                new BigDecimal(in.get("equity")),
                Boolean.parseBoolean(in.get("cancel_open")));
    }
}
