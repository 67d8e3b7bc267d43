package io.tradewind.benchmarks;

import io.tradewind.benchmarks.load.LoadGenerator;
import io.tradewind.benchmarks.load.Pace;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/**
 * What is to be measured, checked.
 *
 * @param ratePerS orders per second; of no meaning when {@code saturate}
 * @param saturate as many as the connections carry, instead of a rate
 * @param batch orders in one request; 1 sends each by itself
 * @param limitShare share of limit orders, 0 to 1
 * @param drainS how long to wait, after the load, until everything is filled and in Postgres
 * @param timeoutMs after which an order without an answer counts as unknown
 * @param maxBehindS how late an order may be sent before the run is given up; of no meaning when {@code saturate}
 * @param peer where the sources of the peer are, {@code null} when it is not to be measured
 * @param postgresAwayS how long Postgres is made to stand still meanwhile; 0 for not at all
 * @param collect whether the heap of the instance is collected in full at the ends of the thirds of the measured part
 * @param output file for the JSON report, or {@code null}
 */
public record BenchConfig(
        int ratePerS,
        boolean saturate,
        int seconds,
        int warmupS,
        int connections,
        int pipeline,
        int batch,
        double limitShare,
        List<String> symbols,
        BigDecimal qty,
        boolean audit,
        int drainS,
        long timeoutMs,
        int maxBehindS,
        boolean follow,
        boolean baseline,
        int baselineLoops,
        Path peer,
        int postgresAwayS,
        boolean collect,
        Path output,
        boolean json) {

    private static final Pattern SYMBOL = Pattern.compile("[A-Z0-9./]{1,16}");
    private static final int MAX_RATE_PER_S = 1_000_000;
    private static final int MAX_SECONDS = 3_600;
    private static final int MAX_TIMEOUT_MS = 600_000;
    private static final int MAX_BEHIND_S = 600;
    private static final int MAX_SYMBOLS = 100;
    private static final int MAX_LOOPS = 16;
    private static final int MAX_BATCH = 10_000;

    public BenchConfig {
        symbols = List.copyOf(symbols);
        within("--rate", ratePerS, 1, MAX_RATE_PER_S);
        within("--seconds", seconds, 1, MAX_SECONDS);
        within("--warmup", warmupS, 0, MAX_SECONDS);
        within("--connections", connections, 1, LoadGenerator.MAX_CONNECTIONS);
        within("--pipeline", pipeline, 1, LoadGenerator.MAX_PIPELINE);
        within("--batch", batch, 1, MAX_BATCH);
        if (batch > 1 && (baseline || peer != null)) {
            throw BenchException.usage(
                    "--batch: the bare server and the peer take no batches; leave out --baseline and --peer");
        }
        if (!saturate && ((long) ratePerS * warmupS % batch != 0 || (long) ratePerS * seconds % batch != 0)) {
            throw BenchException.usage(
                    "--batch " + batch + ": at a rate, warm-up and measured part must be whole batches;" + " they are "
                            + (long) ratePerS * warmupS + " and " + (long) ratePerS * seconds + " orders");
        }
        within("--drain", drainS, 0, MAX_SECONDS);
        within("--timeout", timeoutMs, 100, MAX_TIMEOUT_MS);
        within("--max-behind", maxBehindS, 1, MAX_BEHIND_S);
        within("--baseline-loops", baselineLoops, 1, MAX_LOOPS);
        within("--symbols", symbols.size(), 1, MAX_SYMBOLS);
        within("--postgres-away", postgresAwayS, 0, MAX_SECONDS);
        if (postgresAwayS > 0 && postgresAwayS + InstanceWatch.LEAD_S >= seconds) {
            throw BenchException.usage(
                    "--postgres-away " + postgresAwayS + ": --seconds must leave time before and after," + " at least "
                            + (postgresAwayS + 2 * InstanceWatch.LEAD_S));
        }
        for (String symbol : symbols) {
            if (!SYMBOL.matcher(symbol).matches()) {
                throw BenchException.usage("--symbols: '" + symbol + "' is no symbol; such as AAPL or BTC/USD");
            }
        }
        if (!(limitShare >= 0 && limitShare <= 1)) {
            throw BenchException.usage("--mix " + limitShare + ": must be a share within 0 and 1");
        }
        if (qty.signum() <= 0) {
            throw BenchException.usage("--qty " + qty.toPlainString() + ": must be positive");
        }
        // Said before the run rather than after it.
        Path folder = output == null ? null : output.toAbsolutePath().getParent();
        if (folder != null && !Files.isWritable(folder)) {
            throw BenchException.usage("--output " + output + ": cannot write to " + folder);
        }
    }

    /** When the orders are sent. */
    public Pace pace() {
        try {
            return saturate ? new Pace.ClosedLoop(warmupS, seconds) : new Pace.OpenLoop(ratePerS, warmupS, seconds);
        } catch (IllegalArgumentException e) {
            throw BenchException.usage(e.getMessage());
        }
    }

    public long maxBehindMs() {
        return TimeUnit.SECONDS.toMillis(maxBehindS);
    }

    private static void within(String option, long value, long least, long most) {
        if (value < least || value > most) {
            throw BenchException.usage(option + " " + value + ": must be within " + least + ".." + most);
        }
    }
}
