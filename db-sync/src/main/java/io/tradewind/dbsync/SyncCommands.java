package io.tradewind.dbsync;

import io.tradewind.contracts.Addresses;
import io.tradewind.contracts.Failure;
import io.tradewind.contracts.Json;
import io.tradewind.contracts.state.Partitions;
import io.tradewind.contracts.state.SyncCommand;
import io.tradewind.dbsync.SyncStatus.LastBatch;
import io.tradewind.dbsync.domain.CatchUp;
import io.tradewind.dbsync.domain.Fault;
import io.tradewind.dbsync.postgres.Database;
import io.tradewind.dbsync.postgres.StateTables;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.function.Supplier;

/**
 * Answers the commands of an operator, while this process is the one that follows the logs. Status is answered at once,
 * from memory, whatever is away; the others one after the other, in the order in which they came.
 *
 * <p>On the event loop of db-sync, which closes it.
 */
final class SyncCommands {

    /** Commands that wait for others to end. */
    private static final int MAX_WAITING = 32;

    private final Vertx vertx;
    private final SyncLoop loop;
    private final SyncStatus status;
    private final Database database;
    private final StateTables tables;
    private final StateScan state;
    private MessageConsumer<SyncCommand> consumer;
    private Future<Void> last = Future.succeededFuture();
    private int waiting;

    SyncCommands(Vertx vertx, SyncLoop loop, SyncStatus status, Database database, StateTables tables) {
        this.vertx = vertx;
        this.loop = loop;
        this.status = status;
        this.database = database;
        this.tables = tables;
        this.state = new StateScan(vertx.eventBus());
    }

    /** Answers from now on, or no longer. */
    void lead(boolean leads) {
        if (leads && consumer == null) {
            consumer = vertx.eventBus().consumer(Addresses.SYNC_COMMAND, this::onCommand);
        } else if (!leads) {
            close();
        }
    }

    void close() {
        if (consumer != null) {
            consumer.unregister();
            consumer = null;
        }
    }

    private void onCommand(Message<SyncCommand> message) {
        carryOut(message.body())
                .onSuccess(answer -> message.reply(Json.of(
                        answer.put("partition", message.body().partition()).encode())))
                .onFailure(failure -> message.fail(Failure.UNAVAILABLE.code(), String.valueOf(failure.getMessage())));
    }

    private Future<JsonObject> carryOut(SyncCommand command) {
        int partition = command.partition();
        return switch (command.verb()) {
            case STATUS -> Future.succeededFuture(status(partition));
            case FLUSH -> loop.flush(partition).map(version -> new JsonObject().put("version", version));
            case VERIFY -> inTurn(() -> new Verification(partition, state, tables, loop).run());
            case REBUILD ->
                inTurn(() -> new Rebuild(partition, state, tables, loop, status, (ms, unit) -> vertx.timer(ms, unit)
                                .mapEmpty())
                        .run());
            case REPLAY -> inTurn(() -> new Replay(partition, state, tables, database, loop).run());
        };
    }

    private Future<JsonObject> inTurn(Supplier<Future<JsonObject>> work) {
        if (waiting >= MAX_WAITING) {
            return Future.failedFuture(MAX_WAITING + " commands are waiting already; try again");
        }
        waiting++;
        Future<JsonObject> mine = last.compose(before -> work.get()).onComplete(done -> waiting--);
        last = mine.<Void>mapEmpty().otherwiseEmpty();
        return mine;
    }

    private JsonObject status(int partition) {
        Fault fault = status.fault(partition);
        return new JsonObject()
                .put("offset", status.offsets().of(partition))
                .put("head", status.head(partition))
                .put("lag_versions", status.lagVersions(partition))
                .put("lag_ms", status.lagMs(partition))
                .put("fault", fault == null ? null : fault.message())
                .put("dead_letters", status.standingDeadLetters(partition))
                .put("sync", common());
    }

    private JsonObject common() {
        LastBatch batch = status.lastBatch();
        CatchUp.Progress progress = status.catchUp().progress();
        long missing = 0;
        long setAside = 0;
        for (int p = 0; p < Partitions.COUNT; p++) {
            missing += status.lagVersions(p);
            setAside += status.standingDeadLetters(p);
        }
        return new JsonObject()
                .put("lag_versions", missing)
                .put("lag_ms", status.lagMs())
                .put("interval_ms", status.pauseMs())
                .put("rows_per_second", status.rowsPerSecond())
                .put(
                        "last_batch",
                        new JsonObject()
                                .put("transactions", batch.transactions())
                                .put("changes", batch.changes())
                                .put("rows", batch.rows())
                                .put("statements", batch.statements()))
                .put("errors", status.errors())
                .put("trouble", status.trouble())
                .put("dead_letters", setAside)
                .put(
                        "catch_up",
                        progress == null
                                ? null
                                : new JsonObject()
                                        .put(
                                                "since",
                                                Instant.ofEpochMilli(progress.sinceMs())
                                                        .toString())
                                        .put("written", progress.written())
                                        .put("remaining", progress.remaining())
                                        .put("percent", progress.percent()));
    }
}
