package io.tradewind.gateway.postgres;

import io.tradewind.servicekit.config.PostgresConfig;
import io.tradewind.servicekit.postgres.PostgresReader;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;

/**
 * A few connections that only read, for questions about the past. They are none of db-sync's: however slow a question is,
 * the tables go on being written. Postgres may be away: then a question fails within a bound.
 *
 * <p>On the event loop that it was made on; closed by whoever made it.
 */
public final class HistoryPool {

    private static final int MAX_WAITING = 256;
    private static final long DEADLINE_MS = 2_000;

    private final PostgresReader reader;

    public HistoryPool(Vertx vertx, PostgresConfig config) {
        this.reader = new PostgresReader(vertx, config, "tradewind-gateway", MAX_WAITING, DEADLINE_MS);
    }

    Future<RowSet<Row>> query(String sql, Tuple parameters) {
        return reader.ask(sql, parameters);
    }

    public PastOrders orders() {
        return new PastOrders(this);
    }

    public PastRecords records() {
        return new PastRecords(this);
    }

    public Future<Void> close() {
        return reader.close();
    }

    /** {@code null} for {@code none}. */
    static OffsetDateTime time(long ms, long none) {
        return ms == none ? null : Instant.ofEpochMilli(ms).atOffset(ZoneOffset.UTC);
    }
}
