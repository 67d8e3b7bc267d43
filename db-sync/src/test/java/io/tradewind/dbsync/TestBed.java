package io.tradewind.dbsync;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tradewind.contracts.MessageCodecs;
import io.tradewind.contracts.state.CommittedTransaction;
import io.tradewind.contracts.state.EntityKey;
import io.tradewind.contracts.state.LogCodec;
import io.tradewind.contracts.state.LogKeys;
import io.tradewind.contracts.state.Mutation;
import io.tradewind.contracts.state.Partitions;
import io.tradewind.dbsync.domain.TableMapping;
import io.tradewind.dbsync.domain.TableMappings;
import io.tradewind.servicekit.CheckResult;
import io.tradewind.servicekit.HealthReport;
import io.tradewind.servicekit.KitOptions;
import io.tradewind.servicekit.ServiceKit;
import io.tradewind.servicekit.config.Settings;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What the tests against real servers share: a writer of logs in place of the state-store, any number of running
 * db-syncs, and a look into the tables over JDBC.
 */
final class TestBed implements AutoCloseable {

    private final String redisUri;
    private final String postgresUri;
    private final Vertx vertx = Vertx.vertx();
    private final LogCodec codec = new LogCodec();
    private final List<ServiceKit> running = new ArrayList<>();
    private RedisConnection redis;

    TestBed(String redisUri, String postgresUri) {
        this.redisUri = redisUri;
        this.postgresUri = postgresUri;
        connectRedis();
    }

    void connectRedis() {
        redis = Await.result(Redis.createClient(vertx, redisUri).connect());
    }

    /** Empties Redis. */
    void flush() {
        Await.result(redis.send(Request.cmd(Command.FLUSHALL)));
    }

    Vertx vertx() {
        return vertx;
    }

    // ------------------------------------------------------------------ db-sync

    ServiceKit start(String... overrides) {
        return startOn(postgresUri, overrides);
    }

    ServiceKit startOn(String postgres, String... overrides) {
        return start(postgres, KitOptions.local(), overrides);
    }

    /** As a member of the cluster that the overrides describe. */
    ServiceKit startInCluster(String... overrides) {
        return start(postgresUri, KitOptions.inCluster(), overrides);
    }

    private ServiceKit start(String postgres, KitOptions kind, String... overrides) {
        Settings.Builder settings = Settings.builder()
                .section(DbSyncMain.SERVICE.name(), DbSyncConfig.class)
                .override("redis.uri", redisUri)
                .override("redis.reconnect-max", "200ms")
                .override("postgres.uri", postgres)
                // A busy disk is no dead Postgres; what a deadline does is for the tests that set one.
                .override("postgres.command-timeout", "30s")
                .override("redis.command-timeout", "30s")
                .override("postgres.reconnect-min", "20ms")
                .override("postgres.reconnect-max", "200ms")
                .override("db-sync.min-interval", "20ms")
                .override("db-sync.max-interval", "100ms");
        for (String override : overrides) {
            settings.override(override);
        }
        KitOptions options = kind.withPrepare(vertx -> MessageCodecs.registerAll(vertx.eventBus()));
        ServiceKit kit = Await.result(ServiceKit.open(settings.build(), options));
        running.add(kit);
        Await.result(kit.services().deploy(DbSyncMain.SERVICE));
        return kit;
    }

    void stop(ServiceKit kit) {
        running.remove(kit);
        Await.result(kit.services().stopAll());
        Await.result(kit.close());
    }

    static Map<String, CheckResult> checks(ServiceKit kit) {
        HealthReport report = Await.result(kit.health().snapshot());
        return report.services().get(0).checks();
    }

    static double counter(ServiceKit kit, String name) {
        return kit.meters().get(name).counter().count();
    }

    // ------------------------------------------------------------------ the log

    /** One commit, as the state-store appends it. */
    void append(int partition, CommittedTransaction... transactions) {
        append(partition, List.of(transactions));
    }

    void append(int partition, List<CommittedTransaction> transactions) {
        long last = transactions.get(transactions.size() - 1).version();
        appendRaw(partition, last, codec.encode(transactions));
    }

    void appendRaw(int partition, long version, byte[] body) {
        Request add = Request.cmd(Command.XADD)
                .arg(LogKeys.log(partition))
                .arg(LogKeys.entryId(version))
                .arg(LogKeys.FIELD_EPOCH)
                .arg(1)
                .arg(LogKeys.FIELD_BODY)
                .arg(body);
        Request head = Request.cmd(Command.HSET)
                .arg(LogKeys.head(partition))
                .arg("version")
                .arg(version);
        Await.result(redis.batch(List.of(add, head)));
    }

    /** Drops the oldest entries, keeping {@code entries}. */
    void trim(int partition, int entries) {
        Await.result(redis.send(Request.cmd(Command.XTRIM)
                .arg(LogKeys.log(partition))
                .arg("MAXLEN")
                .arg(entries)));
    }

    // ------------------------------------------------------------------ the tables

    long count(String table) {
        return Long.parseLong(query("SELECT count(*) FROM " + table).get(0));
    }

    long offset(int partition) {
        return Long.parseLong(query("SELECT version FROM sync_offsets WHERE partition = " + partition)
                .get(0));
    }

    /** The rows, columns joined by a bar. */
    List<String> query(String sql) {
        try (Connection connection = jdbc();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            List<String> found = new ArrayList<>();
            while (rows.next()) {
                List<String> columns = new ArrayList<>();
                for (int c = 1; c <= rows.getMetaData().getColumnCount(); c++) {
                    columns.add(rows.getString(c));
                }
                found.add(String.join("|", columns.stream().map(String::valueOf).toList()));
            }
            return found;
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    void execute(String sql) {
        try (Connection connection = jdbc();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    private Connection jdbc() throws SQLException {
        String address = postgresUri.substring(postgresUri.indexOf('@') + 1);
        return DriverManager.getConnection("jdbc:postgresql://" + address, "tradewind", "");
    }

    /** Everything in the tables, for comparing two runs. */
    String tables() {
        return TableMappings.all().stream()
                .map(TableMapping::table)
                .map(table -> table + "\n" + String.join("\n", query("SELECT * FROM " + table + " ORDER BY 1, 2, 3")))
                .collect(Collectors.joining("\n"));
    }

    /**
     * The archive of a partition against its log: every entry that the offset has passed once, byte by byte, and none
     * else.
     */
    void assertArchiveIsTheLog(int partition) {
        long offset = offset(partition);
        List<String> log = new ArrayList<>();
        Response entries = Await.result(redis.send(
                Request.cmd(Command.XRANGE).arg(LogKeys.log(partition)).arg("-").arg(LogKeys.entryId(offset))));
        long before = 0;
        for (Response entry : entries) {
            long last = LogKeys.version(entry.get(0).toString());
            byte[] body = entry.get(1).get(3).toBytes();
            log.add((before + 1) + "|" + last + "|" + HexFormat.of().formatHex(body));
            before = last;
        }
        assertEquals(
                log,
                query("SELECT first_version, last_version, encode(body, 'hex') FROM log_archive WHERE partition = "
                        + partition + " ORDER BY last_version"),
                "archive of partition " + partition);
    }

    /** The audit of a partition against its log: every change that the offset has passed once, and none else. */
    void assertAuditIsTheLog(int partition) {
        long offset = offset(partition);
        List<String> log = new ArrayList<>();
        Response entries = Await.result(redis.send(
                Request.cmd(Command.XRANGE).arg(LogKeys.log(partition)).arg("-").arg("+")));
        for (Response entry : entries) {
            for (CommittedTransaction tx : codec.decode(entry.get(1).get(3).toBytes())) {
                for (int i = 0; i < tx.mutations().size() && tx.version() <= offset; i++) {
                    Mutation mutation = tx.mutations().get(i);
                    EntityKey key = mutation.key();
                    log.add(String.join(
                            "|",
                            Long.toString(tx.version()),
                            Integer.toString(i + 1),
                            key.domain(),
                            key.partitionKey(),
                            key.id(),
                            mutation.isDelete()
                                    ? "delete|0"
                                    : "put|" + mutation.json().size(),
                            tx.id(),
                            tx.cause().correlationId(),
                            tx.cause().causationId(),
                            tx.cause().actor(),
                            Long.toString(tx.timeMs())));
                }
            }
        }
        assertEquals(
                log,
                query("SELECT version, ordinal, domain, partition_key, entity_id, kind, bytes, transaction_id,"
                        + " correlation_id, causation_id, actor, (extract(epoch FROM at) * 1000)::bigint"
                        + " FROM state_changes WHERE partition = " + partition + " ORDER BY version, ordinal"),
                "audit of partition " + partition);
    }

    boolean caughtUp(Map<Integer, List<List<CommittedTransaction>>> commits) {
        return commits.entrySet().stream().allMatch(partition -> {
            List<CommittedTransaction> last =
                    partition.getValue().get(partition.getValue().size() - 1);
            return offset(Partitions.check(partition.getKey()))
                    == last.get(last.size() - 1).version();
        });
    }

    @Override
    public void close() {
        List.copyOf(running).forEach(this::stop);
        codec.close();
        Await.result(vertx.close());
    }
}
