package io.tradewind.gateway.domain;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/** Reads query parameters. Pure functions; what is wrong is an {@link ApiException} that names the parameter. */
public final class Parameters {

    /** An order's id and that of an execution, the longest there is. */
    private static final int MAX_PAGE_TOKEN = 256;

    private Parameters() {}

    static String choice(Function<String, String> parameter, String name, String missing, Set<String> choices) {
        String text = parameter.apply(name);
        if (text == null || text.isEmpty()) {
            return missing;
        }
        if (!choices.contains(text)) {
            throw RequestBody.invalid(name, "must be one of " + String.join(", ", new TreeSet<>(choices)));
        }
        return text;
    }

    /** A moment, or a day, which is its beginning in UTC; milliseconds since the epoch. */
    static long time(Function<String, String> parameter, String name, long missing) {
        String text = parameter.apply(name);
        if (text == null || text.isEmpty()) {
            return missing;
        }
        try {
            return text.length() == "2026-01-31".length()
                    ? LocalDate.parse(text)
                            .atStartOfDay(ZoneOffset.UTC)
                            .toInstant()
                            .toEpochMilli()
                    : OffsetDateTime.parse(text).toInstant().toEpochMilli();
        } catch (DateTimeException | ArithmeticException e) {
            throw RequestBody.invalid(name, "must be a time such as 2026-01-31T09:30:00Z or a date such as 2026-01-31");
        }
    }

    /** Where a page goes on: what the one before ended with. */
    static String pageToken(Function<String, String> parameter) {
        String text = parameter.apply("page_token");
        if (text == null || text.isEmpty()) {
            return null;
        }
        if (text.length() > MAX_PAGE_TOKEN || text.indexOf('\u0000') >= 0) {
            throw RequestBody.invalid("page_token", "is none that a page ended with");
        }
        return text;
    }

    public static boolean flag(Function<String, String> parameter, String name) {
        return choice(parameter, name, "false", Set.of("true", "false")).equals("true");
    }

    /** A whole number from {@code min} on. */
    static long whole(Function<String, String> parameter, String name, long missing, long min) {
        String text = parameter.apply(name);
        if (text == null || text.isEmpty()) {
            return missing;
        }
        try {
            long value = Long.parseLong(text);
            if (value >= min) {
                return value;
            }
        } catch (NumberFormatException e) {
            // Said below, as for a number out of range.
        }
        throw RequestBody.invalid(name, "must be a whole number from " + min);
    }

    static int number(Function<String, String> parameter, String name, int missing, int min, int max) {
        String text = parameter.apply(name);
        if (text == null || text.isEmpty()) {
            return missing;
        }
        try {
            int value = Integer.parseInt(text);
            if (value >= min && value <= max) {
                return value;
            }
        } catch (NumberFormatException e) {
            // Said below, as for a number out of range.
        }
        throw RequestBody.invalid(name, "must be a whole number within " + min + ".." + max);
    }
}
