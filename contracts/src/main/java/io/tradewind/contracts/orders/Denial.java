package io.tradewind.contracts.orders;

/**
 * Why something was not done.
 *
 * @param field the offending field of the request, or {@code null}
 * @param retryAfterMs when trying again makes sense, milliseconds; 0 when it does not
 * @param rateLimit the limit that was used up, {@code null} when it was not one of how often
 */
public record Denial(DenialCode code, String message, String field, long retryAfterMs, RateLimit rateLimit) {

    public Denial(DenialCode code, String message, String field, long retryAfterMs) {
        this(code, message, field, retryAfterMs, null);
    }

    public static Denial of(DenialCode code, String message, String field) {
        return new Denial(code, message, field, 0);
    }
}
