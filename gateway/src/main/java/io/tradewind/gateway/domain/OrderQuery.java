package io.tradewind.gateway.domain;

import io.tradewind.contracts.Json;
import io.tradewind.contracts.JsonObjects;
import io.tradewind.contracts.orders.OrderStatus;
import io.tradewind.contracts.orders.Side;
import java.time.Instant;
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
 * @param pageToken the id that the page before ended with; {@code null} for the first page
 */
public record OrderQuery(
        Status status,
        int limit,
        long afterMs,
        long untilMs,
        boolean descending,
        Set<String> symbols,
        Side side,
        String pageToken) {

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
                Parameters.time(parameter, "after", Long.MIN_VALUE),
                Parameters.time(parameter, "until", Long.MAX_VALUE),
                direction.equals("desc"),
                symbols(parameter.apply("symbols")),
                side == null ? null : Side.parse(side),
                Parameters.pageToken(parameter));
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
        String start = descending
                ? untilMs == Long.MAX_VALUE ? null : idAt(untilMs + ID_SLACK_MS)
                : afterMs == Long.MIN_VALUE ? null : idAt(afterMs - ID_SLACK_MS);
        if (start == null || pageToken == null) {
            return pageToken == null ? start : pageToken;
        }
        boolean further = descending ? pageToken.compareTo(start) < 0 : pageToken.compareTo(start) > 0;
        return further ? pageToken : start;
    }

    /** Whether an order with this id was on an earlier page. */
    public boolean isBefore(String id) {
        return pageToken != null && (descending ? id.compareTo(pageToken) >= 0 : id.compareTo(pageToken) <= 0);
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
