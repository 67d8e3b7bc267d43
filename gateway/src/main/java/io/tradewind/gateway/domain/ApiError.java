package io.tradewind.gateway.domain;

import io.tradewind.contracts.Failure;
import io.tradewind.contracts.Json;
import io.tradewind.contracts.JsonObjects;
import io.tradewind.contracts.orders.Denial;
import io.tradewind.contracts.orders.DenialCode;
import io.tradewind.contracts.orders.RateLimit;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a caller is told when a request was not done.
 *
 * @param status HTTP status
 * @param code eight digits, stable
 * @param reason the name of the code
 * @param field the offending field or parameter, or {@code null}
 * @param retryAfterMs when trying again makes sense, milliseconds; 0 when it does not
 * @param rateLimit the limit that was used up, or {@code null}
 */
public record ApiError(
        int status, int code, String reason, String message, String field, long retryAfterMs, RateLimit rateLimit) {

    /** When nothing better is known, a service that is away is asked again after this. */
    public static final long RETRY_AFTER_MS = 1_000;

    private static final long SECOND_MS = 1_000;

    public static ApiError of(ApiCode code, String message) {
        return new ApiError(code.httpStatus(), code.apiCode(), code.name(), message, null, 0, null);
    }

    /** What was asked for may well exist, but the tables that know are out of reach. */
    public static ApiError historyUnavailable(String message) {
        return of(ApiCode.HISTORY_UNAVAILABLE, message).retryAfter(RETRY_AFTER_MS);
    }

    public static ApiError of(DenialCode code, String message, String field) {
        return of(Denial.of(code, message, field));
    }

    public static ApiError of(Denial denial) {
        DenialCode code = denial.code();
        return new ApiError(
                code.httpStatus(),
                code.apiCode(),
                code.name(),
                denial.message(),
                denial.field(),
                denial.retryAfterMs(),
                denial.rateLimit());
    }

    /**
     * The denial that it tells of.
     *
     * @throws IllegalStateException when it was made of something else
     */
    public Denial denial() {
        return Arrays.stream(DenialCode.values())
                .filter(each -> each.name().equals(reason))
                .findFirst()
                .map(each -> new Denial(each, message, field, retryAfterMs, rateLimit))
                .orElseThrow(() -> new IllegalStateException(reason + " is no reason to deny an order"));
    }

    /** Nothing was done; trying again is safe and makes sense. */
    public static ApiError unavailable(String message) {
        return of(new Denial(DenialCode.SERVICE_UNAVAILABLE, message, null, RETRY_AFTER_MS));
    }

    /**
     * What a failed request to a service means for one who only asked: it may always be asked again.
     *
     * @param what the thing asked for, to begin a sentence with
     * @param detail what the service itself said, or {@code null}
     */
    public static ApiError ofRead(Failure failure, String what, String detail) {
        return switch (failure) {
            case UNAVAILABLE -> unavailable(because(detail, what + " cannot be reached right now; try again"));
            case UNKNOWN -> unavailable(what + " did not answer in time; try again");
            case INVALID -> of(DenialCode.REQUEST_FIELD_INVALID, because(detail, what + " refused it"), null);
            case INTERNAL -> internal();
        };
    }

    /**
     * What a failed command to a service means: unless it surely was not done, the outcome is unknown.
     *
     * @param howToAsk a sentence that says how the caller finds out
     * @param detail what the service itself said, or {@code null}
     */
    public static ApiError ofCommand(Failure failure, String what, String howToAsk, String detail) {
        return switch (failure) {
            case UNAVAILABLE ->
                unavailable(because(detail, what + " cannot be reached right now; nothing was done, try again"));
            case UNKNOWN, INTERNAL ->
                of(DenialCode.OUTCOME_UNKNOWN, what + " did not confirm; it may or may not be done. " + howToAsk, null);
            case INVALID -> of(DenialCode.REQUEST_FIELD_INVALID, because(detail, what + " refused it"), null);
        };
    }

    private static String because(String detail, String otherwise) {
        return detail == null || detail.isBlank() ? otherwise : detail;
    }

    /** A bug or a broken part; the log has the details, the caller does not. */
    public static ApiError internal() {
        return of(ApiCode.INTERNAL_ERROR, "the request failed here; the server's log has the details");
    }

    /** The same error, to be retried. */
    public ApiError retryAfter(long ms) {
        return new ApiError(status, code, reason, message, field, ms, rateLimit);
    }

    /** Name and value of every header that goes with it. */
    public Map<String, String> headers() {
        if (retryAfterMs == 0) {
            return Map.of();
        }
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("retry-after", Long.toString(retryAfterSeconds()));
        if (rateLimit != null) {
            headers.put("x-ratelimit-limit", Integer.toString(rateLimit.limit()));
            headers.put("x-ratelimit-remaining", "0");
            headers.put("x-ratelimit-reset", Long.toString((rateLimit.resetAtMs() + SECOND_MS - 1) / SECOND_MS));
        }
        return headers;
    }

    /** Whole seconds for {@code Retry-After}, rounded up; 0 for none. */
    public long retryAfterSeconds() {
        return (retryAfterMs + SECOND_MS - 1) / SECOND_MS;
    }

    /** As an exception that carries it to the central failure handler. */
    public ApiException exception() {
        return new ApiException(this);
    }

    public Json toJson() {
        return toJson(null);
    }

    /** @param clientOrderId the order that it is about, or {@code null} */
    public Json toJson(String clientOrderId) {
        return JsonObjects.write(out -> out.number("code", code)
                .text("message", message)
                .text("field", field)
                .text("reason", reason)
                .text("client_order_id", clientOrderId));
    }
}
