package io.tradewind.contracts.market;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TradingDaysTest {

    @ParameterizedTest(name = "{2} is of {3} when days start at {1} in {0}")
    @CsvSource({
        "America/New_York, 00:00, 2026-01-31T04:59:59.999Z, 2026-01-30",
        "America/New_York, 00:00, 2026-01-31T05:00:00Z, 2026-01-31",
        // An hour earlier in UTC while New York has its summer time.
        "America/New_York, 00:00, 2026-07-31T03:59:59Z, 2026-07-30",
        "America/New_York, 00:00, 2026-07-31T04:00:00Z, 2026-07-31",
        "UTC, 00:00, 2026-01-31T00:00:00Z, 2026-01-31",
        "America/New_York, 04:00, 2026-01-31T08:59:59Z, 2026-01-30",
        "America/New_York, 04:00, 2026-01-31T09:00:00Z, 2026-01-31",
        // From noon on a day has the date on which it ends.
        "America/New_York, 17:00, 2026-02-01T21:59:59Z, 2026-02-01",
        "America/New_York, 17:00, 2026-02-01T22:00:00Z, 2026-02-02",
        "America/New_York, 17:00, 2026-02-02T21:59:59Z, 2026-02-02",
    })
    void shouldTellTheDayOfAMoment(String zone, LocalTime starts, Instant moment, LocalDate day) {
        TradingDays days = new TradingDays(ZoneId.of(zone), starts);
        assertEquals(day, days.of(moment.toEpochMilli()));
    }

    @ParameterizedTest
    @CsvSource({"2026-03-08T12:00:00Z, 23", "2026-11-01T12:00:00Z, 25", "2026-06-01T12:00:00Z, 24"})
    void shouldBeAsLongAsTheClocksInTheZoneSay(Instant noon, long hours) {
        long end = TradingDays.MARKET.endOf(noon.toEpochMilli());
        long dayBefore = TradingDays.MARKET.endOf(noon.minusSeconds(86_400).toEpochMilli());
        assertEquals(hours, (end - dayBefore) / 3_600_000);
    }

    @Test
    void shouldCountDaysWithoutGapsWhateverIsAskedInBetween() {
        Random random = new Random(1);
        for (ZoneId zone : new ZoneId[] {ZoneOffset.UTC, TradingDays.MARKET_ZONE, ZoneId.of("Asia/Kolkata")}) {
            TradingDays days = new TradingDays(zone, LocalTime.of(random.nextInt(24), random.nextInt(60)));
            long now = Instant.parse("2025-12-30T12:00:00Z").toEpochMilli();
            LocalDate day = days.of(now);
            for (int i = 0; i < 800; i++) {
                days.of(now + random.nextInt() * 1_000L); // another day, in between
                long end = days.endOf(now);
                assertEquals(day, days.of(end - 1));
                day = day.plusDays(1);
                assertEquals(day, days.of(end));
                assertTrue(end > now);
                now = end;
            }
        }
    }
}
