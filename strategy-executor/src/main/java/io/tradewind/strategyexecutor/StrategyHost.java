package io.tradewind.strategyexecutor;

import io.micrometer.core.instrument.MeterRegistry;
import io.tradewind.contracts.Failure;
import io.tradewind.contracts.orders.Order;
import io.tradewind.contracts.orders.PlaceOrder;
import io.tradewind.contracts.orders.PlaceResult;
import io.tradewind.contracts.state.StateClient;
import io.tradewind.strategyexecutor.domain.FeedTick;
import io.tradewind.strategyexecutor.domain.RunState;
import io.tradewind.strategyexecutor.domain.RunningSlots;
import io.tradewind.strategyexecutor.domain.StrategyCatalogue;
import io.tradewind.strategyexecutor.domain.StrategyStatus;
import io.tradewind.strategyexecutor.orders.OrderSender;
import io.tradewind.strategyexecutor.runner.GivenUpThreads;
import io.tradewind.strategyexecutor.runner.Outside;
import io.tradewind.strategyexecutor.runner.RunLimits;
import io.tradewind.strategyexecutor.runner.RunMeters;
import io.tradewind.strategyexecutor.runner.RunSpec;
import io.tradewind.strategyexecutor.runner.Signal;
import io.tradewind.strategyexecutor.runner.StrategyRunner;
import io.tradewind.strategyexecutor.runner.Timers;
import io.tradewind.strategyexecutor.state.AccountView;
import io.tradewind.strategyexecutor.state.SignalWriter;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.math.BigDecimal;
import java.time.Clock;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * The strategies that run here, one runner per name and account, and the views of the accounts that they trade for.
 * Everything happens on the event loop that it was made on. Closed by {@link #close()}, which stops them all.
 */
final class StrategyHost {

    /** Strategies that may be active at once; each has a thread. */
    static final int MAX_ACTIVE = 100;

    private final Vertx vertx;
    private final Clock clock;
    private final MeterRegistry meters;
    private final StrategyCatalogue catalogue;
    private final RunLimits limits;
    private final RunningSlots slots;
    private final StateClient state;
    private final OrderSender orders;
    private final SignalWriter signals;
    private final Supplier<String> ids;
    private final Consumer<StrategyStatus> onStateChange;
    private final GivenUpThreads givenUp = new GivenUpThreads();
    private final Map<RunKey, StrategyRunner> runners = new LinkedHashMap<>();
    private final Map<String, View> views = new HashMap<>();

    private record RunKey(String name, String accountId) {}

    private record View(AccountView view, Future<Void> ready) {}

    StrategyHost(
            Vertx vertx,
            Clock clock,
            MeterRegistry meters,
            StrategyCatalogue catalogue,
            RunLimits limits,
            RunningSlots slots,
            StateClient state,
            OrderSender orders,
            SignalWriter signals,
            Supplier<String> ids,
            Consumer<StrategyStatus> onStateChange) {
        this.vertx = vertx;
        this.clock = clock;
        this.meters = meters;
        this.catalogue = catalogue;
        this.limits = limits;
        this.slots = slots;
        this.state = state;
        this.orders = orders;
        this.signals = signals;
        this.ids = ids;
        this.onStateChange = onStateChange;
    }

    StrategyCatalogue catalogue() {
        return catalogue;
    }

    /** How every strategy stands that was started since this process began. */
    List<StrategyStatus> statuses() {
        return runners.values().stream()
                .map(StrategyRunner::status)
                .sorted(Comparator.comparing(StrategyStatus::name).thenComparing(StrategyStatus::accountId))
                .toList();
    }

    /** Those that are out of service, as name/account. */
    List<String> parked() {
        return statuses().stream()
                .filter(status -> status.state() == RunState.PARKED)
                .map(status -> status.name() + "/" + status.accountId())
                .toList();
    }

    /** Threads that were given up and run still. */
    int givenUpThreads() {
        return givenUp.alive();
    }

    /**
     * Starts a strategy; one that runs already with the same parameters is left alone.
     *
     * @param given parameters; missing ones take the strategy's defaults
     * @return how it stands; fails with IllegalArgumentException for what does not exist or fit, with UNAVAILABLE when
     *     the account cannot be read
     */
    Future<StrategyStatus> start(String name, String accountId, Map<String, String> given) {
        RunSpec spec;
        try {
            spec = new RunSpec(catalogue.factory(name), accountId, catalogue.parameters(name, given));
        } catch (IllegalArgumentException e) {
            return Future.failedFuture(e);
        }
        RunKey key = new RunKey(name, accountId);
        StrategyRunner running = runners.get(key);
        if (running != null && running.state().isActive()) {
            return running.spec().parameters().equals(spec.parameters())
                    ? Future.succeededFuture(running.status())
                    : Future.failedFuture(new IllegalArgumentException("strategy " + name + " runs for account "
                            + accountId + " with other parameters "
                            + running.spec().parameters()
                            + "; stop it first"));
        }
        if (active() >= MAX_ACTIVE || givenUp.isFull()) {
            return Future.failedFuture(Failure.UNAVAILABLE.exception(active() + " strategies are active (limit "
                    + MAX_ACTIVE + ") and " + givenUp.alive() + " given-up threads run still (limit "
                    + GivenUpThreads.MAX_ALIVE + "): no further one is started"));
        }
        return run(key, spec);
    }

    /** Stops a strategy; one that does not run is left alone. */
    Future<StrategyStatus> stop(String name, String accountId) {
        try {
            catalogue.factory(name);
        } catch (IllegalArgumentException e) {
            return Future.failedFuture(e);
        }
        StrategyRunner runner = runners.get(new RunKey(name, accountId));
        if (runner == null) {
            return Future.failedFuture(new IllegalArgumentException(
                    "strategy " + name + " was not started for account " + accountId + ": nothing to stop"));
        }
        return runner.stop().map(v -> runner.status());
    }

    /** Tells everyone what the feed brought. */
    void onTick(FeedTick tick) {
        for (StrategyRunner runner : runners.values()) {
            tick.bars().forEach(bar -> runner.onBar(bar, tick.timeMs()));
            tick.quotes().forEach(quote -> runner.onQuote(quote, tick.timeMs()));
        }
    }

    /** Stops them all, each within its bounds. Never fails. */
    Future<Void> close() {
        List<Future<Void>> stops =
                runners.values().stream().map(StrategyRunner::stop).toList();
        return Future.join(stops)
                .compose(done -> Future.join(
                        views.values().stream().map(view -> view.view().close()).toList()))
                .otherwiseEmpty()
                .mapEmpty();
    }

    private Future<StrategyStatus> run(RunKey key, RunSpec spec) {
        View view = views.computeIfAbsent(spec.accountId(), this::open);
        StrategyRunner runner = new StrategyRunner(
                vertx.getOrCreateContext(),
                Timers.of(vertx),
                clock,
                spec,
                limits,
                slots,
                givenUp,
                new RunMeters(meters, spec.name()),
                new World(view.view()),
                this::stateChanged);
        // In its place at once, so that a second start finds it.
        StrategyRunner before = runners.put(key, runner);
        return view.ready()
                .recover(failure -> {
                    runner.stop();
                    restore(key, before);
                    return Future.failedFuture(Failure.UNAVAILABLE.exception(
                            "account " + spec.accountId() + " cannot be read: " + failure.getMessage()));
                })
                .compose(ready -> runner.start())
                .map(started -> runner.status());
    }

    private void restore(RunKey key, StrategyRunner before) {
        if (before == null) {
            runners.remove(key);
        } else {
            runners.put(key, before);
        }
    }

    private void stateChanged(StrategyRunner runner) {
        onStateChange.accept(runner.status());
        if (!runner.state().isActive()) {
            closeViewIfUnused(runner.spec().accountId());
        }
    }

    private View open(String accountId) {
        AccountView view = new AccountView(vertx, state, accountId, this::onStrategyOrder);
        return new View(view, view.start());
    }

    private void closeViewIfUnused(String accountId) {
        boolean used = runners.entrySet().stream()
                .anyMatch(entry -> entry.getKey().accountId().equals(accountId)
                        && entry.getValue().state().isActive());
        View view = used ? null : views.remove(accountId);
        if (view != null) {
            view.view().close();
        }
    }

    private void onStrategyOrder(Order order) {
        String name = order.source().substring(order.source().indexOf(':') + 1);
        StrategyRunner runner = runners.get(new RunKey(name, order.accountId()));
        if (runner != null) {
            runner.onOrder(order);
        }
    }

    /** Strategies that take part. */
    long active() {
        return runners.values().stream()
                .filter(runner -> runner.state().isActive())
                .count();
    }

    /** How a strategy reaches the rest of the system. */
    private final class World implements Outside {

        private final AccountView account;

        World(AccountView account) {
            this.account = account;
        }

        @Override
        public Future<PlaceResult> place(PlaceOrder order) {
            return orders.place(order);
        }

        @Override
        public void signal(Signal signal) {
            signals.write(signal);
        }

        @Override
        public BigDecimal position(String symbol) {
            return account.position(symbol);
        }

        @Override
        public String newId() {
            return ids.get();
        }
    }
}
