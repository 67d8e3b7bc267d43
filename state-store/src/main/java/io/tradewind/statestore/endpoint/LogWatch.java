package io.tradewind.statestore.endpoint;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.tradewind.contracts.Addresses;
import io.tradewind.contracts.state.LogPressure;
import io.tradewind.contracts.state.LogPressure.Level;
import io.tradewind.servicekit.CheckResult;
import io.tradewind.statestore.domain.LogBudget;
import io.tradewind.statestore.redis.RedisDurability;
import io.tradewind.statestore.redis.RedisLink;
import io.tradewind.statestore.redis.RedisMemory;
import io.vertx.core.Vertx;
import java.util.Objects;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps an eye on the Redis that holds the log: whether it is as durable as an acknowledged order needs, and how short
 * its memory is. Says so in health and, when it changes, in the log; tells admission to slow down over the bus, and
 * whoever can make room.
 *
 * <p>On the event loop of its verticle, which starts and closes it. What is not known because Redis does not answer stays
 * as it was known last; that it does not answer is said by the link.
 */
public final class LogWatch {

    /** How often memory is measured, and pressure said again while it lasts. */
    static final long MEASURE_MS = 1_000;

    /** For how long a listener believes what it was told: two may be lost. */
    static final long VALID_MS = 3 * MEASURE_MS + 500;

    private static final Logger LOG = LoggerFactory.getLogger(LogWatch.class);

    private final Vertx vertx;
    private final RedisLink link;
    private final LogBudget budget;
    private final Consumer<Boolean> scarce;
    private final long durabilityIntervalMs;
    private RedisDurability durability;
    private boolean measuring;
    private long measureTimer = -1;
    private long durabilityTimer = -1;

    /**
     * @param scarce told whether memory is short, when that changes: then it is time to make room by snapshot and trim
     */
    public LogWatch(
            Vertx vertx,
            RedisLink link,
            LogBudget budget,
            MeterRegistry meters,
            long durabilityIntervalMs,
            Consumer<Boolean> scarce) {
        this.vertx = vertx;
        this.link = link;
        this.budget = budget;
        this.scarce = scarce;
        this.durabilityIntervalMs = durabilityIntervalMs;
        Gauge.builder("tradewind.state.log.bytes", budget, LogBudget::usedBytes)
                .description("Memory that Redis uses")
                .baseUnit("bytes")
                .register(meters);
        Gauge.builder("tradewind.state.log.budget", budget, LogBudget::budgetBytes)
                .description("Memory that Redis may use for the log")
                .baseUnit("bytes")
                .register(meters);
        Gauge.builder("tradewind.state.log.level", budget, b -> severity(b.level()))
                .description("How short it is: 0 normal, 1 slow down, 2 full, 3 hard stop")
                .register(meters);
        Gauge.builder("tradewind.state.log.durable", this, w -> w.isDurable() ? 1 : 0)
                .description("Whether Redis keeps what was acknowledged, by its settings: 1 yes, 0 no or not known")
                .register(meters);
    }

    private static int severity(Level level) {
        return switch (level) {
            case NORMAL -> 0;
            case SLOW_DOWN -> 1;
            case FULL -> 2;
            case HARD_STOP -> 3;
        };
    }

    public void start() {
        measureTimer = vertx.setPeriodic(0, MEASURE_MS, id -> tick());
        durabilityTimer = vertx.setPeriodic(durabilityIntervalMs, id -> checkDurability());
    }

    public void close() {
        vertx.cancelTimer(measureTimer);
        vertx.cancelTimer(durabilityTimer);
    }

    /** What a new connection, or the look every now and then, has found. */
    public void durabilityIs(RedisDurability found) {
        String before = durability == null ? null : durability.weakness();
        durability = found;
        String weakness = found.weakness();
        if (Objects.equals(weakness, before)) {
            return;
        }
        if (weakness != null) {
            LOG.warn("Redis is less durable than an acknowledged order needs: {}", weakness);
        } else {
            LOG.info("Redis is as durable as an acknowledged order needs, again");
        }
    }

    private boolean isDurable() {
        return durability != null && durability.weakness() == null;
    }

    public CheckResult durabilityHealth() {
        if (!link.isUp() || durability == null) {
            return CheckResult.down("no connection to Redis");
        }
        String weakness = durability.weakness();
        return (weakness == null ? CheckResult.up() : CheckResult.degraded(weakness))
                .with("appendonly", durability.appendOnly())
                .with("appendfsync", durability.appendFsync())
                .with("maxmemory-policy", durability.evictionPolicy());
    }

    public CheckResult memoryHealth() {
        String sentence = budget.sentence();
        return (sentence == null ? CheckResult.up() : CheckResult.degraded(sentence))
                .with("level", budget.level().name())
                .with("used_bytes", budget.usedBytes())
                .with("budget_bytes", budget.budgetBytes());
    }

    private void checkDurability() {
        if (link.isUp()) {
            RedisDurability.read(link)
                    .onSuccess(this::durabilityIs)
                    .onFailure(failure -> LOG.debug("durability of Redis not read: {}", failure.toString()));
        }
    }

    private void tick() {
        if (budget.level() != Level.NORMAL) {
            publish();
        }
        if (!measuring && link.isUp()) {
            measuring = true;
            RedisMemory.read(link)
                    .onSuccess(memory -> measured(memory.usedBytes(), memory.maxBytes()))
                    .onFailure(failure -> LOG.debug("memory of Redis not read: {}", failure.toString()))
                    .onComplete(done -> measuring = false);
        }
    }

    private void measured(long usedBytes, long maxBytes) {
        if (!budget.measured(usedBytes, maxBytes)) {
            return;
        }
        scarce.accept(budget.level() != Level.NORMAL);
        if (budget.level() == Level.NORMAL) {
            LOG.info("the log has room again: {} of {} bytes", usedBytes, budget.budgetBytes());
            return;
        }
        LOG.warn("{}: {}", budget.level(), budget.sentence());
        publish();
    }

    private void publish() {
        vertx.eventBus()
                .publish(
                        Addresses.STATE_PRESSURE,
                        new LogPressure(budget.level(), budget.usedBytes(), budget.budgetBytes(), VALID_MS));
    }
}
