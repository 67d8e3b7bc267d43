package io.tradewind.dbsync;

import static io.tradewind.dbsync.Await.until;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tradewind.contracts.Addresses;
import io.tradewind.contracts.Json;
import io.tradewind.contracts.state.CommittedTransaction;
import io.tradewind.contracts.state.EntityKey;
import io.tradewind.contracts.state.Mutation;
import io.tradewind.contracts.state.SyncCommand;
import io.tradewind.dbsync.domain.TableMapping;
import io.tradewind.dbsync.domain.TableMapping.OnDelete;
import io.tradewind.dbsync.domain.TableMappings;
import io.tradewind.embeddedservers.EmbeddedPostgres;
import io.tradewind.embeddedservers.EmbeddedRedis;
import io.tradewind.embeddedservers.TcpProxy;
import io.tradewind.embeddedservers.TcpProxy.Fate;
import io.tradewind.servicekit.ServiceKit;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * db-sync in a process of its own, killed with {@code kill -9} before a COMMIT reaches Postgres, while it is on its way,
 * after Postgres has done it and before the answer is heard, and at any other moment. After each, the tables must be those
 * of the log up to exactly the offsets; then the next one goes on, and {@code verify} must find no difference.
 *
 * <p>{@code -Dtradewind.rounds=200} makes it a battery; {@code -Dseed=…} repeats a run.
 */
@Timeout(value = 60, unit = TimeUnit.MINUTES)
class KilledIT {

    private static final int ROUNDS = Integer.getInteger("tradewind.rounds", 4);
    private static final long SEED = Long.getLong("seed", System.nanoTime());
    private static final int PARTITIONS = 4;
    private static final int TRANSACTIONS_PER_ROUND = 12;
    /** So small that a round takes several. */
    private static final int BATCH_TRANSACTIONS = 8;

    private static final int MAX_COMMITS_BEFORE_THE_KILL = 4;
    private static final int MAX_RANDOM_KILL_MS = 300;
    private static final byte[] COMMIT = "COMMIT".getBytes(StandardCharsets.US_ASCII);
    private static final int HEADER_BYTES = 5;

    private enum Moment {
        BEFORE,
        DURING,
        AFTER,
        ANY
    }

    @TempDir
    private Path dir;

    private final Random random = new Random(SEED);
    private final Map<Moment, Integer> kills = new EnumMap<>(Moment.class);
    private final FakeState state = new FakeState();
    private final Map<Integer, List<CommittedTransaction>> log = new HashMap<>();
    private EmbeddedRedis redis;
    private EmbeddedPostgres postgres;
    private String database;
    private TestBed bed;

    @BeforeEach
    void open() {
        redis = EmbeddedRedis.start(EmbeddedRedis.Options.in(dir.resolve("redis")));
        postgres = EmbeddedPostgres.start(
                EmbeddedPostgres.Options.in(dir.resolve("postgres")).withSyncOnCreate(false));
        database = postgres.createDatabase("killed");
        bed = new TestBed(redis.uri(), database);
    }

    @AfterEach
    void close() {
        bed.close();
        postgres.close();
        redis.close();
    }

    @Test
    void shouldHaveEffectOnceWheneverItIsKilled() throws Exception {
        System.out.println("seed " + SEED + ", " + ROUNDS + " rounds");
        RandomLog all = new RandomLog(SEED, PARTITIONS, ROUNDS * TRANSACTIONS_PER_ROUND);
        bed.stop(bed.start());
        for (int round = 0; round < ROUNDS; round++) {
            append(all, round);
            Moment moment = Moment.values()[round % Moment.values().length];
            String where = "seed " + SEED + ", round " + round + ", killed " + moment;
            killedAt(moment);
            assertTablesAreTheLogUpToTheOffsets(where);
            assertNextOneCatchesUp(all, where);
        }
        System.out.println("killed: " + kills);
        for (int p = 0; p < PARTITIONS; p++) {
            bed.assertArchiveIsTheLog(p);
        }
        assertEquals(0, bed.count("dead_letters"));
    }

    private void append(RandomLog all, int round) {
        all.commits().forEach((partition, entries) -> {
            int from = entries.size() * round / ROUNDS;
            int to = entries.size() * (round + 1) / ROUNDS;
            entries.subList(from, to).forEach(entry -> {
                log.computeIfAbsent(partition, p -> new ArrayList<>()).addAll(entry);
                state.apply(partition, entry);
                bed.append(partition, entry);
            });
        });
    }

    private void killedAt(Moment moment) throws Exception {
        try (TcpProxy proxy = TcpProxy.to(postgres.port())) {
            AtomicInteger commits = new AtomicInteger();
            int fatal = 1 + random.nextInt(MAX_COMMITS_BEFORE_THE_KILL);
            Process[] victim = new Process[1];
            proxy.judge(request -> {
                if (!isCommit(request) || commits.incrementAndGet() != fatal) {
                    return Fate.PASS;
                }
                return switch (moment) {
                    case BEFORE -> {
                        victim[0].destroyForcibly();
                        yield Fate.CUT_BEFORE;
                    }
                    case DURING -> {
                        victim[0].destroyForcibly();
                        yield Fate.PASS;
                    }
                    case AFTER -> Fate.CUT_AFTER;
                    case ANY -> Fate.PASS;
                };
            });
            Process process = start(database.replace(":" + postgres.port() + "/", ":" + proxy.port() + "/"));
            victim[0] = process;
            try {
                until("commit " + fatal, () -> commits.get() >= fatal || !process.isAlive());
                if (moment == Moment.ANY) {
                    TimeUnit.MILLISECONDS.sleep(random.nextInt(MAX_RANDOM_KILL_MS));
                }
            } finally {
                process.destroyForcibly();
            }
            assertTrue(process.waitFor(60, TimeUnit.SECONDS), "it dies");
            kills.merge(moment, 1, Integer::sum);
        }
        until("Postgres has ended what was under way", () -> bed.query(
                        "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'tradewind-db-sync'")
                .equals(List.of("0")));
    }

    private Process start(String postgresUri) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx192m",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                DbSyncMain.class.getName()));
        for (String setting : List.of(
                "redis.uri=" + redis.uri(),
                "postgres.uri=" + postgresUri,
                "admin.port=0",
                "db-sync.min-interval=20ms",
                "db-sync.max-batch-transactions=" + BATCH_TRANSACTIONS)) {
            command.add("--set");
            command.add(setting);
        }
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        dir.resolve("db-sync.log").toFile()))
                .start();
    }

    private static boolean isCommit(byte[] data) {
        int end = HEADER_BYTES + COMMIT.length;
        return data.length >= end && data[0] == 'Q' && Arrays.equals(data, HEADER_BYTES, end, COMMIT, 0, COMMIT.length);
    }

    /** By an oracle of its own: every row is of the version that the log up to the offset gives it, and there are no others. */
    private void assertTablesAreTheLogUpToTheOffsets(String where) {
        TreeSet<String> expected = new TreeSet<>();
        for (int p = 0; p < PARTITIONS; p++) {
            long offset = bed.offset(p);
            Map<EntityKey, Long> rows = new HashMap<>();
            for (CommittedTransaction tx : log.get(p)) {
                if (tx.version() <= offset) {
                    tx.mutations().forEach(mutation -> apply(rows, mutation, tx.version()));
                }
            }
            rows.forEach((key, version) -> expected.add(key + " " + version));
        }
        TreeSet<String> found = new TreeSet<>();
        for (TableMapping table : TableMappings.ofEntities()) {
            TableMappings.Names names = TableMappings.names(table);
            String domain = names.domainColumn() == null ? "'" + names.domain() + "'" : names.domainColumn();
            bed.query("SELECT " + domain + ", " + names.partitionKeyColumn() + ", " + names.idColumn()
                            + ", version FROM " + table.table())
                    .forEach(row -> {
                        String[] columns = row.split("\\|", -1);
                        found.add(new EntityKey(columns[0], columns[1], columns[2]) + " " + columns[3]);
                    });
        }
        assertEquals(String.join("\n", expected), String.join("\n", found), where);
        for (int p = 0; p < PARTITIONS; p++) {
            long offset = bed.offset(p);
            long changes = log.get(p).stream()
                    .filter(tx -> tx.version() <= offset)
                    .mapToLong(tx -> tx.mutations().size())
                    .sum();
            assertEquals(
                    List.of(changes + "|" + changes),
                    bed.query(
                            "SELECT count(*), count(DISTINCT (version, ordinal)) FROM state_changes WHERE partition = "
                                    + p),
                    "every change is in the audit once: " + where);
        }
        assertEquals(
                List.of("0"),
                bed.query("SELECT count(*) - count(DISTINCT (partition, last_version)) FROM log_archive"),
                "no entry is archived twice: " + where);
        assertEquals(
                List.of("0"),
                bed.query("SELECT count(*) FROM log_archive a JOIN sync_offsets o USING (partition)"
                        + " WHERE a.last_version > o.version"),
                "no entry is archived beyond the offset: " + where);
    }

    private static void apply(Map<EntityKey, Long> rows, Mutation mutation, long version) {
        TableMapping table = TableMappings.of(mutation.key().domain());
        if (!mutation.isDelete()) {
            rows.put(mutation.key(), version);
        } else if (table.onDelete() == OnDelete.REMOVE_ROW) {
            rows.remove(mutation.key());
        }
    }

    private void assertNextOneCatchesUp(RandomLog all, String where) {
        ServiceKit kit = bed.start();
        state.on(kit.vertx());
        for (int p : all.commits().keySet()) {
            JsonObject flushed = ask(kit, SyncCommand.Verb.FLUSH, p);
            List<CommittedTransaction> whole = log.get(p);
            assertEquals(whole.get(whole.size() - 1).version(), flushed.getLong("version"), where);
            JsonObject verified = ask(kit, SyncCommand.Verb.VERIFY, p);
            assertTrue(verified.getBoolean("ok"), () -> where + ": " + verified.encodePrettily());
        }
        bed.stop(kit);
    }

    private static JsonObject ask(ServiceKit kit, SyncCommand.Verb verb, int partition) {
        return new JsonObject(Await.result(kit.vertx()
                        .eventBus()
                        .<Json>request(
                                Addresses.SYNC_COMMAND,
                                new SyncCommand(verb, partition),
                                new DeliveryOptions().setSendTimeout(60_000)))
                .body()
                .toString());
    }
}
