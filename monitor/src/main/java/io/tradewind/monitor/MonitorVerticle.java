package io.tradewind.monitor;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.tradewind.contracts.Json;
import io.tradewind.monitor.domain.MachineSample;
import io.tradewind.monitor.domain.PostgresStatus;
import io.tradewind.monitor.domain.RedisStatus;
import io.tradewind.monitor.domain.ServiceRoster;
import io.tradewind.monitor.domain.SystemStatus;
import io.tradewind.monitor.endpoint.HeartbeatListener;
import io.tradewind.monitor.endpoint.StatusDocument;
import io.tradewind.monitor.endpoint.StatusEndpoint;
import io.tradewind.monitor.machine.Machine;
import io.tradewind.monitor.postgres.PostgresProbe;
import io.tradewind.monitor.redis.RedisProbe;
import io.tradewind.servicekit.CheckResult;
import io.tradewind.servicekit.Health;
import io.tradewind.servicekit.Version;
import io.tradewind.servicekit.config.PostgresConfig;
import io.tradewind.servicekit.config.RedisConfig;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.WorkerExecutor;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Life cycle of the monitor: listens for heartbeats, reads the machine, asks Redis and Postgres, and answers what it
 * knows. One instance, one event loop; the machine is read on a worker thread of its own, because that blocks. Stopped
 * by the service kit. Keeps nothing: after a crash it looks anew.
 */
public final class MonitorVerticle extends VerticleBase {

    private static final Logger LOG = LoggerFactory.getLogger(MonitorVerticle.class);
    private static final String SERVICE = MonitorConfig.SECTION;

    private final MonitorConfig config;
    private final RedisConfig redisConfig;
    private final PostgresConfig postgresConfig;
    private final Clock clock;
    private final MeterRegistry meters;
    private final Health health;
    private final List<Long> timers = new ArrayList<>();
    private final List<Gauge> gauges = new ArrayList<>();

    private ServiceRoster roster;
    private HeartbeatListener heartbeats;
    private StatusEndpoint endpoint;
    private RedisProbe redisProbe;
    private PostgresProbe postgresProbe;
    private Machine machine;
    private WorkerExecutor machineWorker;
    private boolean stopping;

    private MachineSample machineSample;
    private String machineError;
    private RedisStatus redis;
    private PostgresStatus postgres;
    // Read by whoever scrapes the meters, on any thread.
    private volatile int scorePoints = 100;

    public MonitorVerticle(
            MonitorConfig config,
            RedisConfig redisConfig,
            PostgresConfig postgresConfig,
            Clock clock,
            MeterRegistry meters,
            Health health) {
        this.config = config;
        this.redisConfig = redisConfig;
        this.postgresConfig = postgresConfig;
        this.clock = clock;
        this.meters = meters;
        this.health = health;
    }

    @Override
    public Future<?> start() {
        roster = new ServiceRoster(config.services(), config.heartbeatTimeout().toMillis(), clock.millis());
        redisProbe = new RedisProbe(vertx, redisConfig.uri(), config.probeTimeout());
        postgresProbe = new PostgresProbe(vertx, postgresConfig, config.probeTimeout());
        machine = new Machine(Path.of(config.diskPath()), clock);
        machineWorker = vertx.createSharedWorkerExecutor("monitor-machine", 1);
        heartbeats = new HeartbeatListener(vertx, heartbeat -> roster.heard(heartbeat, clock.millis()));
        endpoint = new StatusEndpoint(vertx, this::status);
        return heartbeats.open().compose(listening -> endpoint.open()).onSuccess(open -> watch());
    }

    @Override
    public Future<?> stop() {
        stopping = true;
        timers.forEach(vertx::cancelTimer);
        gauges.forEach(meters::remove);
        health.unregister(SERVICE);
        return endpoint.close()
                .eventually(heartbeats::close)
                .eventually(redisProbe::close)
                .eventually(postgresProbe::close)
                .eventually(machineWorker::close);
    }

    private void watch() {
        gauges.add(Gauge.builder("tradewind.system.score", () -> scorePoints)
                .description("How well the system is, 0 to 100")
                .register(meters));
        health.register(SERVICE, "machine", () -> Future.succeededFuture(checkMachine()));
        // The score is a figure to look back on, also when nobody asks for the status.
        timers.add(vertx.setPeriodic(config.probeInterval().toMillis(), id -> look()));
        keepDoing(config.machineInterval().toMillis(), this::readMachine);
        keepDoing(config.probeInterval().toMillis(), () -> redisProbe.probe().onSuccess(this::onRedis));
        keepDoing(config.probeInterval().toMillis(), () -> postgresProbe.probe().onSuccess(this::onPostgres));
    }

    // The next turn begins an interval after the last one has ended: slow ones never pile up.
    private <T> void keepDoing(long intervalMs, Supplier<Future<T>> turn) {
        turn.get().onComplete(done -> {
            if (!stopping) {
                timers.add(vertx.setTimer(intervalMs, id -> {
                    timers.remove(id);
                    keepDoing(intervalMs, turn);
                }));
            }
        });
    }

    private Future<MachineSample> readMachine() {
        return machineWorker
                .executeBlocking(machine::sample)
                .onSuccess(sample -> {
                    machineSample = sample;
                    machineError = null;
                })
                .onFailure(failure -> {
                    if (machineError == null) {
                        LOG.warn("the resources of the machine cannot be read", failure);
                    }
                    machineSample = null;
                    machineError = failure.toString();
                });
    }

    private void onRedis(RedisStatus now) {
        if (redis == null || redis.isUp() != now.isUp()) {
            LOG.info("Redis is {}", now.isUp() ? "up" : "down: " + now.error());
        }
        redis = now;
    }

    private void onPostgres(PostgresStatus now) {
        if (postgres == null || postgres.isUp() != now.isUp()) {
            LOG.info("Postgres is {}", now.isUp() ? "up" : "down: " + now.error());
        }
        postgres = now;
    }

    private Json status() {
        return StatusDocument.of(look(), Version.current());
    }

    private SystemStatus look() {
        long nowMs = clock.millis();
        SystemStatus status = SystemStatus.of(
                nowMs, roster.views(nowMs), machineSample, machineError, redis, postgres, config.limits());
        scorePoints = status.score().points();
        return status;
    }

    private CheckResult checkMachine() {
        return machineError == null
                ? CheckResult.up(Map.of("score", scorePoints))
                : CheckResult.degraded("the resources of the machine cannot be read: " + machineError);
    }
}
