package io.tradewind.benchmarks.cancel;

import io.tradewind.benchmarks.BenchException;
import io.tradewind.benchmarks.instance.GatewayClient;
import io.tradewind.benchmarks.instance.Instance;
import io.tradewind.benchmarks.instance.PositionSeeder;
import io.tradewind.benchmarks.load.LoadGenerator;
import io.tradewind.benchmarks.load.LoadResult;
import io.tradewind.benchmarks.load.OrderRequests;
import io.tradewind.benchmarks.load.Pace;
import io.tradewind.benchmarks.load.Target;
import io.vertx.core.json.JsonObject;
import java.io.PrintStream;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.HdrHistogram.Histogram;

/**
 * Orders that rest at the broker, a flood of normal orders behind them, and then one cancel after the other. The answer
 * to a cancel is given when it is durable and in the same moment the broker is asked, so its latency is how long a cancel
 * takes to the broker, as its sender sees it. Blocking, on the main thread.
 */
final class CancelBench {

    private static final String SYMBOL = "AAPL";
    private static final int CONNECTIONS = 64;
    private static final int ROUND_SECONDS = 5;
    private static final int MAX_ROUNDS = 24;
    private static final int TIMEOUT_MS = 30_000;
    private static final long MAX_US = TimeUnit.MINUTES.toMicros(1);
    private static final BigDecimal FAR = new BigDecimal("0.5");
    private static final String QUEUED = "tradewind_orders_queued{lane=\"normal\"}";

    private final GatewayClient gateway;
    private final Instance instance;
    private final int backlog;
    private final int cancels;
    private final PrintStream out;
    private final String runId = "cancel-" + System.currentTimeMillis() + "-";

    CancelBench(Instance instance, int backlog, int cancels, PrintStream out) {
        this.gateway = new GatewayClient(instance);
        this.instance = instance;
        this.backlog = backlog;
        this.cancels = cancels;
        this.out = out;
    }

    /** @return whether every cancel was taken while the backlog was there */
    boolean run() {
        Map<String, BigDecimal> prices =
                new PositionSeeder(gateway, runId + "seed-", out::println).seed(List.of(SYMBOL), BigDecimal.ONE);
        List<String> resting = rest(prices.get(SYMBOL));
        flood(prices);
        long before = queued();
        Histogram latencyUs = new Histogram(MAX_US, 3);
        int refused = 0;
        for (String id : resting) {
            long beganNs = System.nanoTime();
            boolean taken = gateway.cancel(id);
            latencyUs.recordValue(Math.min(MAX_US, TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - beganNs)));
            refused += taken ? 0 : 1;
        }
        long after = queued();
        out.printf(
                Locale.ROOT,
                "%,d cancels behind %,d to %,d normal orders: p50 %.1f, p90 %.1f, p99 %.1f, max %.1f ms; %d refused%n",
                cancels,
                before,
                after,
                latencyUs.getValueAtPercentile(50) / 1_000.0,
                latencyUs.getValueAtPercentile(90) / 1_000.0,
                latencyUs.getValueAtPercentile(99) / 1_000.0,
                latencyUs.getMaxValue() / 1_000.0,
                refused);
        if (after < backlog) {
            out.println("the queue was shorter than " + backlog + " at the end: slow the broker down, or cancel fewer");
        }
        return refused == 0 && after >= backlog;
    }

    /** Orders far from the market, sent to the broker past the queue. */
    private List<String> rest(BigDecimal last) {
        out.println("placing " + cancels + " orders that rest");
        BigDecimal price = last.multiply(FAR).setScale(2, RoundingMode.DOWN);
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < cancels; i++) {
            ids.add(gateway.placeOrder(new JsonObject()
                            .put("symbol", SYMBOL)
                            .put("qty", "1")
                            .put("side", "buy")
                            .put("type", "limit")
                            .put("limit_price", price.toPlainString())
                            .put("time_in_force", "gtc")
                            .put("priority", "critical")
                            .put("client_order_id", runId + "rest-" + i))
                    .getString("id"));
        }
        return ids;
    }

    private void flood(Map<String, BigDecimal> prices) {
        for (int round = 0; queued() < backlog; round++) {
            if (round == MAX_ROUNDS) {
                throw BenchException.failed(queued() + " orders wait after " + MAX_ROUNDS * ROUND_SECONDS + " s, not "
                        + backlog + ": the broker is too fast, see --help");
            }
            Target target = Target.of(instance.gateway());
            OrderRequests requests = new OrderRequests(
                    target, instance.keyId(), instance.secretKey(), runId + round + "-", prices, BigDecimal.ONE, 0);
            LoadResult result = await(new LoadGenerator(
                    target,
                    new Pace.ClosedLoop(0, ROUND_SECONDS),
                    requests,
                    new LoadGenerator.Settings(CONNECTIONS, 1, TIMEOUT_MS, TIMEOUT_MS)));
            out.printf(
                    Locale.ROOT,
                    "%,d accepted in %d s, %s denied; %,d wait%n",
                    result.measured().acknowledged(),
                    ROUND_SECONDS,
                    result.measured().denied(),
                    queued());
        }
    }

    private static LoadResult await(LoadGenerator generator) {
        try {
            return generator
                    .run()
                    .get(2L * TIMEOUT_MS + TimeUnit.SECONDS.toMillis(ROUND_SECONDS), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw BenchException.failed("the load could not be sent: " + e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw BenchException.failed("interrupted");
        }
    }

    /** As the metrics say, which are renewed every second. */
    private long queued() {
        return gateway.metrics(instance.admin())
                .lines()
                .filter(line -> line.startsWith(QUEUED))
                .mapToLong(line -> (long) Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }
}
