package io.tradewind.orderqueue.domain;

import io.tradewind.contracts.Json;
import io.tradewind.contracts.orders.Denial;
import io.tradewind.contracts.orders.TradingState;
import io.tradewind.contracts.state.Domains;
import io.tradewind.contracts.state.EntityKey;
import io.tradewind.contracts.state.Partitions;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.Map;

/**
 * What all desks of an event loop check orders against and have in common: limits, instruments, trading states, and how
 * often each account has asked. Only what is durable is put here, so that a desk that is thrown away leaves nothing behind.
 *
 * <p>Pure, on one thread. All but the rates is stored; after a restart those begin anew.
 */
public final class Risk {

    private final LimitsBook limits = new LimitsBook();
    private final Instruments instruments = new Instruments();
    private final TradingStates tradingStates;
    private final Map<String, RateWindows> rates = new HashMap<>();
    /** The last breach of each account. */
    private final Map<String, DailyLoss.Breach> breaches = new HashMap<>();

    public Risk(TradingStates tradingStates) {
        this.tradingStates = tradingStates;
    }

    public LimitsBook limits() {
        return limits;
    }

    public Instruments instruments() {
        return instruments;
    }

    TradingStates tradingStates() {
        return tradingStates;
    }

    /** Takes a stored entity of the domains risk and asset, whatever it is. */
    public void load(EntityKey key, Json json, long version) {
        if (key.domain().equals(Domains.ASSET)) {
            instruments.load(key, json, version);
            return;
        }
        tradingStates.load(key, json);
        limits.load(key, json, version);
        if (DailyLoss.isBreach(key)) {
            breached(DailyLoss.fromJson(json));
        }
    }

    /** A breach is durable. */
    void breached(DailyLoss.Breach breach) {
        DailyLoss.Breach before = breaches.get(breach.accountId());
        if (before == null || !breach.day().isBefore(before.day())) {
            breaches.put(breach.accountId(), breach);
        }
    }

    /** A breach is durable, and with it the halt. */
    void halted(DailyLoss.Breach breach) {
        breached(breach);
        tradingStates.put(TradingStates.key(breach.accountId()), TradingState.HALTED);
    }

    /** The last breach of an account, or {@code null}. */
    DailyLoss.Breach lastBreach(String accountId) {
        return breaches.get(accountId);
    }

    /** Whether the account breached its limit on that day. */
    boolean hasBreached(String accountId, LocalDate day) {
        DailyLoss.Breach last = breaches.get(accountId);
        return last != null && last.day().equals(day);
    }

    /** Counts an order of an account, unless it has placed too many. */
    Denial orderRate(String accountId, RiskLimits current, long nowMs) {
        return current.limitsRates() ? rates(accountId).order(current, nowMs) : null;
    }

    /** Counts cancels of an account, unless it has canceled too often. */
    public Denial cancelRate(String accountId, int cancels, long nowMs) {
        RiskLimits current = limits.of(accountId);
        return current.limitsRates() ? rates(accountId).cancel(current, cancels, nowMs) : null;
    }

    /** How often the accounts of a partition have asked; it goes with them to another event loop. */
    public Map<String, RateWindows> takeRates(int partition) {
        Map<String, RateWindows> taken = new HashMap<>(rates);
        taken.keySet().removeIf(account -> Partitions.of(account) != partition);
        rates.keySet().removeAll(taken.keySet());
        return taken;
    }

    /** What {@link #takeRates} gave elsewhere. */
    public void putRates(Map<String, RateWindows> taken) {
        rates.putAll(taken);
    }

    private RateWindows rates(String accountId) {
        return rates.computeIfAbsent(accountId, id -> new RateWindows());
    }
}
