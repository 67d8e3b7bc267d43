package io.tradewind.gateway.domain;

import io.tradewind.contracts.Json;
import io.tradewind.contracts.JsonObjects;
import io.tradewind.contracts.orders.OrderStatus;
import io.tradewind.contracts.orders.Side;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Which orders {@code GET /v2/orders} asks for. Immutable, pure.
 *
 * @param limit at most so many
 * @param afterMs only those submitted later; {@link Long#MIN_VALUE} for any
 * @param untilMs only those submitted at this time or before; {@link Long#MAX_VALUE} for any
 * @param descending newest first
 * @param symbols only these; empty for any
 * @param side only this one; {@code null} for both
 */
public record OrderQuery(
        Status status, int limit, long afterMs, long untilMs, boolean descending, Set<String> symbols, Side side) {

    public static final int DEFAULT_LIMIT = 50;
    public static final int MAX_LIMIT = 500;

    /** Symbols in one query. */
    static final int MAX_SYMBOLS = 100;

    /**
     * An order's id carries the time at which it was made, its document the time at which it was submitted. The two are
     * close; the ids that a range of times is looked up by reach this much further.
     */
    private static final long ID_SLACK_MS = 5_000;

    /** Which states of life. */
    public enum Status {
        OPEN,
        CLOSED,
        ALL
    }

    public OrderQuery {
        symbols = Set.copyOf(symbols);
    }

    /**
     * @param parameter the request's parameters by name, {@code null} for those that are missing
     * @throws ApiException when one is wrong
     */
    public static OrderQuery parse(Function<String, String> parameter) {
        String direction = Parameters.choice(parameter, "direction", "desc", Set.of("asc", "desc"));
        String side = Parameters.choice(parameter, "side", null, Set.of("buy", "sell"));
        String status = Parameters.choice(parameter, "status", "open", Set.of("open", "closed", "all"));
        return new OrderQuery(
                Status.valueOf(status.toUpperCase(java.util.Locale.ROOT)),
                Parameters.number(parameter, "limit", DEFAULT_LIMIT, 1, MAX_LIMIT),
                time(parameter, "after", Long.MIN_VALUE),
                time(parameter, "until", Long.MAX_VALUE),
                direction.equals("desc"),
                symbols(parameter.apply("symbols")),
                side == null ? null : Side.parse(side));
    }

    private static Set<String> symbols(String text) {
        if (text == null || text.isEmpty()) {
            return Set.of();
        }
        String[] symbols = text.split(",", -1);
        if (symbols.length > MAX_SYMBOLS) {
            throw RequestBody.invalid("symbols", "names " + symbols.length + ": at most " + MAX_SYMBOLS);
        }
        return Arrays.stream(symbols).map(String::trim).collect(Collectors.toUnmodifiableSet());
    }

    private static long time(Function<String, String> parameter, String name, long missing) {
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

    /** Whether every order of the right status matches, so that documents need not be looked into. */
    public boolean isPlain() {
        return symbols.isEmpty() && side == null && afterMs == Long.MIN_VALUE && untilMs == Long.MAX_VALUE;
    }

    public boolean matches(Json order) {
        if (status == Status.ALL && isPlain()) {
            return true;
        }
        Map<String, String> fields = JsonObjects.read(order);
        OrderStatus found = OrderStatus.parse(fields.get("status"));
        boolean terminal = found != null && found.isTerminal();
        long submittedMs = Instant.parse(fields.get("submitted_at")).toEpochMilli();
        return (status == Status.ALL || terminal == (status == Status.CLOSED))
                && (symbols.isEmpty() || symbols.contains(fields.get("symbol")))
                && (side == null || side.text().equals(fields.get("side")))
                && submittedMs > afterMs
                && submittedMs <= untilMs;
    }

    /** The id to begin behind, in the direction of this query; {@code null} to begin at the end. */
    public String startId() {
        if (descending) {
            return untilMs == Long.MAX_VALUE ? null : idAt(untilMs + ID_SLACK_MS);
        }
        return afterMs == Long.MIN_VALUE ? null : idAt(afterMs - ID_SLACK_MS);
    }

    /** Whether, in the direction of this query, nothing behind the order with this id can match any more. */
    public boolean isPast(String id) {
        if (descending) {
            return afterMs != Long.MIN_VALUE && id.compareTo(idAt(afterMs - ID_SLACK_MS)) < 0;
        }
        return untilMs != Long.MAX_VALUE && id.compareTo(idAt(untilMs + ID_SLACK_MS)) > 0;
    }

    /** Text that sorts right before every UUIDv7 of that millisecond. */
    static String idAt(long ms) {
        long bounded = Math.max(0, Math.min(ms, 0xffff_ffff_ffffL));
        String hex = String.format(java.util.Locale.ROOT, "%012x", bounded);
        return hex.substring(0, 8) + "-" + hex.substring(8);
    }
}
