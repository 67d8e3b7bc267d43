package io.tradewind.gateway.endpoint;

import io.tradewind.contracts.Json;
import io.tradewind.contracts.JsonObjects;
import io.tradewind.contracts.state.EntityKey;
import io.tradewind.gateway.domain.ApiError;
import io.tradewind.gateway.domain.HistoryQuery;
import io.tradewind.gateway.domain.StateQuery;
import io.tradewind.gateway.postgres.PastRecords;
import io.tradewind.gateway.postgres.PastRecords.Bar;
import io.tradewind.gateway.postgres.PastRecords.Day;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What only Postgres remembers: activities, an account day by day, bars, who changed what. While Postgres is away the
 * answer is 503 and says so; nothing else depends on it. Stateless, on the event loop of its instance.
 */
final class HistoryEndpoint {

    private static final Logger LOG = LoggerFactory.getLogger(HistoryEndpoint.class);

    private static final int OK = 200;
    private static final int RATIO_SCALE = 6;

    private final PastRecords records;
    private final InstantSource clock;

    /** @param records {@code null} when this gateway is set up without Postgres */
    HistoryEndpoint(PastRecords records, InstantSource clock) {
        this.records = records;
        this.clock = clock;
    }

    Future<Answer> activities(Call call) {
        HistoryQuery.Activities query = HistoryQuery.Activities.parse(call.pathParameter(), call::parameter);
        return ask(() -> records.activities(call.account(), query)).map(Answer::array);
    }

    /** In the form of Alpaca: arrays of the same length, numbers. */
    Future<Answer> portfolio(Call call) {
        LocalDate today = clock.instant().atZone(ZoneOffset.UTC).toLocalDate();
        HistoryQuery.Portfolio query = HistoryQuery.Portfolio.parse(today, call::parameter);
        return ask(() -> records.days(call.account(), query))
                .map(days -> Answer.json(OK, portfolio(days).toBuffer()));
    }

    private static JsonObject portfolio(List<Day> days) {
        JsonArray timestamps = new JsonArray();
        JsonArray equity = new JsonArray();
        JsonArray profit = new JsonArray();
        JsonArray ratio = new JsonArray();
        BigDecimal base = days.isEmpty() ? null : days.get(0).equityBefore();
        for (Day day : days) {
            BigDecimal gained =
                    base == null || day.equity() == null ? null : day.equity().subtract(base);
            timestamps.add(day.day().atStartOfDay(ZoneOffset.UTC).toEpochSecond());
            equity.add(day.equity());
            profit.add(gained);
            ratio.add(
                    gained == null || base.signum() == 0
                            ? null
                            : gained.divide(base, RATIO_SCALE, RoundingMode.HALF_EVEN));
        }
        return new JsonObject()
                .put("timestamp", timestamps)
                .put("equity", equity)
                .put("profit_loss", profit)
                .put("profit_loss_pct", ratio)
                .put("base_value", base)
                .put("timeframe", "1D");
    }

    Future<Answer> bars(Call call) {
        HistoryQuery.Bars query = HistoryQuery.Bars.parse(call::parameter);
        return ask(() -> records.bars(query)).map(bars -> {
            boolean more = bars.size() == query.limit();
            Json frame = JsonObjects.write(out -> out.text("symbol", query.symbol())
                    .text(
                            "next_page_token",
                            more
                                    ? JsonObjects.timeText(
                                            bars.get(bars.size() - 1).openedAtMs())
                                    : null));
            return framed(frame, "bars", bars.stream().map(Bar::json).toList());
        });
    }

    /** Who changed an entity, without its documents. */
    Future<Answer> audit(Call call) {
        String domain = call.pathParameter();
        EntityKey key = StateQuery.key(
                domain, StateQuery.partitionKey(call.key(), domain, call::parameter), call.secondPathParameter());
        HistoryQuery.Audit query = HistoryQuery.Audit.parse(call::parameter);
        return ask(() -> records.audit(key, query)).map(changes -> {
            Json frame = JsonObjects.write(out -> out.text("domain", key.domain())
                    .text("key", key.partitionKey())
                    .text("id", key.id()));
            return framed(frame, "changes", changes);
        });
    }

    private static Answer framed(Json frame, String name, List<Json> documents) {
        Answer array = Answer.array(documents);
        return Answer.json(
                OK,
                io.vertx.core.buffer.Buffer.buffer()
                        .appendBytes(frame.bytes(), 0, frame.size() - 1)
                        .appendString(",\"" + name + "\":")
                        .appendBuffer(array.body())
                        .appendString("}"));
    }

    private <T> Future<T> ask(Supplier<Future<T>> question) {
        if (records == null) {
            throw ApiError.historyUnavailable(
                            "this gateway is set up without Postgres (gateway.past-orders is false), which has the past")
                    .exception();
        }
        return question.get().recover(failure -> {
            LOG.warn("the tables cannot be asked: {}", failure.toString());
            return Future.failedFuture(ApiError.historyUnavailable(
                            "Postgres, which has the past, does not answer now; trading goes on, try again")
                    .exception());
        });
    }
}
