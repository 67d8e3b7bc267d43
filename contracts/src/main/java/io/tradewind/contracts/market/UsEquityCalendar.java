package io.tradewind.contracts.market;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.Month;
import java.time.temporal.TemporalAdjusters;
import java.util.Set;

/**
 * The regular hours of the exchanges in New York: 9:30 to 16:00 on weekdays, to 13:00 on some, and not at all on holidays.
 * Worked out from the rules of the New York Stock Exchange, which hold from 2022 on:
 *
 * <pre>
 * closed     New Year's Day                1 January; on the Monday after when it is a Sunday, not moved from a Saturday
 *            Martin Luther King Jr. Day    third Monday of January
 *            Washington's Birthday         third Monday of February
 *            Good Friday                   two days before Easter Sunday
 *            Memorial Day                  last Monday of May
 *            Juneteenth                    19 June       } on the Friday before when it is a Saturday,
 *            Independence Day              4 July        } on the Monday after when it is a Sunday
 *            Labor Day                     first Monday of September
 *            Thanksgiving                  fourth Thursday of November
 *            Christmas Day                 25 December, moved like 4 July
 * to 13:00   the day after Thanksgiving
 *            3 July and 24 December, where they and the day after are weekdays
 * </pre>
 *
 * <p>What no rule tells, such as a day of mourning, is given as a list. Pure, immutable, safe for any thread.
 */
public final class UsEquityCalendar implements MarketCalendar {

    private static final LocalTime OPEN = LocalTime.of(9, 30);
    private static final LocalTime CLOSE = LocalTime.of(16, 0);
    private static final LocalTime EARLY_CLOSE = LocalTime.of(13, 0);

    private final Set<LocalDate> closed;

    /** A benign race: the session is immutable, and any one is as good as the other. */
    private volatile Found last = new Found(0, null);

    /** The answer to every question from a moment until the close of a session. */
    private record Found(long fromMs, Session session) {}

    /** @param closed days without trading that no rule tells */
    public UsEquityCalendar(Set<LocalDate> closed) {
        this.closed = Set.copyOf(closed);
    }

    @Override
    public Session sessionAt(long ms) {
        Found found = last;
        if (found.session() != null
                && ms >= found.fromMs()
                && ms < found.session().closeMs()) {
            return found.session();
        }
        LocalDate day = Instant.ofEpochMilli(ms).atZone(TradingDays.MARKET_ZONE).toLocalDate();
        while (!isOpenOn(day) || ms >= at(day, closeOf(day))) {
            day = day.plusDays(1);
        }
        Session session = new Session(day, at(day, OPEN), at(day, closeOf(day)));
        last = new Found(ms, session);
        return session;
    }

    /** Whether there is trading on a day. */
    public boolean isOpenOn(LocalDate day) {
        return isWeekday(day) && !isHoliday(day) && !closed.contains(day);
    }

    /** When trading ends on a day that there is trading on. */
    public LocalTime closeOf(LocalDate day) {
        return isShort(day) ? EARLY_CLOSE : CLOSE;
    }

    private static long at(LocalDate day, LocalTime time) {
        return day.atTime(time).atZone(TradingDays.MARKET_ZONE).toInstant().toEpochMilli();
    }

    private static boolean isWeekday(LocalDate day) {
        return day.getDayOfWeek().compareTo(DayOfWeek.SATURDAY) < 0;
    }

    private static boolean isHoliday(LocalDate day) {
        int year = day.getYear();
        return switch (day.getMonth()) {
            case JANUARY -> day.equals(newYear(year)) || day.equals(nth(3, DayOfWeek.MONDAY, year, Month.JANUARY));
            case FEBRUARY -> day.equals(nth(3, DayOfWeek.MONDAY, year, Month.FEBRUARY));
            case MARCH, APRIL -> day.equals(easter(year).minusDays(2));
            case MAY ->
                day.equals(LocalDate.of(year, Month.MAY, 1).with(TemporalAdjusters.lastInMonth(DayOfWeek.MONDAY)));
            case JUNE -> day.equals(observed(LocalDate.of(year, Month.JUNE, 19)));
            case JULY -> day.equals(observed(LocalDate.of(year, Month.JULY, 4)));
            case SEPTEMBER -> day.equals(nth(1, DayOfWeek.MONDAY, year, Month.SEPTEMBER));
            case NOVEMBER -> day.equals(thanksgiving(year));
            case DECEMBER -> day.equals(observed(LocalDate.of(year, Month.DECEMBER, 25)));
            case AUGUST, OCTOBER -> false;
        };
    }

    private static boolean isShort(LocalDate day) {
        boolean eve = (day.getMonth() == Month.JULY && day.getDayOfMonth() == 3)
                || (day.getMonth() == Month.DECEMBER && day.getDayOfMonth() == 24);
        return eve
                ? isWeekday(day.plusDays(1))
                : day.equals(thanksgiving(day.getYear()).plusDays(1));
    }

    private static LocalDate newYear(int year) {
        LocalDate first = LocalDate.of(year, Month.JANUARY, 1);
        return first.getDayOfWeek() == DayOfWeek.SUNDAY ? first.plusDays(1) : first;
    }

    private static LocalDate thanksgiving(int year) {
        return nth(4, DayOfWeek.THURSDAY, year, Month.NOVEMBER);
    }

    private static LocalDate nth(int which, DayOfWeek weekday, int year, Month month) {
        return LocalDate.of(year, month, 1).with(TemporalAdjusters.dayOfWeekInMonth(which, weekday));
    }

    private static LocalDate observed(LocalDate day) {
        return switch (day.getDayOfWeek()) {
            case SATURDAY -> day.minusDays(1);
            case SUNDAY -> day.plusDays(1);
            default -> day;
        };
    }

    /** Easter Sunday of the Gregorian calendar, by the algorithm of Meeus, Jones and Butcher. */
    private static LocalDate easter(int year) {
        int a = year % 19;
        int b = year / 100;
        int c = year % 100;
        int h = (19 * a + b - b / 4 - (b - (b + 8) / 25 + 1) / 3 + 15) % 30;
        int l = (32 + 2 * (b % 4) + 2 * (c / 4) - h - c % 4) % 7;
        int m = (a + 11 * h + 22 * l) / 451;
        int days = h + l - 7 * m + 114;
        return LocalDate.of(year, days / 31, days % 31 + 1);
    }
}
