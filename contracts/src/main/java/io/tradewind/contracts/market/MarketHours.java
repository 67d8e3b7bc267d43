package io.tradewind.contracts.market;

import io.tradewind.contracts.Json;
import io.tradewind.contracts.JsonObjects;
import io.tradewind.contracts.state.Domains;
import io.tradewind.contracts.state.EntityKey;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Which hours hold for which instrument, and where a trading day begins. The order-queue is told by its configuration and
 * stores it, so that whoever shows hours shows the same. Immutable, pure, safe for any thread.
 *
 * @param always whether shares trade around the clock too, as crypto does; else in the regular hours of New York
 * @param days where a trading day begins
 * @param closed days without trading in shares that no rule tells
 */
public record MarketHours(boolean always, TradingDays days, Set<LocalDate> closed) {

    /** Where it is stored. */
    public static final EntityKey KEY = new EntityKey(Domains.VENUE, Domains.GLOBAL_KEY, "hours");

    /** Around the clock. */
    public static final MarketHours ALWAYS = new MarketHours(true, TradingDays.MARKET, Set.of());

    public MarketHours {
        closed = Set.copyOf(closed);
    }

    /** When an instrument trades. Make it once per instrument: it remembers the session that it was last asked for. */
    public MarketCalendar calendar(String symbol) {
        return Assets.assetClass(symbol).equals(Assets.CRYPTO) ? MarketCalendar.alwaysOpen(days) : shares();
    }

    /** When shares trade. */
    public MarketCalendar shares() {
        return always ? MarketCalendar.alwaysOpen(days) : new UsEquityCalendar(closed);
    }

    public Json toJson(long nowMs) {
        return JsonObjects.write(out -> out.text("id", KEY.id())
                .text("shares", always ? "always" : "us_equity")
                .text("zone", days.zone().getId())
                .text("day_starts", days.starts().toString())
                .text(
                        "closed",
                        new TreeSet<>(closed).stream().map(LocalDate::toString).collect(Collectors.joining(",")))
                .time("updated_at", nowMs));
    }

    public static MarketHours fromJson(Json json) {
        Map<String, String> in = JsonObjects.read(json);
        String closed = in.get("closed");
        return new MarketHours(
                in.get("shares").equals("always"),
                new TradingDays(ZoneId.of(in.get("zone")), LocalTime.parse(in.get("day_starts"))),
                closed.isEmpty()
                        ? Set.of()
                        : Stream.of(closed.split(",")).map(LocalDate::parse).collect(Collectors.toSet()));
    }
}
