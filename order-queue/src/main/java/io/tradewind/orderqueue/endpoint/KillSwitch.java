package io.tradewind.orderqueue.endpoint;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.tradewind.contracts.state.Cause;
import io.tradewind.contracts.state.Transaction;
import io.tradewind.orderqueue.domain.KillOrder;
import io.tradewind.orderqueue.domain.Liquidation;
import io.tradewind.orderqueue.domain.TradingStates;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries out what was ordered with a trading state: cancels everything, and closes all positions, account by account,
 * until each is flat; then that is stored. What is still to do follows from the trading states, the open orders and the
 * positions, all of them durable: after a crash the next start goes on.
 *
 * <p>On the event loop of its {@link Worker}, which closes it. A closing order that did not fill is
 * followed by another one, after a pause that grows.
 */
final class KillSwitch {

    /** Pause between two looks at the accounts while there is something to do. */
    private static final long LOOK_MS = 20;

    /** Pauses between two closing orders in a symbol: the first, and the longest. */
    private static final long FIRST_PAUSE_MS = 100;

    private static final long LONGEST_PAUSE_MS = 60_000;

    private static final String ACTOR = "kill-switch";
    private static final Logger LOG = LoggerFactory.getLogger(KillSwitch.class);

    /** When the next closing order may be placed. */
    private record Attempt(long notBeforeMs, long pauseMs) {}

    private final Vertx vertx;
    private final Collection<DeskDriver> drivers;
    private final TradingStates tradingStates;
    private final Supplier<String> ids;
    private final Clock clock;
    private final Counter closings;
    private final Counter done;
    /** By account and symbol, of accounts with something to do. */
    private final Map<String, Attempt> attempts = new HashMap<>();
    /** Accounts of which it is being stored that they are done, by the desk that stores it. */
    private final Map<String, LoadedDesk> finishing = new HashMap<>();

    private long timer;

    KillSwitch(
            Vertx vertx,
            Collection<DeskDriver> drivers,
            TradingStates tradingStates,
            Supplier<String> ids,
            Clock clock,
            MeterRegistry meters) {
        this.vertx = vertx;
        this.drivers = drivers;
        this.tradingStates = tradingStates;
        this.ids = ids;
        this.clock = clock;
        closings = Counter.builder("tradewind.killswitch.closings")
                .description("Orders placed to close positions by the kill switch")
                .register(meters);
        done = Counter.builder("tradewind.killswitch.done")
                .description("Accounts that have carried out what was ordered with a trading state")
                .register(meters);
    }

    void start() {
        timer = vertx.setPeriodic(LOOK_MS, id -> act());
    }

    void close() {
        vertx.cancelTimer(timer);
    }

    /** Does what can be done now. */
    void act() {
        if (!tradingStates.hasOrders()) {
            return;
        }
        for (DeskDriver driver : drivers) {
            LoadedDesk loaded = driver.loaded();
            if (loaded != null) {
                loaded.settle();
                for (String accountId : loaded.desk().accountIds()) {
                    List<KillOrder> pending = tradingStates.pending(accountId);
                    if (!pending.isEmpty() && finishing.get(accountId) != loaded) {
                        act(driver, loaded, accountId, pending);
                    }
                }
            }
        }
    }

    private void act(DeskDriver driver, LoadedDesk loaded, String accountId, List<KillOrder> pending) {
        Liquidation account = new Liquidation(loaded.desk(), accountId);
        Cause cause = new Cause(pending.get(0).id(), null, ACTOR);
        if (pending.stream().noneMatch(KillOrder::flatten)) {
            driver.closing().cancel(loaded, accountId, loaded.desk().openOrderIds(accountId), cause);
            finish(loaded, accountId, account, cause);
            return;
        }
        driver.closing().cancel(loaded, accountId, account.toCancel(), cause);
        for (String symbol : account.toClose()) {
            if (mayTry(accountId + "/" + symbol)) {
                closings.increment();
                driver.closing()
                        .place(
                                loaded,
                                account.order(
                                        symbol,
                                        account.size(symbol),
                                        ids.get(),
                                        pending.get(0).id()));
            }
        }
        loaded.flush();
        if (account.isFlat()) {
            finish(loaded, accountId, account, cause);
        }
    }

    private boolean mayTry(String name) {
        long now = clock.millis();
        Attempt last = attempts.get(name);
        if (last != null && now < last.notBeforeMs()) {
            return false;
        }
        long pause = last == null ? FIRST_PAUSE_MS : Math.min(2 * last.pauseMs(), LONGEST_PAUSE_MS);
        attempts.put(name, new Attempt(now + pause, pause));
        return true;
    }

    /** Stored behind all that was decided before, so that it is done when it says so. */
    private void finish(LoadedDesk loaded, String accountId, Liquidation account, Cause cause) {
        finishing.put(accountId, loaded);
        Transaction tx = account.done(tradingStates, cause, clock.millis());
        loaded.write(
                tx,
                () -> {
                    finishing.remove(accountId, loaded);
                    attempts.keySet().removeIf(name -> name.startsWith(accountId + "/"));
                    tradingStates.loadDone(accountId, tx.mutations().get(0).json());
                    done.increment();
                    LOG.info("kill switch: account {} is done", accountId);
                },
                failure -> finishing.remove(accountId, loaded));
        loaded.flush();
    }
}
