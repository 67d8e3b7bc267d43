package io.tradewind.strategyexecutor;

import io.tradewind.servicekit.config.Check;
import io.tradewind.servicekit.config.ConfigException;
import io.tradewind.servicekit.config.Doc;
import io.tradewind.strategyexecutor.domain.Instrument;
import io.tradewind.strategyexecutor.domain.ReplayFeed;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Market data and strategies: section {@value #SECTION}. */
@Doc("Market-data feed and strategies.")
public record StrategyExecutorConfig(
        @Doc("Where quotes come from: sim (a made-up market), replay (a recording) or none (another process).")
        FeedKind feed,

        @Doc("What the made-up market grows from: the same seed gives the same prices.")
        Long seed,

        @Doc("How often the feed brings quotes. 10ms..10s.") Duration tick,

        @Doc("Length of a bar of the made-up market. 100ms..1d.")
        Duration barDuration,

        @Doc("Instruments of the made-up market. One that it does not know takes a start price, such as TSLA:250.")
        List<String> symbols,

        @Doc("CSV file to replay, with a header that names date, open, high, low and close. Empty: the sample that is"
                + " built in.")
        String replayFile,

        @Doc("What the replayed instrument is called.") String replaySymbol,

        @Doc("Bars per second. Above 0, at most 100.") Double replaySpeed,

        @Doc("How often the quote of an instrument is stored, at most. 100ms..1m.")
        Duration quoteStoreInterval,

        @Doc("Strategies that are started with the service, by name.")
        List<String> strategies,

        @Doc("Parameters of the strategies, as strategy.parameter, such as sma-cross.fast: 10.")
        Map<String, String> parameters,

        @Doc("The account that strategies trade for, unless told another.")
        String account,

        @Doc("Tasks that may wait for one strategy. 1..10000.")
        Integer queueSize,

        @Doc("Calls into strategies that may run at once. 1..256.")
        Integer maxRunning,

        @Doc("How long one call into a strategy may take. 10ms..10m.")
        Duration deadline,

        @Doc("How long an interrupted call has to end before its thread is given up. 10ms..10s.")
        Duration interruptGrace,

        @Doc("Failed calls in a row after which a strategy is parked. 1..1000.")
        Integer maxFailures,

        @Doc("How often a strategy whose thread was given up is made anew before it is parked. 0..100.")
        Integer maxReplacements,

        @Doc("How long the state-store may take to answer. 100ms..1m.")
        Duration stateTimeout,

        @Doc("How long the order-queue may take to answer. 100ms..1m.")
        Duration orderTimeout) {

    public static final String SECTION = "strategy-executor";

    static final FeedKind DEFAULT_FEED = FeedKind.SIM;
    static final long DEFAULT_SEED = 42;
    static final Duration DEFAULT_TICK = Duration.ofMillis(250);
    static final Duration DEFAULT_BAR_DURATION = Duration.ofSeconds(5);
    static final String DEFAULT_REPLAY_SYMBOL = "SPX";
    static final double DEFAULT_REPLAY_SPEED = 1;
    static final Duration DEFAULT_QUOTE_STORE_INTERVAL = Duration.ofSeconds(1);
    static final String DEFAULT_ACCOUNT = "default";
    static final int DEFAULT_QUEUE_SIZE = 100;
    static final int DEFAULT_MAX_RUNNING = 10;
    static final Duration DEFAULT_DEADLINE = Duration.ofSeconds(30);
    static final Duration DEFAULT_INTERRUPT_GRACE = Duration.ofSeconds(1);
    static final int DEFAULT_MAX_FAILURES = 5;
    static final int DEFAULT_MAX_REPLACEMENTS = 3;
    static final Duration DEFAULT_STATE_TIMEOUT = Duration.ofSeconds(10);
    static final Duration DEFAULT_ORDER_TIMEOUT = Duration.ofSeconds(10);

    public StrategyExecutorConfig {
        feed = Check.orDefault(feed, DEFAULT_FEED);
        seed = Check.orDefault(seed, DEFAULT_SEED);
        tick = Check.inRange(
                "tick", Check.orDefault(tick, DEFAULT_TICK), Duration.ofMillis(10), Duration.ofSeconds(10));
        barDuration = Check.inRange(
                "bar-duration",
                Check.orDefault(barDuration, DEFAULT_BAR_DURATION),
                Duration.ofMillis(100),
                Duration.ofDays(1));
        symbols = List.copyOf(Check.orDefault(symbols, Instrument.knownSymbols()));
        symbols.forEach(StrategyExecutorConfig::checkSymbol);
        replayFile = Check.orDefault(replayFile, "");
        replaySymbol = Check.notBlank("replay-symbol", Check.orDefault(replaySymbol, DEFAULT_REPLAY_SYMBOL));
        replaySpeed = Check.orDefault(replaySpeed, DEFAULT_REPLAY_SPEED);
        Check.that(
                replaySpeed > 0 && replaySpeed <= ReplayFeed.MAX_SPEED,
                "replay-speed",
                replaySpeed,
                "must be above 0 and at most " + (int) ReplayFeed.MAX_SPEED + " bars per second");
        quoteStoreInterval = Check.inRange(
                "quote-store-interval",
                Check.orDefault(quoteStoreInterval, DEFAULT_QUOTE_STORE_INTERVAL),
                Duration.ofMillis(100),
                Duration.ofMinutes(1));
        strategies = List.copyOf(Check.orDefault(strategies, List.of()));
        parameters = Map.copyOf(Check.orDefault(parameters, Map.of()));
        parameters.forEach((name, value) ->
                Check.that(name.indexOf('.') > 0, "parameters." + name, value, "must be named strategy.parameter"));
        account = Check.notBlank("account", Check.orDefault(account, DEFAULT_ACCOUNT));
        queueSize = Check.inRange("queue-size", Check.orDefault(queueSize, DEFAULT_QUEUE_SIZE), 1, 10_000);
        maxRunning = Check.inRange("max-running", Check.orDefault(maxRunning, DEFAULT_MAX_RUNNING), 1, 256);
        deadline = Check.inRange(
                "deadline", Check.orDefault(deadline, DEFAULT_DEADLINE), Duration.ofMillis(10), Duration.ofMinutes(10));
        interruptGrace = Check.inRange(
                "interrupt-grace",
                Check.orDefault(interruptGrace, DEFAULT_INTERRUPT_GRACE),
                Duration.ofMillis(10),
                Duration.ofSeconds(10));
        maxFailures = Check.inRange("max-failures", Check.orDefault(maxFailures, DEFAULT_MAX_FAILURES), 1, 1000);
        maxReplacements =
                Check.inRange("max-replacements", Check.orDefault(maxReplacements, DEFAULT_MAX_REPLACEMENTS), 0, 100);
        stateTimeout = Check.inRange(
                "state-timeout",
                Check.orDefault(stateTimeout, DEFAULT_STATE_TIMEOUT),
                Duration.ofMillis(100),
                Duration.ofMinutes(1));
        orderTimeout = Check.inRange(
                "order-timeout",
                Check.orDefault(orderTimeout, DEFAULT_ORDER_TIMEOUT),
                Duration.ofMillis(100),
                Duration.ofMinutes(1));
    }

    /** The instruments of the simulated feed. */
    List<Instrument> instruments() {
        return symbols.stream().map(Instrument::parse).toList();
    }

    /** The configured parameters of one strategy, by their own names. */
    Map<String, String> parametersOf(String strategy) {
        Map<String, String> own = new LinkedHashMap<>();
        String prefix = strategy + ".";
        parameters.forEach((name, value) -> {
            if (name.startsWith(prefix)) {
                own.put(name.substring(prefix.length()), value);
            }
        });
        return own;
    }

    private static void checkSymbol(String symbol) {
        try {
            Instrument.parse(symbol);
        } catch (IllegalArgumentException e) {
            throw new ConfigException("symbols", symbol, e.getMessage());
        }
    }
}
