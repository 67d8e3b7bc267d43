package io.tradewind.gateway.domain;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.function.Function;

/**
 * Which days of the market's calendar are asked for, both included. Immutable, pure.
 *
 * @param start not before the year 2022, from which on the rules of the holidays hold
 */
public record CalendarQuery(LocalDate start, LocalDate end) {

    /** Days of one answer. */
    static final int MAX_DAYS = 4_000;

    private static final LocalDate FIRST = LocalDate.of(2022, 1, 1);
    private static final LocalDate LAST = LocalDate.of(2099, 12, 31);

    /** @throws ApiException when it is no span of days that is told */
    public static CalendarQuery parse(LocalDate today, Function<String, String> parameter) {
        LocalDate start = day(parameter, "start", today);
        LocalDate end = day(parameter, "end", start.plusYears(1).isAfter(LAST) ? LAST : start.plusYears(1));
        if (end.isBefore(start) || ChronoUnit.DAYS.between(start, end) >= MAX_DAYS) {
            throw RequestBody.invalid("end", "must be within " + MAX_DAYS + " days from start, " + start);
        }
        return new CalendarQuery(start, end);
    }

    private static LocalDate day(Function<String, String> parameter, String name, LocalDate missing) {
        String text = parameter.apply(name);
        LocalDate day;
        try {
            day = text == null || text.isEmpty() ? missing : LocalDate.parse(text);
        } catch (DateTimeException e) {
            throw RequestBody.invalid(name, "must be a date such as 2026-01-31");
        }
        if (day.isBefore(FIRST) || day.isAfter(LAST)) {
            throw RequestBody.invalid(name, "must be within " + FIRST + ".." + LAST);
        }
        return day;
    }
}
