package io.tradewind.orderqueue.domain;

import java.math.BigDecimal;
import java.util.HashMap;
import java.util.Map;

/**
 * What the orders of an account are checked against, ready to be compared with. Immutable; {@code null} is no limit. What
 * each means stands in {@link LimitField}.
 */
record RiskLimits(
        BigDecimal maxOrderQty,
        BigDecimal maxOrderNotional,
        BigDecimal priceCollar,
        Integer maxOpenOrders,
        BigDecimal maxPositionQty,
        BigDecimal maxPositionNotional,
        Integer maxOrdersPerSecond,
        Integer maxOrdersPerMinute,
        Integer maxCancelsPerSecond,
        Integer maxCancelsPerMinute,
        BigDecimal maxDailyLoss,
        boolean dailyLossCancelOpen,
        boolean preventSelfTrades) {

    /** What holds where nobody has said anything. */
    static final RiskLimits DEFAULT = of(Map.of());

    /** @param texts values as {@link LimitField#check} gives them, by name; other names are passed over */
    static RiskLimits of(Map<String, String> texts) {
        return new RiskLimits(
                decimal(texts, LimitField.MAX_ORDER_QTY),
                decimal(texts, LimitField.MAX_ORDER_NOTIONAL),
                decimal(texts, LimitField.PRICE_COLLAR),
                count(texts, LimitField.MAX_OPEN_ORDERS),
                decimal(texts, LimitField.MAX_POSITION_QTY),
                decimal(texts, LimitField.MAX_POSITION_NOTIONAL),
                count(texts, LimitField.MAX_ORDERS_PER_SECOND),
                count(texts, LimitField.MAX_ORDERS_PER_MINUTE),
                count(texts, LimitField.MAX_CANCELS_PER_SECOND),
                count(texts, LimitField.MAX_CANCELS_PER_MINUTE),
                decimal(texts, LimitField.MAX_DAILY_LOSS),
                flag(texts, LimitField.DAILY_LOSS_CANCEL_OPEN, false),
                flag(texts, LimitField.PREVENT_SELF_TRADES, true));
    }

    /** Those of an account over those of all: each limit of its own takes the place of the general one. */
    static RiskLimits merged(Map<String, String> general, Map<String, String> own) {
        Map<String, String> both = new HashMap<>(general);
        both.putAll(own);
        return of(both);
    }

    /** Whether anything is limited by how often. */
    boolean limitsRates() {
        return maxOrdersPerSecond != null
                || maxOrdersPerMinute != null
                || maxCancelsPerSecond != null
                || maxCancelsPerMinute != null;
    }

    private static BigDecimal decimal(Map<String, String> texts, LimitField field) {
        String text = texts.get(field.text());
        return text == null ? null : new BigDecimal(text);
    }

    private static Integer count(Map<String, String> texts, LimitField field) {
        String text = texts.get(field.text());
        return text == null ? null : Integer.valueOf(text);
    }

    private static boolean flag(Map<String, String> texts, LimitField field, boolean otherwise) {
        String text = texts.get(field.text());
        return text == null ? otherwise : Boolean.parseBoolean(text);
    }
}
