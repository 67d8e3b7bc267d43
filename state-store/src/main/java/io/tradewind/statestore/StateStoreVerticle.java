package io.tradewind.statestore;

import io.tradewind.contracts.state.LogKeys;
import io.tradewind.contracts.state.schema.Schemas;
import io.tradewind.servicekit.Backoff;
import io.tradewind.servicekit.CheckResult;
import io.tradewind.servicekit.ServiceKit;
import io.tradewind.servicekit.config.PostgresConfig;
import io.tradewind.servicekit.config.RedisConfig;
import io.tradewind.statestore.domain.LogBudget;
import io.tradewind.statestore.domain.MemoryPressure;
import io.tradewind.statestore.endpoint.LogWatch;
import io.tradewind.statestore.endpoint.StateEndpoint;
import io.tradewind.statestore.postgres.LogArchive;
import io.tradewind.statestore.redis.LogHistory;
import io.tradewind.statestore.redis.PartitionLog;
import io.tradewind.statestore.redis.RedisDurability;
import io.tradewind.statestore.redis.RedisLink;
import io.tradewind.statestore.redis.Scripts;
import io.tradewind.statestore.snapshot.DirectorySnapshotStore;
import io.tradewind.statestore.snapshot.NoSnapshots;
import io.tradewind.statestore.snapshot.PostgresSnapshotStore;
import io.tradewind.statestore.snapshot.SnapshotStore;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.Request;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The life of the state-store: connects to the log, replays its partitions, serves, hands over when it stops. */
public final class StateStoreVerticle extends VerticleBase {

    /** How long stopping waits for the log; what is not durable by then was not acknowledged. */
    private static final long DRAIN_MS = 3_000;

    /** How often is looked how much memory the state takes, and whether something is to be done about it. */
    private static final long KEEP_MEMORY_MS = 1_000;

    /** How often is looked whether snapshots are due or logs too long. */
    private static final long KEEP_LOGS_MS = 1_000;

    private static final Logger LOG = LoggerFactory.getLogger(StateStoreVerticle.class);

    private final ServiceKit kit;
    private final StateStoreConfig config;
    private final Schemas schemas;
    private RedisLink link;
    private PartitionLog log;
    private RedisLink historyLink;
    private LogArchive archive;
    private StateEndpoint endpoint;
    private LogWatch watch;
    private SnapshotStore snapshots;
    private long relaxedTimer = -1;
    private long keepTimer = -1;
    private long memoryTimer = -1;

    private StateStoreVerticle(ServiceKit kit, StateStoreConfig config, Schemas schemas) {
        this.kit = kit;
        this.config = config;
        this.schemas = schemas;
    }

    /** The service, wired; used by its own main and by all-in-one alike. */
    public static StateStoreVerticle assemble(ServiceKit kit, StateStoreConfig config) {
        config.checkFor(kit.clustered());
        return new StateStoreVerticle(kit, config, Schemas.current());
    }

    @Override
    public Future<?> start() {
        return vertx.executeBlocking(this::openSnapshots).compose(this::open);
    }

    private Future<Void> open(SnapshotStore opened) {
        snapshots = opened;
        RedisConfig redis = kit.settings().section(RedisConfig.SECTION, RedisConfig.class);
        Scripts scripts = Scripts.read(vertx);
        link = new RedisLink(
                vertx,
                redis.uri(),
                redis.connectTimeout(),
                redis.commandTimeout(),
                new Backoff(redis.reconnectMin(), redis.reconnectMax(), new Random()),
                connection -> prepare(scripts, connection),
                new LinkListener());
        historyLink = new RedisLink(
                vertx,
                redis.uri(),
                redis.connectTimeout(),
                redis.commandTimeout(),
                new Backoff(redis.reconnectMin(), redis.reconnectMax(), new Random()),
                connection -> Future.succeededFuture(),
                new NobodyListens());
        archive = new LogArchive(vertx, kit.settings().section(PostgresConfig.SECTION, PostgresConfig.class));
        log = new PartitionLog(link, scripts, schemas, kit.membership().self());
        LogBudget budget = new LogBudget(config.log().budget().bytes());
        endpoint = new StateEndpoint(
                vertx,
                kit.membership(),
                log,
                new LogHistory(historyLink),
                archive,
                snapshots,
                schemas,
                budget,
                config.publishes(kit.clustered()),
                kit.clock(),
                kit.meters(),
                config);
        watch = new LogWatch(
                vertx,
                link,
                budget,
                kit.meters(),
                config.log().durabilityInterval().toMillis(),
                endpoint::onScarce);
        kit.health().register("state-store", "partitions", this::partitionHealth);
        kit.health().register("state-store", "log", () -> Future.succeededFuture(watch.durabilityHealth()));
        kit.health().register("state-store", "log-memory", () -> Future.succeededFuture(watch.memoryHealth()));
        kit.health().register("state-store", "memory", this::memoryHealth);
        link.start();
        watch.start();
        historyLink.start();
        return endpoint.open().onSuccess(v -> {
            relaxedTimer = vertx.setPeriodic(config.relaxedInterval().toMillis(), id -> endpoint.flushRelaxed());
            keepTimer = vertx.setPeriodic(KEEP_LOGS_MS, id -> endpoint.keepLogs());
            memoryTimer = vertx.setPeriodic(KEEP_MEMORY_MS, id -> endpoint.keepMemory());
        });
    }

    @Override
    public Future<?> stop() {
        kit.health().unregister("state-store");
        vertx.cancelTimer(relaxedTimer);
        vertx.cancelTimer(keepTimer);
        watch.close();
        vertx.cancelTimer(memoryTimer);
        return endpoint.drain()
                .timeout(DRAIN_MS, TimeUnit.MILLISECONDS)
                .otherwise(failure -> {
                    LOG.warn("stopped before the log had everything; what it has not was not acknowledged");
                    return null;
                })
                .eventually(endpoint::close)
                .eventually(link::close)
                .eventually(historyLink::close)
                .eventually(archive::close)
                .onComplete(done -> {
                    log.close();
                    snapshots.close();
                });
    }

    private SnapshotStore openSnapshots() throws IOException {
        return switch (config.snapshots().store()) {
            case StateStoreConfig.Snapshots.DIRECTORY ->
                DirectorySnapshotStore.open(Path.of(config.snapshots().directory()));
            case StateStoreConfig.Snapshots.POSTGRES ->
                PostgresSnapshotStore.open(
                        kit.settings().section(PostgresConfig.SECTION, PostgresConfig.class),
                        Path.of(config.snapshots().directory()),
                        UUID::randomUUID);
            default -> new NoSnapshots();
        };
    }

    /** Every new connection: the layout must be ours, the scripts known, the durability as promised. */
    private Future<Void> prepare(Scripts scripts, RedisConnection connection) {
        return link.sendOn(
                        connection,
                        Request.cmd(Command.SETNX).arg(LogKeys.FORMAT).arg(LogKeys.FORMAT_VERSION))
                .compose(v -> link.sendOn(connection, Request.cmd(Command.GET).arg(LogKeys.FORMAT)))
                .compose(format -> format.toInteger() == LogKeys.FORMAT_VERSION
                        ? scripts.load(link, connection)
                        : Future.failedFuture("Redis holds data in format " + format + "; this program reads format "
                                + LogKeys.FORMAT_VERSION))
                .compose(v -> RedisDurability.read(link, connection))
                .map(found -> {
                    watch.durabilityIs(found);
                    return null;
                });
    }

    private Future<CheckResult> partitionHealth() {
        long serving = endpoint.servingPartitions();
        long owned = endpoint.ownedPartitions();
        CheckResult result = serving == owned
                ? CheckResult.up()
                : CheckResult.down((owned - serving) + " of " + owned + " partitions do not serve");
        return Future.succeededFuture(result.with("serving", serving).with("owned", owned));
    }

    private Future<CheckResult> memoryHealth() {
        MemoryPressure pressure = endpoint.pressure();
        String sentence = pressure.sentence();
        return Future.succeededFuture((sentence == null ? CheckResult.up() : CheckResult.degraded(sentence))
                .with("level", pressure.level().text())
                .with("used_bytes", pressure.usedBytes())
                .with("budget_bytes", pressure.budgetBytes()));
    }

    /** History is asked for when it is asked for; nothing waits for its connection. */
    private static final class NobodyListens implements RedisLink.Listener {
        @Override
        public void onUp() {}

        @Override
        public void onDown() {}
    }

    private final class LinkListener implements RedisLink.Listener {
        @Override
        public void onUp() {
            endpoint.onLog(true);
        }

        @Override
        public void onDown() {
            endpoint.onLog(false);
        }
    }
}
