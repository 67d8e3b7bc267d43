package io.tradewind.orderqueue.domain;

import io.tradewind.contracts.market.Assets;
import io.tradewind.contracts.market.TradingDays;
import java.math.BigDecimal;
import java.util.Set;

/**
 * What holds for the money of every account.
 *
 * @param days when the result of a day begins to count anew
 * @param shorting whether more may be sold than is held
 * @param shortable what may be sold short; empty means every share. Crypto never is
 * @param shortCollateral what is held back for a short position, as a multiple of what it costs to buy back: the proceeds
 *     of the sale and, of 1.5, half as much again of the account's own money. From 1
 */
public record AccountRules(TradingDays days, boolean shorting, Set<String> shortable, BigDecimal shortCollateral) {

    /** Half of the value of a short sale is one's own money, as Regulation T of the US has it. */
    public static final BigDecimal REGULATION_T = new BigDecimal("1.5");

    /** Nothing can be sold that is not held. */
    public static final AccountRules CASH = new AccountRules(TradingDays.MARKET, false, Set.of(), REGULATION_T);

    public AccountRules {
        shortable = Set.copyOf(shortable);
    }

    /** @return why an instrument cannot be sold short, or {@code null} when it can */
    String notShortable(String symbol) {
        if (Assets.assetClass(symbol).equals(Assets.CRYPTO)) {
            return "crypto cannot be sold short";
        }
        if (!shorting) {
            return "short selling is switched off";
        }
        return shortable.isEmpty() || shortable.contains(symbol)
                ? null
                : symbol + " is not among what may be sold short";
    }

    boolean canShort(String symbol) {
        return notShortable(symbol) == null;
    }

    /** What is held back for a short position that costs so much to buy back. */
    BigDecimal collateral(BigDecimal value) {
        return value.multiply(shortCollateral);
    }

    /** What a short sale binds of the account's own money, beside its proceeds. */
    BigDecimal margin(BigDecimal value) {
        return value.multiply(shortCollateral.subtract(BigDecimal.ONE));
    }
}
