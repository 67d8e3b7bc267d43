package io.tradewind.orderqueue;

import io.tradewind.contracts.market.MarketHours;
import io.tradewind.contracts.market.TradingDays;
import io.tradewind.contracts.orders.AccountIds;
import io.tradewind.contracts.state.Partitions;
import io.tradewind.orderqueue.domain.AccountRules;
import io.tradewind.orderqueue.domain.DeskLimits;
import io.tradewind.orderqueue.endpoint.QueueSettings;
import io.tradewind.orderqueue.endpoint.QueueSettings.Workforce;
import io.tradewind.orderqueue.paper.PaperRules;
import io.tradewind.servicekit.config.Check;
import io.tradewind.servicekit.config.ConfigException;
import io.tradewind.servicekit.config.Doc;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Configuration of the order-queue. */
@Doc("Admission, priority, dispatch and the paper broker.")
public record OrderQueueConfig(
        @Doc("Accounts opened at start when they do not exist.")
        List<String> accounts,

        @Doc("Orders that may wait in one priority lane of a partition. 1..1000000.")
        Integer maxLane,

        @Doc("Open orders of one account. 1..1000000.") Integer maxOpenPerAccount,

        @Doc("Orders of a partition sent to the broker and not answered yet; fewer while its latency rises. 1..100000.")
        Integer maxInFlight,

        @Doc("How long an order may wait for the broker at the speed it shows; a lane takes no more. 1s..1h.")
        Duration maxQueueDelay,

        @Doc("What a market buy holds back above the ask, as a fraction of it. 0..1.")
        BigDecimal marketCollar,

        @Doc("How often positions and accounts are written at the latest prices. 100ms..1m.")
        Duration markInterval,

        @Doc("How long one request to the state-store may take. 1s..1m; keep it above redis.command-timeout.")
        Duration stateTimeout,

        @Doc("How often orders, fills and positions are compared with the broker. 1s..1h.")
        Duration reconcileInterval,

        @Doc("How long a difference to the broker has to stand still before it counts. 10ms..1m.")
        Duration reconcileGrace,

        @Doc("The built-in paper broker.") Paper paper,

        @Doc("When the result of a day begins to count anew.")
        TradingDay tradingDay,

        @Doc("Selling what is not held.") Shorting shorting,

        @Doc("Event loops that share the partitions; by default one for every two cores. 1..16.")
        Integer workers,

        @Doc("How often each worker is asked whether its event loop turns. 100ms..10m.")
        Duration workerCheckInterval,

        @Doc("How long a worker may leave that unanswered before it is replaced. 100ms..10m.")
        Duration workerTimeout,

        @Doc("How often partitions are moved to workers with less load, if that is worth it. 100ms..1d.")
        Duration rebalanceInterval) {

    static final int DEFAULT_MAX_LANE = 100_000;
    static final int DEFAULT_MAX_OPEN = 200_000;
    static final int DEFAULT_MAX_IN_FLIGHT = 2_048;
    static final Duration DEFAULT_MAX_QUEUE_DELAY = Duration.ofMinutes(1);
    static final BigDecimal DEFAULT_COLLAR = new BigDecimal("0.01");
    static final Duration DEFAULT_MARK_INTERVAL = Duration.ofSeconds(1);
    static final Duration DEFAULT_RECONCILE_INTERVAL = Duration.ofSeconds(30);
    static final Duration DEFAULT_RECONCILE_GRACE = Duration.ofSeconds(1);
    static final Duration DEFAULT_STATE_TIMEOUT = Duration.ofSeconds(10);
    static final int CORES_PER_WORKER = 2;
    static final Duration DEFAULT_WORKER_CHECK_INTERVAL = Duration.ofSeconds(30);
    static final Duration DEFAULT_WORKER_TIMEOUT = Duration.ofSeconds(10);
    static final Duration DEFAULT_REBALANCE_INTERVAL = Duration.ofMinutes(5);
    private static final Duration MIN_WORKER_INTERVAL = Duration.ofMillis(100);

    public OrderQueueConfig {
        accounts = List.copyOf(Check.orDefault(accounts, List.of("default")));
        accounts.forEach(OrderQueueConfig::checkAccount);
        maxLane = Check.inRange("max-lane", Check.orDefault(maxLane, DEFAULT_MAX_LANE), 1, 1_000_000);
        maxOpenPerAccount = Check.inRange(
                "max-open-per-account", Check.orDefault(maxOpenPerAccount, DEFAULT_MAX_OPEN), 1, 1_000_000);
        maxInFlight = Check.inRange("max-in-flight", Check.orDefault(maxInFlight, DEFAULT_MAX_IN_FLIGHT), 1, 100_000);
        maxQueueDelay = Check.inRange(
                "max-queue-delay",
                Check.orDefault(maxQueueDelay, DEFAULT_MAX_QUEUE_DELAY),
                Duration.ofSeconds(1),
                Duration.ofHours(1));
        marketCollar = Check.orDefault(marketCollar, DEFAULT_COLLAR);
        Check.that(
                marketCollar.signum() >= 0 && marketCollar.compareTo(BigDecimal.ONE) <= 0,
                "market-collar",
                marketCollar,
                "must be within 0..1");
        markInterval = Check.inRange(
                "mark-interval",
                Check.orDefault(markInterval, DEFAULT_MARK_INTERVAL),
                Duration.ofMillis(100),
                Duration.ofMinutes(1));
        stateTimeout = Check.inRange(
                "state-timeout",
                Check.orDefault(stateTimeout, DEFAULT_STATE_TIMEOUT),
                Duration.ofSeconds(1),
                Duration.ofMinutes(1));
        reconcileInterval = Check.inRange(
                "reconcile-interval",
                Check.orDefault(reconcileInterval, DEFAULT_RECONCILE_INTERVAL),
                Duration.ofSeconds(1),
                Duration.ofHours(1));
        reconcileGrace = Check.inRange(
                "reconcile-grace",
                Check.orDefault(reconcileGrace, DEFAULT_RECONCILE_GRACE),
                Duration.ofMillis(10),
                Duration.ofMinutes(1));
        paper = Check.orDefault(paper, new Paper(null, null, null, null, null, null, null, null));
        tradingDay = Check.orDefault(tradingDay, new TradingDay(null, null));
        shorting = Check.orDefault(shorting, new Shorting(null, null, null));
        int cores = Runtime.getRuntime().availableProcessors();
        workers = Check.inRange(
                "workers",
                Check.orDefault(workers, Math.min(Partitions.COUNT, Math.max(1, cores / CORES_PER_WORKER))),
                1,
                Partitions.COUNT);
        workerCheckInterval = Check.inRange(
                "worker-check-interval",
                Check.orDefault(workerCheckInterval, DEFAULT_WORKER_CHECK_INTERVAL),
                MIN_WORKER_INTERVAL,
                Duration.ofMinutes(10));
        workerTimeout = Check.inRange(
                "worker-timeout",
                Check.orDefault(workerTimeout, DEFAULT_WORKER_TIMEOUT),
                MIN_WORKER_INTERVAL,
                Duration.ofMinutes(10));
        rebalanceInterval = Check.inRange(
                "rebalance-interval",
                Check.orDefault(rebalanceInterval, DEFAULT_REBALANCE_INTERVAL),
                MIN_WORKER_INTERVAL,
                Duration.ofDays(1));
    }

    private static void checkAccount(String id) {
        try {
            AccountIds.check(id);
        } catch (IllegalArgumentException e) {
            throw new ConfigException("accounts", id, e.getMessage());
        }
    }

    /** What holds for the money of every account. */
    AccountRules accountRules() {
        return new AccountRules(
                tradingDay.days(), shorting.enabled(), Set.copyOf(shorting.symbols()), shorting.collateral());
    }

    QueueSettings settings(String instance) {
        DeskLimits limits = new DeskLimits(
                maxLane,
                maxOpenPerAccount,
                maxInFlight,
                maxQueueDelay.toMillis(),
                marketCollar,
                paper.cash(),
                accountRules());
        return new QueueSettings(
                instance,
                limits,
                tradingDay.days(),
                accounts,
                stateTimeout,
                markInterval,
                reconcileInterval,
                reconcileGrace,
                new Workforce(workers, workerCheckInterval, workerTimeout, rebalanceInterval));
    }

    /** When there is trading. */
    MarketHours hours() {
        return new MarketHours(
                paper.hours().equals(Paper.ALWAYS),
                tradingDay.days(),
                paper.closedDays().stream().map(LocalDate::parse).collect(Collectors.toSet()));
    }

    PaperRules paperRules() {
        Faults faults = paper.faults();
        return PaperRules.of(paper.slippageBps(), paper.feeBps(), paper.feePerUnit(), paper.minimumFee(), hours())
                .with(
                        faults.rejects(),
                        faults.latency().toMillis(),
                        faults.jitter().toMillis(),
                        faults.seed());
    }

    /** Configuration of the faults that the paper broker makes, for tests. */
    public record Faults(
            @Doc("The share of orders that are rejected at random. 0..1.")
            Double rejects,

            @Doc("How long a request is on its way to the broker. 0s..1m.")
            Duration latency,

            @Doc("How much longer it may be, at random. 0s..1m.")
            Duration jitter,

            @Doc("Seed of what is random.") Long seed) {

        private static final Duration MAX_LATENCY = Duration.ofMinutes(1);

        public Faults {
            rejects = Check.orDefault(rejects, 0.0);
            Check.that(rejects >= 0 && rejects <= 1, "rejects", rejects, "must be within 0..1");
            latency = Check.inRange("latency", Check.orDefault(latency, Duration.ZERO), Duration.ZERO, MAX_LATENCY);
            jitter = Check.inRange("jitter", Check.orDefault(jitter, Duration.ZERO), Duration.ZERO, MAX_LATENCY);
            seed = Check.orDefault(seed, 1L);
        }
    }

    /** Configuration of the trading day. */
    public record TradingDay(
            @Doc("Zone of the market, such as America/New_York or UTC.")
            String zone,

            @Doc(
                    "When a trading day begins by the clock of that zone, hh:mm. From 12:00 on it has the date on which it ends.")
            String starts) {

        static final String DEFAULT_ZONE = "America/New_York";
        static final String DEFAULT_START = "00:00";

        public TradingDay {
            zone = Check.orDefault(zone, DEFAULT_ZONE);
            starts = Check.orDefault(starts, DEFAULT_START);
            try {
                ZoneId.of(zone);
            } catch (DateTimeException e) {
                throw new ConfigException("zone", zone, "must be a time zone, such as America/New_York");
            }
            try {
                LocalTime.parse(starts);
            } catch (DateTimeException e) {
                throw new ConfigException("starts", starts, "must be a time of day, such as 17:00");
            }
        }

        TradingDays days() {
            return new TradingDays(ZoneId.of(zone), LocalTime.parse(starts));
        }
    }

    /** Configuration of short selling. */
    public record Shorting(
            @Doc("Whether accounts may sell shares that they do not hold. Crypto can never be sold short.")
            Boolean enabled,

            @Doc("What may be sold short; empty means every share.")
            List<String> symbols,

            @Doc("What a short position holds back, as a multiple of what it costs to buy back. 1..10.")
            BigDecimal collateral) {

        private static final BigDecimal MAX_COLLATERAL = BigDecimal.TEN;

        public Shorting {
            enabled = Check.orDefault(enabled, false);
            symbols = List.copyOf(Check.orDefault(symbols, List.of()));
            collateral = Check.orDefault(collateral, AccountRules.REGULATION_T);
            Check.that(
                    collateral.compareTo(BigDecimal.ONE) >= 0 && collateral.compareTo(MAX_COLLATERAL) <= 0,
                    "collateral",
                    collateral,
                    "must be within 1..10");
        }
    }

    /** Configuration of the paper broker. */
    public record Paper(
            @Doc("Money of a new account, USD. Above 0.") BigDecimal cash,

            @Doc("What a market order pays above the quote, in hundredths of a percent. 0..1000.")
            BigDecimal slippageBps,

            @Doc("What a fill costs, in hundredths of a percent of its value. 0..1000.")
            BigDecimal feeBps,

            @Doc("What a fill costs per unit, USD. 0..1000.")
            BigDecimal feePerUnit,

            @Doc("What an order that is filled costs at least, USD. 0..1000.")
            BigDecimal minimumFee,

            @Doc(
                    "When shares trade: always, or us-equity for the regular hours and holidays of New York. Crypto always does.")
            String hours,

            @Doc("Days without trading in shares that no rule tells, yyyy-mm-dd.")
            List<String> closedDays,

            @Doc("Faults of the line, for tests.") Faults faults) {

        static final String ALWAYS = "always";
        static final String US_EQUITY = "us-equity";
        static final BigDecimal DEFAULT_CASH = BigDecimal.valueOf(1_000_000);
        private static final BigDecimal MAX = BigDecimal.valueOf(1000);

        public Paper {
            cash = Check.orDefault(cash, DEFAULT_CASH);
            Check.that(cash.signum() > 0, "cash", cash, "must be above 0");
            slippageBps = Check.orDefault(slippageBps, BigDecimal.ZERO);
            feeBps = Check.orDefault(feeBps, BigDecimal.ZERO);
            feePerUnit = Check.orDefault(feePerUnit, BigDecimal.ZERO);
            minimumFee = Check.orDefault(minimumFee, BigDecimal.ZERO);
            checkWithin("slippage-bps", slippageBps);
            checkWithin("fee-bps", feeBps);
            checkWithin("fee-per-unit", feePerUnit);
            checkWithin("minimum-fee", minimumFee);
            hours = Check.orDefault(hours, ALWAYS);
            Check.that(hours.equals(ALWAYS) || hours.equals(US_EQUITY), "hours", hours, "must be always or us-equity");
            closedDays = List.copyOf(Check.orDefault(closedDays, List.of()));
            closedDays.forEach(Paper::checkDay);
            faults = Check.orDefault(faults, new Faults(null, null, null, null));
        }

        private static void checkDay(String day) {
            try {
                LocalDate.parse(day);
            } catch (DateTimeException e) {
                throw new ConfigException("closed-days", day, "must be a date, such as 2026-01-09");
            }
        }

        private static void checkWithin(String key, BigDecimal value) {
            Check.that(value.signum() >= 0 && value.compareTo(MAX) <= 0, key, value, "must be within 0.." + MAX);
        }
    }
}
