package io.tradewind.orderqueue.domain;

import io.tradewind.contracts.orders.Denial;
import io.tradewind.contracts.orders.DenialCode;
import io.tradewind.contracts.orders.TradingState;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Watches the daily loss of the accounts of one desk. What it decides is ahead of the log like everything of a desk:
 * the account is halted for this desk at once, and for everybody when it is durable.
 */
final class LossWatch {

    private final Risk risk;
    private final Prices prices;
    private final Set<String> halting = new HashSet<>();
    private List<DailyLoss.Breach> decided = new ArrayList<>();

    LossWatch(Risk risk, Prices prices) {
        this.risk = risk;
        this.prices = prices;
    }

    /** The breach that an account has come to; {@code null} when all is well, or all is done already. */
    DailyLoss.Breach look(Account account) {
        RiskLimits limits = risk.limits().of(account.id());
        if (limits.maxDailyLoss() == null || halting.contains(account.id())) {
            return null;
        }
        BigDecimal equity = account.equity(prices);
        BigDecimal result = equity.subtract(account.lastEquity());
        if (!DailyLoss.isBreached(result, limits.maxDailyLoss())) {
            return null;
        }
        TradingState own = risk.tradingStates().own(account.id());
        boolean unwinding = own == TradingState.REDUCING && risk.hasBreached(account.id(), account.tradingDay());
        // What was ordered with a trading state is carried out first: a halt would take its place.
        boolean killed = !risk.tradingStates().pending(account.id()).isEmpty();
        if (own == TradingState.HALTED || unwinding || killed) {
            return null;
        }
        DailyLoss.Breach breach = new DailyLoss.Breach(
                account.id(),
                account.tradingDay(),
                result.negate(),
                limits.maxDailyLoss(),
                equity,
                limits.dailyLossCancelOpen());
        halting.add(account.id());
        decided.add(breach);
        return breach;
    }

    /** What was decided since the last call; to be told {@link #durable} when it is. */
    List<DailyLoss.Breach> take() {
        if (decided.isEmpty()) {
            return List.of();
        }
        List<DailyLoss.Breach> taken = decided;
        decided = new ArrayList<>();
        return taken;
    }

    void durable(DailyLoss.Breach breach) {
        risk.halted(breach);
        halting.remove(breach.accountId());
    }

    /** Whether an account is halted by a breach of today that asked for the cancel of what is open. */
    boolean cancels(Account account) {
        DailyLoss.Breach last = risk.lastBreach(account.id());
        return last != null && last.cancelOpen() && isHalted(account, last);
    }

    /** Why an account that has lost too much today takes no orders; {@code null} when it has not, or goes on. */
    Denial denial(Account account) {
        DailyLoss.Breach last = risk.lastBreach(account.id());
        return (last != null && isHalted(account, last)) || (!halting.isEmpty() && halting.contains(account.id()))
                ? Denial.of(
                        DenialCode.RISK_DAILY_LOSS,
                        "the account lost max_daily_loss today and is halted; cancels are still taken. Set its trading"
                                + " state to reducing to close positions",
                        null)
                : null;
    }

    private boolean isHalted(Account account, DailyLoss.Breach last) {
        return last.day().equals(account.tradingDay()) && risk.tradingStates().own(account.id()) == TradingState.HALTED;
    }
}
