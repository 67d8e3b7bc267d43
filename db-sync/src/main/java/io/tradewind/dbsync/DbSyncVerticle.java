package io.tradewind.dbsync;

import io.tradewind.contracts.Addresses;
import io.tradewind.contracts.state.Changes;
import io.tradewind.contracts.state.Partitions;
import io.tradewind.contracts.state.SyncedVersions;
import io.tradewind.dbsync.domain.BatchAssembler;
import io.tradewind.dbsync.domain.IntervalPolicy;
import io.tradewind.dbsync.domain.Offsets;
import io.tradewind.dbsync.domain.ReadSize;
import io.tradewind.dbsync.postgres.BatchWriter;
import io.tradewind.dbsync.postgres.Database;
import io.tradewind.dbsync.postgres.Schema;
import io.tradewind.dbsync.postgres.StateTables;
import io.tradewind.dbsync.postgres.WeeklyTables;
import io.tradewind.dbsync.redis.LogReader;
import io.tradewind.servicekit.Backoff;
import io.tradewind.servicekit.CheckResult;
import io.tradewind.servicekit.ServiceKit;
import io.tradewind.servicekit.config.PostgresConfig;
import io.tradewind.servicekit.config.RedisConfig;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.eventbus.MessageConsumer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The life of db-sync: opens what it needs, follows the logs, and on the way out finishes the batch in flight. Runs on one
 * event loop. After a crash the next start goes on from the offsets in Postgres.
 */
public final class DbSyncVerticle extends VerticleBase {

    /** How often others are told what the database has. */
    private static final long TELL_MS = 1_000;

    private static final Logger LOG = LoggerFactory.getLogger(DbSyncVerticle.class);

    private final ServiceKit kit;
    private final DbSyncConfig config;
    private final List<MessageConsumer<Changes>> hints = new ArrayList<>();
    private Database database;
    private LogReader reader;
    private BatchAssembler assembler;
    private SyncMetrics metrics;
    private SyncLoop loop;
    private SyncCommands commands;
    private Leadership leadership;
    private long teller = -1;

    public DbSyncVerticle(ServiceKit kit, DbSyncConfig config) {
        this.kit = kit;
        this.config = config;
    }

    @Override
    public Future<?> start() {
        RedisConfig redis = kit.settings().section(RedisConfig.SECTION, RedisConfig.class);
        PostgresConfig postgres = kit.settings().section(PostgresConfig.SECTION, PostgresConfig.class);
        SyncStatus status = new SyncStatus(kit.clock(), config.lagWarning());
        database = new Database(vertx, postgres);
        reader = new LogReader(vertx, redis);
        assembler = new BatchAssembler(config.batchLimits());
        metrics = new SyncMetrics(kit.meters(), status);
        BatchWriter writer = new BatchWriter(database, config.maxStatementRows());
        // Spreads retries over time; nothing depends on its values.
        Random jitter = new Random();
        loop = new SyncLoop(new SyncLoop.Parts(
                vertx,
                kit.clock(),
                new Schema(vertx, postgres),
                database,
                new WeeklyTables(database, config.archiveRetention(), config.auditRetention()),
                writer,
                reader,
                assembler,
                new IntervalPolicy(
                        config.minInterval().toMillis(), config.maxInterval().toMillis()),
                new ReadSize(config.maxBatchSize().bytes(), config.maxReadEntries()),
                status,
                metrics,
                new Backoff(redis.reconnectMin(), redis.reconnectMax(), jitter),
                new Backoff(postgres.reconnectMin(), postgres.reconnectMax(), jitter)));
        commands = new SyncCommands(vertx, loop, status, database, new StateTables(database, writer));
        leadership = new Leadership(kit.membership(), DbSyncMain.SERVICE.name(), leads -> {
            loop.lead(leads);
            commands.lead(leads);
        });
        check("redis", status::redis);
        check("postgres", status::postgres);
        check("lag", status::lag);
        return loop.start()
                .compose(started -> listen())
                .compose(listening -> leadership.open())
                .onSuccess(v -> teller = vertx.setPeriodic(TELL_MS, id -> tell()))
                .recover(failure -> close().transform(closed -> Future.failedFuture(failure)));
    }

    @Override
    public Future<?> stop() {
        vertx.cancelTimer(teller);
        // First, so that the database and the logs agree as far as time allows; a longer batch is cut off and rolled
        // back.
        commands.close();
        return leadership
                .leave()
                .compose(left -> loop.stop())
                .timeout(config.stopTimeout().toMillis(), TimeUnit.MILLISECONDS)
                .onFailure(late -> LOG.warn(
                        "the batch in flight did not finish within {} ms (db-sync.stop-timeout); it is written again after"
                                + " the next start",
                        config.stopTimeout().toMillis()))
                .transform(stopped -> close());
    }

    private Future<Void> listen() {
        List<Future<Void>> listening = new ArrayList<>();
        for (int p = 0; p < Partitions.COUNT; p++) {
            MessageConsumer<Changes> consumer = vertx.eventBus().consumer(Addresses.stateChanges(p));
            consumer.handler(message -> loop.wake(isCritical(message.body())));
            hints.add(consumer);
            listening.add(consumer.completion());
        }
        return Future.all(listening).mapEmpty();
    }

    private static boolean isCritical(Changes changes) {
        return changes.transactions().stream().anyMatch(tx -> tx.mutations().stream()
                .anyMatch(mutation -> IntervalPolicy.isCritical(mutation.key().domain())));
    }

    private void tell() {
        Offsets offsets = loop.isLeading() ? loop.offsets() : null;
        if (offsets != null) {
            vertx.eventBus().publish(Addresses.SYNC_VERSIONS, new SyncedVersions(offsets.byPartition()));
        }
    }

    private Future<Void> close() {
        List<Future<?>> closing = new ArrayList<>();
        hints.forEach(hint -> closing.add(hint.unregister()));
        closing.add(reader.close());
        closing.add(database.close());
        // Behind whatever the worker is still decoding: the codec's memory must not be freed under it.
        closing.add(vertx.executeBlocking(() -> {
            assembler.close();
            return null;
        }));
        metrics.close();
        return Future.join(closing).mapEmpty();
    }

    private void check(String name, Supplier<CheckResult> result) {
        kit.health().register(DbSyncMain.SERVICE.name(), name, () -> Future.succeededFuture(result.get()));
    }
}
