package io.tradewind.dbsync.domain;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tradewind.dbsync.domain.WeeklyTable.Week;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class WeeklyTableTest {

    /** A Wednesday. */
    private static final Instant NOW = Instant.parse("2026-01-28T12:00:00Z");

    private static final WeeklyTable ARCHIVE = new WeeklyTable("log_archive");

    @Test
    void shouldMakeThisWeekAndTheTwoAhead() {
        assertEquals(
                List.of("log_archive_20260126", "log_archive_20260202", "log_archive_20260209"),
                ARCHIVE.missing(NOW, List.of()).stream().map(Week::table).toList());
        assertEquals(
                List.of("log_archive_20260209"),
                ARCHIVE.missing(NOW, List.of("log_archive_20260126", "log_archive_20260202")).stream()
                        .map(Week::table)
                        .toList());
    }

    @Test
    void shouldBeginAWeekOnMondayAtMidnightAndEndItThere() {
        Week sunday = ARCHIVE.missing(Instant.parse("2026-01-25T23:59:59.999Z"), List.of())
                .get(0);
        Week monday = ARCHIVE.missing(Instant.parse("2026-01-26T00:00:00Z"), List.of())
                .get(0);

        assertEquals("log_archive_20260119", sunday.table());
        assertEquals("log_archive_20260126", monday.table());
        assertEquals(sunday.until(), monday.from());
    }

    @Test
    void shouldDropTheOldestWeekOnlyWhenAllOfItIsOlderThanTheRetention() {
        List<String> tables = List.of("log_archive_20260119", "log_archive_20260112", "log_archive_20260126");

        assertEquals(Optional.empty(), expired(tables, Duration.ofDays(10)));
        assertEquals(Optional.of(LocalDate.of(2026, 1, 12)), expired(tables, Duration.ofDays(9)));
        assertEquals(Optional.of(LocalDate.of(2026, 1, 12)), expired(tables, Duration.ofDays(1)));
    }

    @Test
    void shouldLeaveTablesAloneThatAreNotItsOwn() {
        List<String> tables = List.of("log_archive_old", "log_archive_20201301", "orders", "log_archive_2020");

        assertEquals(Optional.empty(), expired(tables, Duration.ofDays(7)));
    }

    private static Optional<LocalDate> expired(List<String> tables, Duration retention) {
        return ARCHIVE.expired(NOW, tables, retention).map(Week::monday);
    }
}
