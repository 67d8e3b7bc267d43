package io.tradewind.strategyexecutor;

import io.micrometer.core.instrument.MeterRegistry;
import io.tradewind.contracts.Failure;
import io.tradewind.contracts.Json;
import io.tradewind.contracts.control.StrategyCommand;
import io.tradewind.contracts.market.Quote;
import io.tradewind.contracts.state.Domains;
import io.tradewind.contracts.state.EntityKey;
import io.tradewind.contracts.state.ReadEntities;
import io.tradewind.contracts.state.StateClient;
import io.tradewind.servicekit.CheckResult;
import io.tradewind.servicekit.Health;
import io.tradewind.servicekit.config.ConfigException;
import io.tradewind.strategyexecutor.domain.Feed;
import io.tradewind.strategyexecutor.domain.FeedTick;
import io.tradewind.strategyexecutor.domain.ReplayFeed;
import io.tradewind.strategyexecutor.domain.RunningSlots;
import io.tradewind.strategyexecutor.domain.SimFeed;
import io.tradewind.strategyexecutor.domain.StrategyCatalogue;
import io.tradewind.strategyexecutor.domain.StrategyStatus;
import io.tradewind.strategyexecutor.endpoint.StrategyCommands;
import io.tradewind.strategyexecutor.endpoint.StrategyDocuments;
import io.tradewind.strategyexecutor.feed.FeedDriver;
import io.tradewind.strategyexecutor.feed.Recordings;
import io.tradewind.strategyexecutor.orders.OrderSender;
import io.tradewind.strategyexecutor.runner.RunLimits;
import io.tradewind.strategyexecutor.state.QuoteRecorder;
import io.tradewind.strategyexecutor.state.RelaxedPuts;
import io.tradewind.strategyexecutor.state.SignalWriter;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.math.BigDecimal;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Life cycle of the strategy-executor: loads the feed, takes commands, starts the configured strategies and lets the
 * feed run. One instance, one event loop; strategies compute on threads of their own. Stopped by the service kit. After a
 * crash the configured strategies are started again; those started by command are not.
 */
public final class StrategyExecutorVerticle extends VerticleBase {

    private static final Logger LOG = LoggerFactory.getLogger(StrategyExecutorVerticle.class);
    private static final String SERVICE = StrategyExecutorConfig.SECTION;

    private static final long STATUS_INTERVAL_MS = 1_000;
    private static final long START_RETRY_MS = 1_000;
    /** For the last relaxed writes when stopping; a state-store that is gone must not hold up the rest. */
    private static final long LAST_WRITE_MS = 500;

    /** A feed that is silent for so many ticks, and at least a second, is reported. */
    private static final int TICKS_UNTIL_LATE = 8;

    private static final long MIN_LATE_MS = 1_000;

    private final StrategyExecutorConfig config;
    private final StrategyCatalogue catalogue;
    private final Clock clock;
    private final MeterRegistry meters;
    private final Health health;
    private final Supplier<String> ids;
    private final Map<EntityKey, StrategyStatus> lastWritten = new HashMap<>();
    private final List<Long> timers = new ArrayList<>();

    private StrategyHost host;
    private QuoteRecorder recorder;
    private RelaxedPuts statuses;
    private StrategyCommands commands;
    private FeedDriver feed;
    private boolean stopping;

    public StrategyExecutorVerticle(
            StrategyExecutorConfig config,
            StrategyCatalogue catalogue,
            Clock clock,
            MeterRegistry meters,
            Health health,
            Supplier<String> ids) {
        this.config = config;
        this.catalogue = catalogue;
        this.clock = clock;
        this.meters = meters;
        this.health = health;
        this.ids = ids;
    }

    @Override
    public Future<?> start() {
        config.strategies().forEach(this::checkConfigured);
        StateClient state = new StateClient(vertx.eventBus(), config.stateTimeout());
        recorder = new QuoteRecorder(new RelaxedPuts("quotes", state, ids, SERVICE));
        statuses = new RelaxedPuts("strategy statuses", state, ids, SERVICE);
        host = new StrategyHost(
                vertx,
                clock,
                meters,
                catalogue,
                new RunLimits(
                        config.queueSize(),
                        config.deadline(),
                        config.interruptGrace(),
                        config.maxFailures(),
                        config.maxReplacements()),
                new RunningSlots(config.maxRunning()),
                state,
                new OrderSender(vertx.eventBus(), config.orderTimeout()),
                new SignalWriter(vertx, state),
                ids,
                this::onStateChange);
        commands = new StrategyCommands(vertx, this::onCommand);
        return loadFeed(state).compose(loaded -> commands.open().onSuccess(open -> run(loaded)));
    }

    @Override
    public Future<?> stop() {
        stopping = true;
        timers.forEach(vertx::cancelTimer);
        if (feed != null) {
            feed.close();
        }
        health.unregister(SERVICE);
        return commands.close().compose(closed -> host.close()).compose(closed -> Future.join(
                        writeStatuses(), recorder.store())
                .timeout(LAST_WRITE_MS, TimeUnit.MILLISECONDS)
                .onFailure(late -> LOG.warn("the last statuses and quotes may not be stored", late))
                .otherwiseEmpty());
    }

    private void checkConfigured(String name) {
        try {
            catalogue.parameters(name, config.parametersOf(name));
        } catch (IllegalArgumentException e) {
            throw new ConfigException(SERVICE + ".strategies", name, e.getMessage());
        }
    }

    private Future<Feed> loadFeed(StateClient state) {
        return switch (config.feed()) {
            case SIM ->
                lastPrices(state)
                        .map(prices -> new SimFeed(
                                config.seed(),
                                config.instruments(),
                                config.tick().toMillis(),
                                config.barDuration().toMillis(),
                                prices));
            case REPLAY ->
                vertx.executeBlocking(() -> new ReplayFeed(
                        Recordings.load(config.replayFile(), config.replaySymbol()), config.replaySpeed()));
            case NONE -> Future.succeededFuture();
        };
    }

    /** Where the simulated market stood: after a restart it goes on there, and positions keep their worth. */
    private static Future<Map<String, BigDecimal>> lastPrices(StateClient state) {
        return state.read(ReadEntities.of(Domains.MARKET, Domains.MARKET_KEY, ReadEntities.MAX_LIMIT))
                .map(page -> page.entities().stream()
                        .map(entity -> Quote.fromJson(entity.json()))
                        .collect(Collectors.toMap(Quote::symbol, Quote::last)))
                .otherwise(failure -> {
                    LOG.info("the simulated market begins at its start prices: {}", failure.getMessage());
                    return Map.of();
                });
    }

    private void run(Feed loaded) {
        config.strategies().forEach(this::startWhenPossible);
        timers.add(vertx.setPeriodic(config.quoteStoreInterval().toMillis(), id -> recorder.store()));
        timers.add(vertx.setPeriodic(STATUS_INTERVAL_MS, id -> writeStatuses()));
        if (loaded != null) {
            feed = new FeedDriver(vertx, clock, meters, loaded, this::onTick);
            feed.start(config.tick().toMillis());
        }
        health.register(SERVICE, "feed", () -> Future.succeededFuture(checkFeed()));
        health.register(SERVICE, "strategies", () -> Future.succeededFuture(checkStrategies()));
        LOG.info("feed {}, strategies {}", config.feed(), config.strategies());
    }

    private void onTick(FeedTick tick) {
        tick.quotes().forEach(recorder::onQuote);
        host.onTick(tick);
    }

    // The state-store may come later than this service: that is no reason not to start.
    private void startWhenPossible(String name) {
        if (stopping) {
            return;
        }
        host.start(name, config.account(), config.parametersOf(name))
                .onSuccess(status -> LOG.info("strategy {} runs with {}", name, status.parameters()))
                .onFailure(failure -> {
                    if (Failure.of(failure) == Failure.UNAVAILABLE) {
                        LOG.info("strategy {} is not started yet: {}", name, failure.getMessage());
                        vertx.setTimer(START_RETRY_MS, id -> startWhenPossible(name));
                    } else {
                        LOG.error("strategy {} could not be started: {}", name, failure.toString());
                    }
                });
    }

    private Future<Json> onCommand(StrategyCommand command) {
        String account = command.accountId() == null ? config.account() : command.accountId();
        return switch (command.verb()) {
            case LIST -> Future.succeededFuture(StrategyDocuments.list(catalogue, statuses(command.accountId())));
            case START ->
                host.start(command.name(), account, withConfigured(command)).map(StrategyDocuments::status);
            case STOP -> host.stop(command.name(), account).map(StrategyDocuments::status);
        };
    }

    private List<StrategyStatus> statuses(String accountId) {
        return host.statuses().stream()
                .filter(status -> accountId == null || status.accountId().equals(accountId))
                .toList();
    }

    private Map<String, String> withConfigured(StrategyCommand command) {
        Map<String, String> parameters = new HashMap<>();
        if (command.name() != null) {
            parameters.putAll(config.parametersOf(command.name()));
        }
        parameters.putAll(command.parameters());
        return parameters;
    }

    private void onStateChange(StrategyStatus status) {
        putStatus(status);
        statuses.flush();
    }

    private Future<Void> writeStatuses() {
        host.statuses().forEach(this::putStatus);
        return statuses.flush();
    }

    private void putStatus(StrategyStatus status) {
        EntityKey key = new EntityKey(Domains.STRATEGY, status.accountId(), status.name());
        if (!status.equals(lastWritten.put(key, status))) {
            statuses.put(key, StrategyDocuments.status(status));
        }
    }

    private CheckResult checkFeed() {
        if (feed == null) {
            return CheckResult.up(Map.of("feed", "none"));
        }
        long lateMs = Math.max(MIN_LATE_MS, TICKS_UNTIL_LATE * config.tick().toMillis());
        if (feed.ageMs() > lateMs) {
            return CheckResult.degraded("no quotes for " + feed.ageMs() + " ms, expected every "
                    + config.tick().toMillis() + " ms");
        }
        if (recorder.trouble() != null) {
            return CheckResult.degraded("quotes are not stored: " + recorder.trouble());
        }
        return CheckResult.up(Map.of("feed", config.feed().name().toLowerCase(Locale.ROOT)));
    }

    private CheckResult checkStrategies() {
        List<String> parked = host.parked();
        CheckResult result = parked.isEmpty()
                ? CheckResult.up(Map.of("active", host.active()))
                : CheckResult.degraded("parked after failures: " + String.join(", ", parked));
        int givenUp = host.givenUpThreads();
        return givenUp == 0 ? result : result.with("given_up_threads", givenUp);
    }
}
