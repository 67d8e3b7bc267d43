package io.tradewind.gateway.domain;

import io.tradewind.contracts.orders.DenialCode;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the calls about the past ask for. Immutable, pure; what is wrong is an {@link ApiException}. */
public final class HistoryQuery {

    private static final int DEFAULT_LIMIT = 100;
    private static final int MAX_ACTIVITIES = 100;
    private static final int MAX_BARS = 10_000;
    private static final int DEFAULT_BARS = 1_000;
    private static final int MAX_CHANGES = 500;

    private static final String FILL = "FILL";
    private static final long DAY_MS = 86_400_000;
    private static final Pattern PERIOD = Pattern.compile("(?<count>[1-9][0-9]{0,3})(?<unit>[DWMA])");

    private static final Map<String, Long> TIMEFRAMES = new TreeMap<>(
            Map.of("1Min", 60_000L, "5Min", 300_000L, "15Min", 900_000L, "1Hour", 3_600_000L, "1Day", DAY_MS));

    private HistoryQuery() {}

    /**
     * Fills and other activities of an account.
     *
     * @param type only of this type; {@code null} for all
     * @param afterMs only later ones; {@link Long#MIN_VALUE} for any
     * @param untilMs only those of this time or before; {@link Long#MAX_VALUE} for any
     * @param pageToken id that the page before ended with, or {@code null}
     */
    public record Activities(String type, long afterMs, long untilMs, boolean descending, int limit, String pageToken) {

        /** @param type from the path, or {@code null} */
        public static Activities parse(String type, Function<String, String> parameter) {
            String wanted = type == null ? parameter.apply("activity_types") : type;
            if (wanted != null && !wanted.isEmpty() && !wanted.equals(FILL)) {
                throw unsupported("activity_types", "there are only activities of the type FILL");
            }
            long day = Parameters.time(parameter, "date", Long.MIN_VALUE);
            boolean ofDay = day != Long.MIN_VALUE;
            return new Activities(
                    wanted == null || wanted.isEmpty() ? null : wanted,
                    ofDay ? day - 1 : Parameters.time(parameter, "after", Long.MIN_VALUE),
                    ofDay ? day + DAY_MS - 1 : Parameters.time(parameter, "until", Long.MAX_VALUE),
                    Parameters.choice(parameter, "direction", "desc", Set.of("asc", "desc"))
                            .equals("desc"),
                    Parameters.number(parameter, "page_size", MAX_ACTIVITIES, 1, MAX_ACTIVITIES),
                    Parameters.pageToken(parameter));
        }
    }

    /** The days of a portfolio's history, both included. */
    public record Portfolio(LocalDate from, LocalDate to) {

        public static Portfolio parse(LocalDate today, Function<String, String> parameter) {
            String timeframe = parameter.apply("timeframe");
            if (timeframe != null && !timeframe.isEmpty() && !timeframe.equals("1D")) {
                throw unsupported("timeframe", "there is one value per day: 1D");
            }
            long end = Parameters.time(parameter, "end", Parameters.time(parameter, "date_end", Long.MAX_VALUE));
            LocalDate to = end == Long.MAX_VALUE ? today : day(end);
            long start = Parameters.time(parameter, "start", Long.MIN_VALUE);
            LocalDate from = start == Long.MIN_VALUE ? back(to, parameter.apply("period")) : day(start);
            if (from.isAfter(to)) {
                throw RequestBody.invalid("start", "is behind the end");
            }
            return new Portfolio(from, to);
        }

        private static LocalDate back(LocalDate to, String period) {
            Matcher form = PERIOD.matcher(period == null || period.isEmpty() ? "1M" : period);
            if (!form.matches()) {
                throw RequestBody.invalid("period", "must be a number and D, W, M or A, such as 1M");
            }
            int count = Integer.parseInt(form.group("count"));
            return switch (form.group("unit")) {
                case "D" -> to.minusDays(count);
                case "W" -> to.minusWeeks(count);
                case "M" -> to.minusMonths(count);
                default -> to.minusYears(count);
            };
        }

        private static LocalDate day(long ms) {
            return java.time.Instant.ofEpochMilli(ms).atZone(ZoneOffset.UTC).toLocalDate();
        }
    }

    /**
     * Bars of one symbol.
     *
     * @param fromMs only of this time or later; {@link Long#MIN_VALUE} for any
     * @param toMs only of this time or before; {@link Long#MAX_VALUE} for any
     * @param pastMs time of the bar that the page before ended with; {@link Long#MIN_VALUE} for none
     */
    public record Bars(
            String symbol, long durationMs, long fromMs, long toMs, boolean descending, int limit, long pastMs) {

        public static Bars parse(Function<String, String> parameter) {
            String symbol = parameter.apply("symbol");
            if (symbol == null || symbol.isEmpty() || symbol.length() > 32 || symbol.indexOf('\u0000') >= 0) {
                throw RequestBody.invalid("symbol", "must have 1 to 32 characters");
            }
            String timeframe = Parameters.choice(parameter, "timeframe", "1Min", TIMEFRAMES.keySet());
            return new Bars(
                    symbol,
                    TIMEFRAMES.get(timeframe),
                    Parameters.time(parameter, "start", Long.MIN_VALUE),
                    Parameters.time(parameter, "end", Long.MAX_VALUE),
                    Parameters.choice(parameter, "sort", "asc", Set.of("asc", "desc"))
                            .equals("desc"),
                    Parameters.number(parameter, "limit", DEFAULT_BARS, 1, MAX_BARS),
                    Parameters.time(parameter, "page_token", Long.MIN_VALUE));
        }
    }

    /**
     * The audit of one entity.
     *
     * @param before only changes below this version
     */
    public record Audit(long before, int limit) {

        public static Audit parse(Function<String, String> parameter) {
            return new Audit(
                    Parameters.whole(parameter, "before", Long.MAX_VALUE, 1),
                    Parameters.number(parameter, "limit", DEFAULT_LIMIT, 1, MAX_CHANGES));
        }
    }

    private static ApiException unsupported(String field, String message) {
        return ApiError.of(DenialCode.REQUEST_UNSUPPORTED, message, field).exception();
    }
}
