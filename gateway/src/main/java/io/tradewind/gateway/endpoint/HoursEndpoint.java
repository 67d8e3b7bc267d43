package io.tradewind.gateway.endpoint;

import io.tradewind.contracts.Json;
import io.tradewind.contracts.JsonObjects;
import io.tradewind.contracts.market.MarketCalendar;
import io.tradewind.contracts.market.MarketCalendar.Session;
import io.tradewind.contracts.market.MarketHours;
import io.tradewind.contracts.market.TradingDays;
import io.tradewind.contracts.state.ReadEntities;
import io.tradewind.gateway.domain.CalendarQuery;
import io.vertx.core.Future;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;

/**
 * When shares trade, as the order-queue stored it: the clock and the calendar. Stateless, on the event loop of its
 * instance.
 */
final class HoursEndpoint {

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm");
    private static final DateTimeFormatter SHORT_TIME = DateTimeFormatter.ofPattern("HHmm");

    private final Services services;
    private final InstantSource clock;

    HoursEndpoint(Services services, InstantSource clock) {
        this.services = services;
        this.clock = clock;
    }

    /** Until an order-queue has said otherwise, the market is always open. */
    private Future<MarketHours> hours() {
        return services.read(ReadEntities.one(MarketHours.KEY))
                .map(page -> page.entities().isEmpty()
                        ? MarketHours.ALWAYS
                        : MarketHours.fromJson(page.entities().get(0).json()));
    }

    Future<Answer> clock(Call call) {
        return hours().map(hours -> {
            Instant now = clock.instant();
            MarketCalendar shares = hours.shares();
            Session session = shares.sessionAt(now.toEpochMilli());
            boolean open = session.isOpen(now.toEpochMilli());
            long nextOpen = open ? shares.after(session).openMs() : session.openMs();
            return Answer.of(JsonObjects.write(out -> out.text("timestamp", now.toString())
                    .flag("is_open", open)
                    .time("next_open", nextOpen)
                    .time("next_close", session.closeMs())));
        });
    }

    Future<Answer> calendar(Call call) {
        return hours().map(hours -> {
            ZoneId zone = hours.always() ? hours.days().zone() : TradingDays.MARKET_ZONE;
            LocalDate today = clock.instant().atZone(zone).toLocalDate();
            CalendarQuery query = CalendarQuery.parse(today, call::parameter);
            MarketCalendar shares = hours.shares();
            List<Json> days = new ArrayList<>();
            Session session = shares.sessionAt(query.start()
                    .minusDays(1) // a trading day may begin on the evening before
                    .atStartOfDay(zone)
                    .toInstant()
                    .toEpochMilli());
            for (; !session.day().isAfter(query.end()); session = shares.after(session)) {
                if (!session.day().isBefore(query.start())) {
                    days.add(day(session, zone));
                }
            }
            return Answer.array(days);
        });
    }

    private static Json day(Session session, ZoneId zone) {
        var open = Instant.ofEpochMilli(session.openMs()).atZone(zone);
        var close = Instant.ofEpochMilli(session.closeMs()).atZone(zone);
        return JsonObjects.write(out -> out.text("date", session.day().toString())
                .text("open", TIME.format(open))
                .text("close", TIME.format(close))
                .text("session_open", SHORT_TIME.format(open))
                .text("session_close", SHORT_TIME.format(close)));
    }
}
