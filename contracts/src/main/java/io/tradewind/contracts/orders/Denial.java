package io.tradewind.contracts.orders;

/**
 * Why something was not done.
 *
 * @param field the offending field of the request, or {@code null}
 * @param retryAfterMs when trying again makes sense, milliseconds; 0 when it does not
 */
public record Denial(DenialCode code, String message, String field, long retryAfterMs) {

    public static Denial of(DenialCode code, String message, String field) {
        return new Denial(code, message, field, 0);
    }
}
