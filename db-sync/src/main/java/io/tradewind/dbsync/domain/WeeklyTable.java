package io.tradewind.dbsync.domain;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.time.temporal.TemporalAdjusters;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * Which tables the archive of the logs is made of: one per week, from Monday to Monday in UTC, named after its Monday.
 * Pure.
 */
public final class ArchiveWeeks {

    /** Weeks made ahead of the present one, so that writing never waits for a table, nor fails for the want of one. */
    static final int WEEKS_AHEAD = 2;

    /** Of the name of every week's table; its Monday follows, as in {@code log_archive_20260126}. */
    public static final String PREFIX = "log_archive_";

    private static final DateTimeFormatter DAY = DateTimeFormatter.BASIC_ISO_DATE;
    private static final int DAYS = 7;

    private ArchiveWeeks() {}

    /** One week of the archive. */
    public record Week(LocalDate monday) {

        public String table() {
            return PREFIX + DAY.format(monday);
        }

        /** Its first moment. */
        public Instant from() {
            return monday.atStartOfDay(ZoneOffset.UTC).toInstant();
        }

        /** The first moment behind it. */
        public Instant until() {
            return monday.plusDays(DAYS).atStartOfDay(ZoneOffset.UTC).toInstant();
        }
    }

    /** The present week and those ahead that are not among {@code tables}. */
    public static List<Week> missing(Instant now, Collection<String> tables) {
        LocalDate monday =
                now.atZone(ZoneOffset.UTC).toLocalDate().with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY));
        List<Week> missing = new ArrayList<>();
        for (int i = 0; i <= WEEKS_AHEAD; i++) {
            Week week = new Week(monday.plusDays((long) i * DAYS));
            if (!tables.contains(week.table())) {
                missing.add(week);
            }
        }
        return missing;
    }

    /**
     * The oldest week of which every entry is older than {@code retention}: one at a time, so that a pass stays short
     * however much has gathered. A table with another name is none of ours and is left alone.
     */
    public static Optional<Week> expired(Instant now, Collection<String> tables, Duration retention) {
        Instant keepFrom = now.minus(retention);
        return tables.stream()
                .map(ArchiveWeeks::parse)
                .flatMap(Optional::stream)
                .filter(week -> !week.until().isAfter(keepFrom))
                .min((a, b) -> a.monday().compareTo(b.monday()));
    }

    private static Optional<Week> parse(String table) {
        if (!table.startsWith(PREFIX)) {
            return Optional.empty();
        }
        try {
            return Optional.of(new Week(LocalDate.parse(table.substring(PREFIX.length()), DAY)));
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }
}
