package io.tradewind.contracts.market;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tradewind.contracts.market.MarketCalendar.Session;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MarketCalendarTest {

    private final UsEquityCalendar calendar = new UsEquityCalendar(Set.of(LocalDate.parse("2025-01-09")));

    /** As the exchange published them. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "2022-01-17,2022-02-21,2022-04-15,2022-05-30,2022-06-20,2022-07-04,2022-09-05,2022-11-24,2022-12-26",
                "2023-01-02,2023-01-16,2023-02-20,2023-04-07,2023-05-29,2023-06-19,2023-07-04,2023-09-04,2023-11-23,2023-12-25",
                "2024-01-01,2024-01-15,2024-02-19,2024-03-29,2024-05-27,2024-06-19,2024-07-04,2024-09-02,2024-11-28,2024-12-25",
                "2025-01-01,2025-01-09,2025-01-20,2025-02-17,2025-04-18,2025-05-26,2025-06-19,2025-07-04,2025-09-01,2025-11-27,2025-12-25",
                "2026-01-01,2026-01-19,2026-02-16,2026-04-03,2026-05-25,2026-06-19,2026-07-03,2026-09-07,2026-11-26,2026-12-25",
                "2027-01-01,2027-01-18,2027-02-15,2027-03-26,2027-05-31,2027-06-18,2027-07-05,2027-09-06,2027-11-25,2027-12-24",
            })
    void shouldBeClosedOnTheHolidaysOfAYear(String holidays) {
        Set<String> expected = Set.of(holidays.split(","));
        LocalDate day = LocalDate.parse(holidays.substring(0, 4) + "-01-01");
        for (int year = day.getYear(); day.getYear() == year; day = day.plusDays(1)) {
            boolean weekend = day.getDayOfWeek().getValue() > 5;
            assertEquals(!weekend && !expected.contains(day.toString()), calendar.isOpenOn(day), day.toString());
        }
    }

    @Test
    void shouldCloseEarlyOnTheDaysBeforeAndAfterSomeHolidays() {
        Set<String> early = Set.of(
                "2023-07-03",
                "2023-11-24",
                "2024-07-03",
                "2024-11-29",
                "2024-12-24",
                "2025-07-03",
                "2025-11-28",
                "2025-12-24",
                "2026-11-27",
                "2026-12-24",
                "2027-11-26");
        for (LocalDate day = LocalDate.parse("2023-01-01"); day.getYear() < 2028; day = day.plusDays(1)) {
            if (calendar.isOpenOn(day)) {
                assertEquals(
                        LocalTime.of(early.contains(day.toString()) ? 13 : 16, 0),
                        calendar.closeOf(day),
                        day.toString());
            }
        }
    }

    @ParameterizedTest(name = "at {0}: {1} to {2}")
    @CsvSource({
        // before, within, at the close, over a weekend, over a holiday; New York is at UTC-5 in winter, -4 in summer
        "2026-01-30T14:29:59.999Z, 2026-01-30T14:30:00Z, 2026-01-30T21:00:00Z",
        "2026-01-30T14:30:00Z, 2026-01-30T14:30:00Z, 2026-01-30T21:00:00Z",
        "2026-01-30T20:59:59.999Z, 2026-01-30T14:30:00Z, 2026-01-30T21:00:00Z",
        "2026-01-30T21:00:00Z, 2026-02-02T14:30:00Z, 2026-02-02T21:00:00Z",
        "2026-07-02T20:00:00Z, 2026-07-06T13:30:00Z, 2026-07-06T20:00:00Z",
        "2026-11-25T22:00:00Z, 2026-11-27T14:30:00Z, 2026-11-27T18:00:00Z",
    })
    void shouldTellTheSessionOfAMoment(Instant moment, Instant open, Instant close) {
        Session session = calendar.sessionAt(moment.toEpochMilli());
        assertEquals(open.toEpochMilli(), session.openMs());
        assertEquals(close.toEpochMilli(), session.closeMs());
        assertEquals(!moment.isBefore(open), session.isOpen(moment.toEpochMilli()));
    }

    @Test
    void shouldGoFromSessionToSessionWithoutOverlapAndAnswerTheSameInAnyOrder() {
        Random random = new Random(1);
        Stream.of(calendar, MarketCalendar.alwaysOpen(TradingDays.MARKET)).forEach(any -> {
            Session session =
                    any.sessionAt(Instant.parse("2025-12-20T00:00:00Z").toEpochMilli());
            for (int i = 0; i < 600; i++) {
                any.sessionAt(session.openMs() + random.nextInt() * 100L);
                Session next = any.after(session);
                assertTrue(next.openMs() >= session.closeMs());
                assertTrue(next.closeMs() > next.openMs());
                assertTrue(next.day().isAfter(session.day()));
                assertEquals(session, any.sessionAt(session.closeMs() - 1));
                session = next;
            }
        });
    }

    @Test
    void shouldLetCryptoTradeAroundTheClockAndSharesByTheirHours() {
        MarketHours hours = new MarketHours(
                false, new TradingDays(ZoneId.of("UTC"), LocalTime.of(17, 0)), Set.of(LocalDate.parse("2026-01-30")));
        long saturday = Instant.parse("2026-01-31T12:00:00Z").toEpochMilli();
        assertTrue(hours.calendar("BTC/USD").sessionAt(saturday).isOpen(saturday));
        assertFalse(hours.calendar("AAPL").sessionAt(saturday).isOpen(saturday));
        assertTrue(MarketHours.ALWAYS.calendar("AAPL").sessionAt(saturday).isOpen(saturday));
        for (MarketHours each : new MarketHours[] {hours, MarketHours.ALWAYS}) {
            MarketHours again = MarketHours.fromJson(each.toJson(saturday));
            assertEquals(each.toJson(saturday), again.toJson(saturday));
            assertEquals(each.shares().sessionAt(saturday), again.shares().sessionAt(saturday));
        }
    }
}
