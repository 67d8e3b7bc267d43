package io.tradewind.contracts.orders;

/**
 * Stable codes of everything that can be denied. The API code carries the HTTP status in its first three digits;
 * codes of the Alpaca Trading API v2 are kept where it has one for the case.
 */
public enum DenialCode {
    REQUEST_MALFORMED(40010000),
    REQUEST_FIELD_INVALID(42210000),
    REQUEST_FIELD_UNKNOWN(42210002),
    REQUEST_UNSUPPORTED(42210003),
    ORDER_SYMBOL_UNKNOWN(42210010),
    ORDER_QTY_INVALID(42210011),
    ORDER_PRICE_INVALID(42210012),
    ORDER_DUPLICATE_ID(42210020),
    ORDER_NOT_FOUND(40410000),
    ORDER_NOT_CANCELABLE(42210021),
    RISK_BUYING_POWER(40310000),
    RISK_POSITION(40310001),
    RISK_TRADING_HALTED(40310010),
    RISK_REDUCING_ONLY(40310011),
    QUEUE_LANE_FULL(42910001),
    QUEUE_ACCOUNT_FULL(42910002),
    SERVICE_UNAVAILABLE(50310000),
    SERVICE_DRAINING(50310001),
    LOG_NEARLY_FULL(50310003),
    OUTCOME_UNKNOWN(50410000);

    private final int apiCode;

    DenialCode(int apiCode) {
        this.apiCode = apiCode;
    }

    /** Eight digits; the number in {@code {"code": …}}. */
    public int apiCode() {
        return apiCode;
    }

    public int httpStatus() {
        return apiCode / 100_000;
    }
}
