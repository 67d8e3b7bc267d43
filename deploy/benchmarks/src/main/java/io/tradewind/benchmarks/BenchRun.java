package io.tradewind.benchmarks;

import io.tradewind.benchmarks.audit.Audit;
import io.tradewind.benchmarks.audit.AuditResult;
import io.tradewind.benchmarks.audit.OrderTrails;
import io.tradewind.benchmarks.audit.PostgresTables;
import io.tradewind.benchmarks.audit.RedisLog;
import io.tradewind.benchmarks.baseline.BaselineProcess;
import io.tradewind.benchmarks.instance.AdminMetrics;
import io.tradewind.benchmarks.instance.FullCollection;
import io.tradewind.benchmarks.instance.GatewayClient;
import io.tradewind.benchmarks.instance.Instance;
import io.tradewind.benchmarks.instance.PositionSeeder;
import io.tradewind.benchmarks.instance.PostgresPause;
import io.tradewind.benchmarks.instance.StreamFollower;
import io.tradewind.benchmarks.load.LoadResult;
import io.tradewind.benchmarks.load.OrderRequests;
import io.tradewind.benchmarks.load.Target;
import io.tradewind.benchmarks.peer.PeerProcesses;
import io.tradewind.benchmarks.peer.PeerTables;
import io.tradewind.benchmarks.report.BenchReport;
import io.tradewind.benchmarks.report.BenchReport.Completion;
import io.tradewind.benchmarks.report.JsonReport;
import io.tradewind.benchmarks.report.Machine;
import io.tradewind.benchmarks.report.TextReport;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;

/**
 * One run from beginning to end: prepare, load, drain, audit, compare, report. Blocking, on the main thread. A run that
 * is killed leaves positions and orders in the instance, and nothing else: the next one uses another prefix.
 */
final class BenchRun {

    private static final int RUN_ID_RADIX = 36;
    private static final int RUN_ID_SUFFIX = RUN_ID_RADIX * RUN_ID_RADIX * RUN_ID_RADIX;
    private static final long CLOSE_TIMEOUT_MS = 30_000;

    private final BenchConfig config;
    private final Instance instance;
    private final String runId = "bench-" + Long.toString(System.currentTimeMillis(), RUN_ID_RADIX)
            + Integer.toString(RUN_ID_SUFFIX + new SecureRandom().nextInt(RUN_ID_SUFFIX), RUN_ID_RADIX);

    /** Client order ids of the load are this and a number; those of the preparation begin differently. */
    private final String idPrefix = runId + "-";

    private final Console console = new Console(System.err);

    private final Path data;

    /** @param data where the instance keeps its servers, if they are its own */
    BenchRun(BenchConfig config, Instance instance, Path data) {
        this.data = data;
        this.config = config;
        this.instance = instance;
        if (config.peer() != null && (instance.redis() == null || instance.postgres() == null || !config.audit())) {
            throw BenchException.usage(
                    "--peer is compared with what got to Postgres: give --redis and --postgres, and leave --no-audit out");
        }
        if (instance.redis() == null && (config.audit() || config.baseline())) {
            throw BenchException.usage("the address of Redis is not known; give --redis, or leave out "
                    + (config.audit() ? "the audit with --no-audit" : "--baseline"));
        }
    }

    /** @return whether everything was as it must be */
    boolean run() {
        Vertx vertx = Vertx.vertx();
        try (RedisLog redis = instance.redis() == null ? null : RedisLog.open(vertx, instance.redis());
                PostgresTables postgres = !config.audit() || instance.postgres() == null
                        ? null
                        : PostgresTables.open(vertx, instance.postgres())) {
            BenchReport report = measure(redis, postgres);
            print(report);
            return report.passed();
        } finally {
            Await.get(vertx.close().toCompletionStage(), CLOSE_TIMEOUT_MS, "closing");
        }
    }

    private BenchReport measure(RedisLog redis, PostgresTables postgres) {
        String startedAt = Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
        console.say(instance + ": buying positions to trade with");
        Map<String, BigDecimal> prices = new PositionSeeder(
                        new GatewayClient(instance), "seed-" + idPrefix, console::say)
                .seed(config.symbols(), config.qty());
        long[] from = config.audit() ? redis.heads() : null;
        Target target = Target.of(instance.gateway());

        LoadResult load;
        BenchReport.Stream stream = null;
        Drain drained = null;
        InstanceWatch.Found watched;
        long endedMs;
        try (StreamFollower follower = config.follow() ? StreamFollower.open(instance, idPrefix) : null) {
            try (InstanceWatch watch = watch()) {
                load = load("Tradewind", target, prices);
                endedMs = System.currentTimeMillis();
                watched = watch == null ? null : watch.end();
            }
            if (postgres != null) {
                console.say("waiting until Postgres has everything");
                drained = Drain.await(postgres, idPrefix, load.outcomes(), config.drainS());
            }
            if (follower != null) {
                Drain.await(follower, load.outcomes(), config.drainS());
                stream = new BenchReport.Stream(follower.filled(), follower.ended());
            }
        }

        Completion completion = null;
        AuditResult audit = null;
        if (config.audit()) {
            console.say("reading the log and comparing");
            OrderTrails trails = new OrderTrails(idPrefix);
            List<String> problems = postgres != null
                    ? redis.scan(from, redis.heads(), trails::logged)
                    : Drain.scan(redis, from, trails, load.outcomes(), config.drainS());
            if (postgres != null) {
                postgres.read(idPrefix, trails::row);
            }
            audit = Audit.judge(load.outcomes(), trails, problems, postgres != null);
            completion = completion(trails, drained, endedMs);
        }
        return new BenchReport(
                runId,
                startedAt,
                config,
                Machine.here(),
                redis == null ? Map.of() : redis.durability(),
                postgres == null ? Map.of() : postgres.durability(),
                load,
                completion,
                stream,
                audit,
                config.baseline() ? baseline(redis, prices) : null,
                config.peer() == null ? null : peer(redis, prices),
                watched == null ? null : watched.sync(),
                watched == null ? null : watched.heap());
    }

    private InstanceWatch watch() {
        if (instance.admin() == null) {
            if (config.postgresAwayS() > 0 || config.collect()) {
                throw BenchException.usage(
                        "--postgres-away and --collect: the admin address is not known; give --admin");
            }
            return null;
        }
        if (config.collect() && instance.pid() == null) {
            throw BenchException.usage("--collect: the process is not known; give --data instead of --url");
        }
        PostgresPause pause = config.postgresAwayS() == 0 ? null : PostgresPause.of(data);
        FullCollection collection = config.collect() ? new FullCollection(instance.pid()) : null;
        if (collection != null) {
            console.say("collecting its heap in full");
            collection.run();
        }
        return InstanceWatch.begin(new AdminMetrics(instance.admin()), pause, collection, config);
    }

    private LoadResult load(String name, Target target, Map<String, BigDecimal> prices) {
        OrderRequests requests = new OrderRequests(
                target, instance.keyId(), instance.secretKey(), idPrefix, prices, config.qty(), config.limitShare());
        return console.follow(name, target, config, requests);
    }

    private LoadResult baseline(RedisLog redis, Map<String, BigDecimal> prices) {
        try (BaselineProcess bare = BaselineProcess.start(instance.redis(), config.baselineLoops(), redis)) {
            return load("the bare server", bare.target(), prices);
        }
    }

    private BenchReport.Peer peer(RedisLog redis, Map<String, BigDecimal> prices) {
        Vertx vertx = Vertx.vertx();
        try (PeerTables tables = PeerTables.open(vertx, instance.postgres());
                PeerProcesses peer =
                        PeerProcesses.start(config.peer(), instance.redis(), instance.postgres(), redis, tables)) {
            long beganMs = System.currentTimeMillis();
            LoadResult load = load("the peer", peer.target(), prices);
            console.say("waiting until the peer has filled everything");
            Drain drained = Drain.await(tables::filled, load.outcomes(), config.drainS());
            return new BenchReport.Peer(load, tables.filled(), drained.atMs() - beganMs);
        } finally {
            Await.get(vertx.close().toCompletionStage(), CLOSE_TIMEOUT_MS, "closing");
        }
    }

    private static Completion completion(OrderTrails trails, Drain drained, long endedMs) {
        boolean seen = drained != null && drained.complete();
        return new Completion(
                trails.filled(),
                trails.lastFilledMs() - trails.firstAcceptedMs(),
                seen ? drained.atMs() - trails.firstAcceptedMs() : -1,
                Math.max(0, trails.lastFilledMs() - endedMs),
                seen ? Math.max(0, drained.atMs() - endedMs) : -1,
                trails.fillMs());
    }

    private void print(BenchReport report) {
        String json = JsonReport.of(report).encodePrettily();
        System.out.println(config.json() ? json : TextReport.of(report));
        if (config.output() != null) {
            try {
                Files.writeString(config.output(), json + "\n");
            } catch (IOException e) {
                throw new UncheckedIOException("writing " + config.output(), e);
            }
        }
    }
}
