package io.tradewind.strategyexecutor.domain;

import io.tradewind.contracts.Decimals;
import io.tradewind.contracts.market.Bar;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Reads bars from comma separated text: a header line that names the columns {@code date, open, high, low, close} and
 * maybe {@code volume}, in any order, others ignored; then one line per bar, oldest first. A date is
 * {@code 2020-01-31} or {@code 2020-01-31T14:30:00Z}. Values stand without quotes. Pure functions.
 */
public final class BarCsv {

    /** Longest recording. */
    public static final int MAX_BARS = 1_000_000;

    private static final List<String> REQUIRED = List.of("date", "open", "high", "low", "close");
    private static final long DAY_MS = 86_400_000;

    private BarCsv() {}

    /** The text is not what is described above. */
    public static final class FormatException extends IllegalArgumentException {

        private static final long serialVersionUID = 1L;

        FormatException(String message) {
            super(message);
        }
    }

    /**
     * @param symbol what the bars are said to be of
     * @param lines the whole text
     * @throws FormatException that names line and column of the first fault
     */
    public static List<Bar> parse(String symbol, List<String> lines) {
        if (lines.isEmpty()) {
            throw new FormatException(
                    "line 1: a header with the columns " + REQUIRED + " is missing: the text is empty");
        }
        Columns columns = Columns.of(lines.get(0));
        List<Bar> bars = new ArrayList<>(lines.size());
        for (int i = 1; i < lines.size(); i++) {
            if (lines.get(i).isBlank()) {
                continue;
            }
            if (bars.size() == MAX_BARS) {
                throw new FormatException("line " + (i + 1) + ": more than " + MAX_BARS + " bars; split the file");
            }
            Row row = new Row(i + 1, List.of(lines.get(i).split(",", -1)), columns);
            Bar bar = row.toBar(symbol);
            if (!bars.isEmpty() && bar.openTimeMs() <= bars.get(bars.size() - 1).openTimeMs()) {
                throw row.fault("date", "'" + row.text("date") + "' is not later than the line before");
            }
            bars.add(bar);
        }
        if (bars.isEmpty()) {
            throw new FormatException("line 2: a bar is missing: there is only a header");
        }
        return withDuration(bars);
    }

    // A recording does not say how long its bars are: the smallest distance of two is that (a daily one has weekends).
    private static List<Bar> withDuration(List<Bar> bars) {
        long smallest = Long.MAX_VALUE;
        for (int i = 1; i < bars.size(); i++) {
            smallest = Math.min(
                    smallest, bars.get(i).openTimeMs() - bars.get(i - 1).openTimeMs());
        }
        long durationMs = bars.size() == 1 ? DAY_MS : smallest;
        return bars.stream()
                .map(bar -> new Bar(
                        bar.symbol(),
                        bar.openTimeMs(),
                        durationMs,
                        bar.open(),
                        bar.high(),
                        bar.low(),
                        bar.close(),
                        bar.volume()))
                .toList();
    }

    private record Columns(List<String> names) {

        static Columns of(String header) {
            String text = header.startsWith("\uFEFF") ? header.substring(1) : header;
            List<String> names = Arrays.stream(text.split(",", -1))
                    .map(name -> name.trim().toLowerCase(Locale.ROOT))
                    .toList();
            for (String required : REQUIRED) {
                if (!names.contains(required)) {
                    throw new FormatException("line 1: column " + required + " is missing; found " + names);
                }
            }
            return new Columns(names);
        }

        int indexOf(String name) {
            return names.indexOf(name);
        }
    }

    private record Row(int line, List<String> values, Columns columns) {

        Bar toBar(String symbol) {
            BigDecimal open = price("open");
            BigDecimal high = price("high");
            BigDecimal low = price("low");
            BigDecimal close = price("close");
            if (high.compareTo(open.max(close)) < 0) {
                throw fault("high", "'" + text("high") + "' is below open or close");
            }
            if (low.compareTo(open.min(close)) > 0) {
                throw fault("low", "'" + text("low") + "' is above open or close");
            }
            BigDecimal volume = columns.indexOf("volume") < 0 ? BigDecimal.ZERO : number("volume");
            return new Bar(symbol, timeMs(), DAY_MS, open, high, low, close, volume);
        }

        String text(String column) {
            int index = columns.indexOf(column);
            if (index >= values.size()) {
                throw fault(column, "is missing: the line has " + values.size() + " values");
            }
            return values.get(index).trim();
        }

        FormatException fault(String column, String what) {
            return new FormatException("line " + line + ", column " + column + ": " + what);
        }

        private long timeMs() {
            String date = text("date");
            try {
                return date.indexOf('T') < 0
                        ? LocalDate.parse(date)
                                .atStartOfDay()
                                .toInstant(ZoneOffset.UTC)
                                .toEpochMilli()
                        : Instant.parse(date).toEpochMilli();
            } catch (DateTimeException e) {
                throw fault("date", "'" + date + "' must be a date such as 2020-01-31 or 2020-01-31T14:30:00Z");
            }
        }

        private BigDecimal price(String column) {
            BigDecimal price = number(column);
            if (price.signum() <= 0) {
                throw fault(column, "'" + text(column) + "' must be above 0");
            }
            return price;
        }

        private BigDecimal number(String column) {
            try {
                return Decimals.parse(text(column));
            } catch (NumberFormatException e) {
                throw fault(column, e.getMessage());
            }
        }
    }
}
