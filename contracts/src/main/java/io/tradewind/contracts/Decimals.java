package io.tradewind.contracts;

import java.math.BigDecimal;

/**
 * Reads the decimals that travel as strings: plain notation only, and bounded, so that no input can make later
 * arithmetic explode ({@code 1e999999999} is a valid {@link BigDecimal} of a gigabyte when written out).
 */
public final class Decimals {

    /** Digits before the point. */
    public static final int MAX_INTEGER_DIGITS = 15;

    /** Digits after the point. */
    public static final int MAX_FRACTION_DIGITS = 9;

    private static final int MAX_LENGTH = 1 + MAX_INTEGER_DIGITS + 1 + MAX_FRACTION_DIGITS;

    private Decimals() {}

    /**
     * @return the value of {@code text}, without trailing zeros after the point
     * @throws NumberFormatException when it is not a plain decimal within the bounds; the message says which rule
     */
    public static BigDecimal parse(String text) {
        int length = text.length();
        if (length == 0 || length > MAX_LENGTH) {
            throw new NumberFormatException(
                    "must be a decimal number of 1 to " + MAX_LENGTH + " characters, not " + length);
        }
        int start = text.charAt(0) == '-' ? 1 : 0;
        int point = -1;
        for (int i = start; i < length; i++) {
            char c = text.charAt(i);
            if (c == '.' && point < 0) {
                point = i;
            } else if (c < '0' || c > '9') {
                throw new NumberFormatException(
                        "must be a decimal number in plain notation, such as 12.50, not '" + text + "'");
            }
        }
        int integerDigits = (point < 0 ? length : point) - start;
        int fractionDigits = point < 0 ? 0 : length - point - 1;
        if (integerDigits == 0 || (point >= 0 && fractionDigits == 0)) {
            throw new NumberFormatException("must have digits on both sides of the point, not '" + text + "'");
        }
        if (integerDigits > MAX_INTEGER_DIGITS || fractionDigits > MAX_FRACTION_DIGITS) {
            throw new NumberFormatException("must have at most " + MAX_INTEGER_DIGITS + " digits before and "
                    + MAX_FRACTION_DIGITS + " after the point, not '" + text + "'");
        }
        return normal(new BigDecimal(text));
    }

    /** The same number without trailing zeros and with no negative scale: 10.00 → 10, 1E+1 → 10. */
    public static BigDecimal normal(BigDecimal value) {
        if (value.signum() == 0) {
            return BigDecimal.ZERO;
        }
        BigDecimal stripped = value.stripTrailingZeros();
        return stripped.scale() < 0 ? stripped.setScale(0) : stripped;
    }
}
