package io.tradewind.benchmarks.instance;

import io.tradewind.benchmarks.BenchException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * Buys positions before a run, so that no order of it is denied for lack of money or of shares.
 *
 * <p>An order in flight binds money (a buy) or shares (a sell). The load buys and sells the same quantity in turn, so
 * both are needed alike: half of the account's buying power is put into positions, in equal parts by value. How many
 * orders can be in flight at once follows from it, and grows with the paper account's cash. Positions that are there
 * already are counted; nothing is sold afterwards, the next run uses them again. Blocking, on the main thread.
 */
public final class PositionSeeder {

    private static final Duration FILL_DEADLINE = Duration.ofSeconds(30);
    private static final Duration POLL = Duration.ofMillis(20);

    /** No more shares of a symbol than this, however rich the account: more are never in flight. */
    private static final BigDecimal MAX_UNITS = new BigDecimal(1_000_000);

    /** Prices move while the positions are bought. */
    private static final BigDecimal RESERVE = new BigDecimal("0.9");

    private final GatewayClient gateway;
    private final String idPrefix;
    private final Consumer<String> progress;
    private int orders;

    /** @param idPrefix of the client order ids; not the one of the measured orders, which the audit looks for */
    public PositionSeeder(GatewayClient gateway, String idPrefix, Consumer<String> progress) {
        this.gateway = gateway;
        this.idPrefix = idPrefix;
        this.progress = progress;
    }

    /** @return the last price of each symbol, in the order of {@code symbols} */
    public Map<String, BigDecimal> seed(List<String> symbols, BigDecimal qty) {
        Map<String, BigDecimal> prices = new LinkedHashMap<>();
        for (String symbol : symbols) {
            prices.put(symbol, buy(symbol, qty));
        }
        Map<String, BigDecimal> held = held();
        BigDecimal power = buyingPower();
        BigDecimal affordable = power.divide(BigDecimal.valueOf(symbols.size()), RoundingMode.DOWN)
                .multiply(RESERVE);
        BigDecimal value = power;
        for (String symbol : symbols) {
            value = value.add(held.getOrDefault(symbol, BigDecimal.ZERO).multiply(prices.get(symbol)));
        }
        BigDecimal each = value.divide(BigDecimal.valueOf(2L * symbols.size()), RoundingMode.DOWN);
        for (String symbol : symbols) {
            BigDecimal target = units(each, prices.get(symbol));
            BigDecimal missing = target.subtract(held.getOrDefault(symbol, BigDecimal.ZERO))
                    .min(units(affordable, prices.get(symbol)));
            if (missing.signum() > 0) {
                buy(symbol, missing);
            }
            progress.accept("  " + symbol + " at " + prices.get(symbol).toPlainString() + ", position "
                    + held.getOrDefault(symbol, BigDecimal.ZERO)
                            .add(missing.max(BigDecimal.ZERO))
                            .toPlainString());
        }
        return prices;
    }

    /** Whole units of {@code price} that {@code money} buys. */
    static BigDecimal units(BigDecimal money, BigDecimal price) {
        return money.divide(price, 0, RoundingMode.DOWN).min(MAX_UNITS);
    }

    private BigDecimal buyingPower() {
        JsonObject account = gateway.account();
        String power = account.getString("buying_power", account.getString("cash"));
        if (power == null) {
            throw BenchException.failed("GET /v2/account has neither buying_power nor cash: " + account);
        }
        return new BigDecimal(power);
    }

    private Map<String, BigDecimal> held() {
        Map<String, BigDecimal> held = new LinkedHashMap<>();
        JsonArray positions = gateway.positions();
        for (int i = 0; i < positions.size(); i++) {
            JsonObject position = positions.getJsonObject(i);
            held.put(position.getString("symbol"), new BigDecimal(position.getString("qty")));
        }
        return held;
    }

    /** Buys, waits for the fill, returns its price. */
    private BigDecimal buy(String symbol, BigDecimal qty) {
        JsonObject order = gateway.placeOrder(new JsonObject()
                .put("symbol", symbol)
                .put("qty", qty.toPlainString())
                .put("side", "buy")
                .put("type", "market")
                .put("time_in_force", "day")
                .put("client_order_id", idPrefix + orders++));
        long deadline = System.nanoTime() + FILL_DEADLINE.toNanos();
        while (!"filled".equals(order.getString("status"))) {
            if (System.nanoTime() - deadline > 0) {
                throw BenchException.failed("the first buy of " + qty.toPlainString() + " " + symbol + " is "
                        + order.getString("status") + " and not filled after " + FILL_DEADLINE.toSeconds()
                        + " s; is the market data feed running?");
            }
            LockSupport.parkNanos(POLL.toNanos());
            order = gateway.order(order.getString("id"));
        }
        return new BigDecimal(order.getString("filled_avg_price"));
    }
}
