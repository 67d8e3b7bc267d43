package io.tradewind.benchmarks;

import io.tradewind.benchmarks.instance.Instance;
import io.tradewind.benchmarks.peer.PeerProcesses;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ./tradewind bench}: parses, validates, runs, and turns what happened into an exit code. */
@Command(
        name = "bench",
        sortOptions = false,
        description = "Sends orders to a running Tradewind, then checks every single one of them.",
        footer = {
            "",
            "Exit codes: 0 everything planned was acknowledged and the audit holds, 1 something was not,",
            "2 wrong usage, 4 Tradewind, its Redis or its Postgres does not answer.",
            "",
            "Micro-benchmarks: java -cp 'deploy/benchmarks/target/dist/lib/*' org.openjdk.jmh.Main"
        })
public final class BenchMain implements Callable<Integer> {

    @Option(
            names = "--rate",
            defaultValue = "5000",
            description = "Orders per second in all (default ${DEFAULT-VALUE}).")
    private int rate;

    @Option(
            names = {"--saturate", "--max-rate"},
            description = "No rate: the next order as soon as a connection is free for it.")
    private boolean saturate;

    @Option(
            names = "--seconds",
            defaultValue = "30",
            description = "Length of the measured part (default ${DEFAULT-VALUE}).")
    private int seconds;

    @Option(
            names = "--warmup",
            defaultValue = "5",
            description = "Seconds before it, not measured (default ${DEFAULT-VALUE}).")
    private int warmup;

    @Option(names = "--connections", defaultValue = "64", description = "HTTP connections (default ${DEFAULT-VALUE}).")
    private int connections;

    @Option(
            names = "--pipeline",
            defaultValue = "1",
            description = "Orders in flight per connection (default ${DEFAULT-VALUE}, as real clients do).")
    private int pipeline;

    @Option(
            names = "--batch",
            defaultValue = "1",
            description = "Orders in one request to /v2/orders/batch (default ${DEFAULT-VALUE}: each by itself).")
    private int batch;

    @Option(
            names = "--mix",
            paramLabel = "SHARE",
            defaultValue = "0",
            description = "Share of limit orders, 0 to 1 (default ${DEFAULT-VALUE}: all are market orders)."
                    + " Buys and sells alternate per symbol.")
    private double mix;

    @Option(
            names = "--symbols",
            split = ",",
            defaultValue = "AAPL,MSFT,GOOG,AMZN,NVDA,SPY",
            description = "What to trade (default ${DEFAULT-VALUE}).")
    private List<String> symbols;

    @Option(names = "--qty", defaultValue = "1", description = "Quantity of each order (default ${DEFAULT-VALUE}).")
    private BigDecimal qty;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            defaultValue = "./data",
            description = "Data directory of the running Tradewind (default ${DEFAULT-VALUE}).")
    private Path data;

    @Option(names = "--url", description = "Its address, instead of the one in DIR/endpoints.json.")
    private String url;

    @Option(names = "--key", description = "API key id, instead of the one in DIR/credentials.json.")
    private String key;

    @Option(names = "--secret", description = "API secret, instead of the one in DIR/credentials.json.")
    private String secret;

    @Option(names = "--redis", description = "Address of its Redis, instead of the one in DIR/endpoints.json.")
    private String redis;

    @Option(names = "--postgres", description = "Address of its Postgres, instead of the one in DIR/endpoints.json.")
    private String postgres;

    @Option(names = "--admin", description = "Its admin address, instead of the one in DIR/endpoints.json.")
    private String admin;

    @Option(
            names = "--postgres-away",
            paramLabel = "SECONDS",
            defaultValue = "0",
            description =
                    "Make its Postgres stand still for so long, early in the measured part, and measure how long it"
                            + " then takes to catch up under the load. Only a Postgres of its own, in DIR.")
    private int postgresAway;

    @Option(
            names = "--collect",
            description =
                    "Make its heap be collected in full at the beginning of the measured part and after each third of it, to"
                            + " see what stays. It stands still meanwhile. Only on this machine.")
    private boolean collect;

    @Option(
            names = "--no-audit",
            negatable = false,
            description = "Do not compare with log and tables; also leaves fills unmeasured.")
    private boolean noAudit;

    @Option(
            names = "--drain",
            defaultValue = "60",
            description =
                    "Seconds to wait after the load until all is filled and in Postgres (default ${DEFAULT-VALUE}).")
    private int drain;

    @Option(
            names = "--timeout",
            defaultValue = "10000",
            description = "Milliseconds after which an unanswered order counts as unknown (default ${DEFAULT-VALUE}).")
    private long timeoutMs;

    @Option(
            names = "--max-behind",
            defaultValue = "5",
            description =
                    "Seconds that an order may be sent late before the run is given up (default ${DEFAULT-VALUE}).")
    private int maxBehind;

    @Option(
            names = "--follow",
            description =
                    "Also follow the orders over one event stream and count the fills in it; costs processor time.")
    private boolean follow;

    @Option(
            names = "--baseline",
            description =
                    "Then send the same load to a bare server with one group-committed Redis append, and compare.")
    private boolean baseline;

    @Option(
            names = "--baseline-loops",
            defaultValue = "1",
            description = "Event loops of the bare server (default ${DEFAULT-VALUE}).")
    private int baselineLoops;

    @Option(
            names = "--peer",
            description =
                    "Then send the same load to Fastify, BullMQ and pg on the same Redis and Postgres, and compare;"
                            + " needs Node.js.")
    private boolean peer;

    @Option(names = "--output", paramLabel = "FILE", description = "Write the report to FILE as JSON too.")
    private Path output;

    @Option(names = "--json", description = "Print the report as JSON instead of a table.")
    private boolean json;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    @SuppressWarnings("UnusedVariable") // picocli acts on it itself
    private boolean help;

    public static void main(String[] args) {
        System.exit(execute(args));
    }

    /** @return the exit code */
    static int execute(String... args) {
        return new CommandLine(new BenchMain())
                .setExecutionExceptionHandler((failure, command, parsed) -> {
                    if (failure instanceof BenchException known) {
                        command.getErr().println("bench: " + known.getMessage());
                        return known.exitCode();
                    }
                    throw failure;
                })
                .execute(args);
    }

    @Override
    public Integer call() {
        BenchConfig config = new BenchConfig(
                rate,
                saturate,
                seconds,
                warmup,
                connections,
                pipeline,
                batch,
                mix,
                symbols,
                qty,
                !noAudit,
                drain,
                timeoutMs,
                maxBehind,
                follow,
                baseline,
                baselineLoops,
                peer ? Path.of(System.getProperty("tradewind.home", ".")).resolve(PeerProcesses.SOURCES) : null,
                postgresAway,
                collect,
                output,
                json);
        Instance instance = Instance.of(data, new Instance(url, key, secret, redis, postgres, admin, null));
        return new BenchRun(config, instance, data).run() ? 0 : BenchException.FAILED;
    }
}
