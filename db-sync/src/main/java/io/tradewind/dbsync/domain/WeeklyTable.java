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
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * A table that is made of one table per week, from Monday to Monday in UTC, each named after its Monday, as in
 * {@code log_archive_20260126}. Pure.
 *
 * @param name of the whole
 */
public record WeeklyTable(String name) {

    /** Weeks made ahead of the present one, so that writing never waits for a table, nor fails for the want of one. */
    static final int WEEKS_AHEAD = 2;

    private static final DateTimeFormatter DAY = DateTimeFormatter.BASIC_ISO_DATE;
    private static final int DAYS = 7;

    /** One week of it. */
    public record Week(String parent, LocalDate monday) {

        public String table() {
            return parent + "_" + DAY.format(monday);
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
    public List<Week> missing(Instant now, Collection<String> tables) {
        LocalDate monday =
                now.atZone(ZoneOffset.UTC).toLocalDate().with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY));
        List<Week> missing = new ArrayList<>();
        for (int i = 0; i <= WEEKS_AHEAD; i++) {
            Week week = new Week(name, monday.plusDays((long) i * DAYS));
            if (!tables.contains(week.table())) {
                missing.add(week);
            }
        }
        return missing;
    }

    /**
     * The oldest week of which every row is older than {@code retention}: one at a time, so that a pass stays short
     * however much has gathered. A table with another name is none of ours and is left alone.
     */
    public Optional<Week> expired(Instant now, Collection<String> tables, Duration retention) {
        Instant keepFrom = now.minus(retention);
        return tables.stream()
                .map(this::parse)
                .flatMap(Optional::stream)
                .filter(week -> !week.until().isAfter(keepFrom))
                .min(Comparator.comparing(Week::monday));
    }

    private Optional<Week> parse(String table) {
        String prefix = name + "_";
        if (!table.startsWith(prefix)) {
            return Optional.empty();
        }
        try {
            return Optional.of(new Week(name, LocalDate.parse(table.substring(prefix.length()), DAY)));
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }
}
