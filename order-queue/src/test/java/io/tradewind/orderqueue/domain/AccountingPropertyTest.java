package io.tradewind.orderqueue.domain;

import static io.tradewind.orderqueue.domain.Samples.ACCOUNT;
import static io.tradewind.orderqueue.domain.Samples.NOW;
import static io.tradewind.orderqueue.domain.Samples.decimal;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tradewind.contracts.Json;
import io.tradewind.contracts.JsonObjects;
import io.tradewind.contracts.market.Quote;
import io.tradewind.contracts.market.TradingDays;
import io.tradewind.contracts.orders.Side;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What must hold of the money of an account after any sequence of fills, quotes and days: through long, flat and short,
 * to the last digit, and also when it is stored and loaded again after every step.
 *
 * <p>A failure names its seed; {@code -Dseed=…} plays just that one again.
 */
@Timeout(120)
class AccountingPropertyTest {

    private static final int SEEDS = 150;
    private static final int STEPS = 80;
    private static final BigDecimal DEPOSIT = decimal("10000");
    private static final List<String> SYMBOLS = List.of("AAPL", "MSFT", "BTC/USD");
    private static final AccountRules RULES =
            new AccountRules(TradingDays.MARKET, true, Set.of(), AccountRules.REGULATION_T);

    @Test
    void shouldBalanceAfterEveryStepOfAnySequence() {
        Long only = Long.getLong("seed");
        for (long seed = only == null ? 1 : only; seed <= (only == null ? SEEDS : only); seed++) {
            History history = new History(seed);
            for (int step = 0; step < STEPS; step++) {
                try {
                    history.step();
                    history.check();
                } catch (RuntimeException | AssertionError failure) {
                    throw new AssertionError(
                            "replay with -Dseed=" + seed + ", step " + step + ": " + failure.getMessage(), failure);
                }
            }
        }
    }

    private static final class History {

        private final Random random;
        private final Prices prices = new Prices(RULES.days());
        private final Map<String, BigDecimal> bought = new HashMap<>();
        private BigDecimal spent = BigDecimal.ZERO;
        private BigDecimal fees = BigDecimal.ZERO;
        /** Equity when the day began, counted without positions: money paid and what is held. */
        private BigDecimal equityBefore = DEPOSIT;

        private LocalDate day = RULES.days().of(NOW);
        private long now = NOW;
        /** Lives on in memory. */
        private Account account = Account.open(ACCOUNT, RULES, DEPOSIT, NOW);
        /** Is stored and loaded again after every step. */
        private Account reloaded = Account.open(ACCOUNT, RULES, DEPOSIT, NOW);

        History(long seed) {
            random = new Random(seed);
            SYMBOLS.forEach(this::quote);
        }

        void step() {
            switch (random.nextInt(6)) {
                case 0 -> quote(SYMBOLS.get(random.nextInt(SYMBOLS.size())));
                case 1 -> nextMorning();
                default -> fill();
            }
            reloaded = reload(reloaded);
        }

        private void quote(String symbol) {
            BigDecimal last = BigDecimal.valueOf(1 + random.nextInt(1_000_000), 2 + random.nextInt(3));
            prices.update(List.of(new Quote(symbol, last, BigDecimal.ONE, last, BigDecimal.ONE, last, now)));
        }

        /** Some days pass; each instrument may have been quoted meanwhile, or is from the next moment on, or not. */
        private void nextMorning() {
            now += (1 + random.nextInt(3)) * 86_400_000L;
            BigDecimal equity = equity();
            if (random.nextBoolean()) {
                quote(SYMBOLS.get(random.nextInt(SYMBOLS.size())));
            }
            equityBefore = equity;
            day = RULES.days().of(now);
            account.rollDay(prices, now);
            reloaded.rollDay(prices, now);
        }

        private void fill() {
            String symbol = SYMBOLS.get(random.nextInt(SYMBOLS.size()));
            BigDecimal held = bought.getOrDefault(symbol, BigDecimal.ZERO);
            BigDecimal qty = BigDecimal.valueOf(1 + random.nextInt(10_000_000), random.nextInt(10));
            boolean buys = random.nextBoolean();
            if (held.signum() != 0 && random.nextInt(4) == 0) {
                qty = held.abs();
                buys = held.signum() < 0;
            }
            Side side = buys ? Side.BUY : Side.SELL;
            BigDecimal price = BigDecimal.valueOf(1 + random.nextInt(1_000_000), random.nextInt(10));
            BigDecimal fee = BigDecimal.valueOf(random.nextInt(1_000), 4);
            BigDecimal close = prices.closeBefore(day, symbol);
            account.rollDay(prices, now);
            account.book(symbol, side, qty, price, fee, close);
            reloaded.rollDay(prices, now);
            reloaded.book(symbol, side, qty, price, fee, close);
            BigDecimal signed = buys ? qty : qty.negate();
            bought.merge(symbol, signed, BigDecimal::add);
            spent = spent.add(signed.multiply(price));
            fees = fees.add(fee);
        }

        private BigDecimal equity() {
            BigDecimal equity = DEPOSIT.subtract(spent).subtract(fees);
            for (Map.Entry<String, BigDecimal> holding : bought.entrySet()) {
                equity = equity.add(holding.getValue().multiply(prices.last(holding.getKey())));
            }
            return equity;
        }

        void check() {
            BigDecimal cost = BigDecimal.ZERO;
            for (String symbol : SYMBOLS) {
                Position position = account.position(symbol);
                assertSame(bought.getOrDefault(symbol, BigDecimal.ZERO), position.qty(), "sum of fills of " + symbol);
                assertEquals(position.qty().signum(), position.costBasis().signum(), "side of the cost");
                cost = cost.add(position.costBasis());
            }
            assertSame(DEPOSIT.subtract(spent).subtract(fees), account.cash(), "cash");
            assertSame(fees, account.fees(), "fees");
            assertSame(
                    DEPOSIT,
                    account.cash().add(cost).subtract(account.realized()).add(account.fees()),
                    "cash, cost, realised results and fees against what was paid in");
            assertSame(equity(), account.equity(prices), "equity");
            assertSame(equity().subtract(equityBefore), account.dailyResult(prices), "result of the day");

            Json stored = account.toJson(prices, now);
            Map<String, String> shown = JsonObjects.read(stored);
            BigDecimal value = decimal(shown.get("long_market_value")).add(decimal(shown.get("short_market_value")));
            assertSame(value.subtract(cost), decimal(shown.get("unrealized_pl")), "unrealised");
            assertSame(
                    account.equity(prices).subtract(DEPOSIT),
                    decimal(shown.get("realized_pl"))
                            .add(decimal(shown.get("unrealized_pl")))
                            .subtract(account.fees()),
                    "all that was won or lost");
            assertSame(
                    decimal(shown.get("equity")).subtract(decimal(shown.get("last_equity"))),
                    decimal(shown.get("daily_pl")),
                    "daily_pl");
            assertEquals(day.toString(), shown.get("trading_day"));
            assertEquals(stored, reloaded.toJson(prices, now), "loaded again");
            assertEquals(documents(account), documents(reloaded), "positions loaded again");
        }

        private List<Json> documents(Account of) {
            return of.positions().stream()
                    .map(position -> of.toJson(position, prices, now))
                    .toList();
        }

        private Account reload(Account before) {
            List<Json> positions = documents(before);
            Account after = Account.fromJson(before.toJson(prices, now), RULES);
            positions.forEach(json -> after.putPosition(Position.fromJson(json)));
            return after;
        }

        private static void assertSame(BigDecimal expected, BigDecimal actual, String what) {
            assertEquals(0, expected.compareTo(actual), what + ": expected " + expected + ", was " + actual);
        }
    }

    /** Bought and sold within a day, through zero: every result of the day is in the positions or realised. */
    @Test
    void shouldCountTheResultOfADayFromItsBeginning() {
        Prices prices = new Prices(RULES.days());
        Account account = Account.open(ACCOUNT, RULES, DEPOSIT, NOW);
        List<String> seen = new ArrayList<>();
        prices.update(List.of(at("100", NOW)));
        account.book("AAPL", Side.BUY, decimal("10"), decimal("100"), BigDecimal.ZERO, null);
        prices.update(List.of(at("120", NOW + 1)));
        seen.add(shown(account, prices, NOW + 1));

        long morning = NOW + 86_400_000;
        prices.update(List.of(at("130", morning)));
        account.rollDay(prices, morning);
        seen.add(shown(account, prices, morning));
        account.book("AAPL", Side.SELL, decimal("4"), decimal("130"), BigDecimal.ZERO, decimal("120"));
        seen.add(shown(account, prices, morning));
        account.book("AAPL", Side.SELL, decimal("10"), decimal("130"), BigDecimal.ZERO, decimal("120"));
        prices.update(List.of(at("125", morning + 1)));
        seen.add(shown(account, prices, morning + 1));

        assertEquals(
                List.of(
                        // qty, unrealised, of today, yesterday's price, change | realised today, daily
                        "10 200 200 null null | 0 200",
                        "10 300 100 120 0.083333333 | 0 100",
                        "6 180 60 120 0.083333333 | 120 100",
                        "-4 20 20 120 0.041666667 | 300 120"),
                seen);
    }

    private static String shown(Account account, Prices prices, long now) {
        Map<String, String> position = JsonObjects.read(account.toJson(account.position("AAPL"), prices, now));
        Map<String, String> money = JsonObjects.read(account.toJson(prices, now));
        return String.join(
                " ",
                position.get("qty"),
                position.get("unrealized_pl"),
                position.get("unrealized_intraday_pl"),
                position.get("lastday_price"),
                position.get("change_today"),
                "|",
                money.get("daily_realized_pl"),
                money.get("daily_pl"));
    }

    private static Quote at(String price, long timeMs) {
        BigDecimal last = decimal(price);
        return new Quote("AAPL", last, BigDecimal.ONE, last, BigDecimal.ONE, last, timeMs);
    }
}
