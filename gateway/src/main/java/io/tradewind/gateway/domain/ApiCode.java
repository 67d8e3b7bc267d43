package io.tradewind.gateway.domain;

/**
 * Stable codes of what the gateway itself refuses, beside those of {@link io.tradewind.contracts.orders.DenialCode}. As
 * there, the first three digits of the API code are the HTTP status.
 */
public enum ApiCode {
    REQUEST_UNAUTHORIZED(40110000),
    REQUEST_FORBIDDEN(40310100),
    REQUEST_CROSS_SITE(40310101),
    PATH_UNKNOWN(40410001),
    POSITION_NOT_FOUND(40410002),
    ACCOUNT_NOT_FOUND(40410003),
    ENTITY_NOT_FOUND(40410004),
    METHOD_NOT_ALLOWED(40510000),
    STATE_NOT_KEPT(41010000),
    REQUEST_TOO_LARGE(41310000),
    REQUEST_LINE_TOO_LONG(41410000),
    REQUEST_HEADERS_TOO_LARGE(43110000),
    INTERNAL_ERROR(50010000),
    STREAMS_FULL(50310002),
    HISTORY_UNAVAILABLE(50310004);

    private final int apiCode;

    ApiCode(int apiCode) {
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
