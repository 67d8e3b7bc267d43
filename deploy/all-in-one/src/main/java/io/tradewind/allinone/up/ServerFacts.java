package io.tradewind.allinone.up;

import io.tradewind.servicekit.config.PostgresConfig;
import io.tradewind.servicekit.config.Redaction;
import io.tradewind.servicekit.config.RedisConfig;
import io.tradewind.servicekit.config.Settings;
import io.tradewind.servicekit.postgres.PostgresAddress;
import io.vertx.core.CompositeFuture;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnection;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.RedisOptions;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a server says about itself: asked of the server, not taken from what it was told, because an external one was
 * told by somebody else.
 *
 * @param name Redis or Postgres
 * @param settings those that decide what survives a crash, in a fixed order
 * @param weak the settings with which an acknowledged write can be lost
 */
record ServerFacts(String name, String version, String address, Map<String, String> settings, List<String> weak) {

    static final Duration LIMIT = Duration.ofSeconds(5);

    private static final Logger LOG = LoggerFactory.getLogger(ServerFacts.class);
    private static final String REDIS = "Redis";
    private static final String POSTGRES = "Postgres";
    private static final Map<String, String> REDIS_SAFE =
            ordered("appendonly", "yes", "appendfsync", "always", "maxmemory-policy", "noeviction");
    private static final Map<String, String> POSTGRES_SAFE =
            ordered("fsync", "on", "synchronous_commit", "on", "full_page_writes", "on");

    /** Asks both; never fails, and takes at most {@link #LIMIT}. What is weak is also logged. */
    static Future<List<ServerFacts>> ask(Vertx vertx, Settings settings) {
        return Future.join(
                        orUnknown(REDIS, settings.redis().uri(), redis(vertx, settings.redis())),
                        orUnknown(POSTGRES, settings.postgres().uri(), postgres(vertx, settings.postgres())))
                .map(CompositeFuture::list);
    }

    /** An external server that cannot be asked just now is told as such; it is no reason not to start. */
    private static Future<ServerFacts> orUnknown(String name, String uri, Future<ServerFacts> asked) {
        return asked.timeout(LIMIT.toMillis(), TimeUnit.MILLISECONDS)
                .onSuccess(facts -> {
                    if (!facts.weak().isEmpty()) {
                        LOG.warn(
                                "{} can lose acknowledged writes in a crash: {}",
                                name,
                                String.join(", ", facts.weak()));
                    }
                })
                .recover(failure -> {
                    LOG.warn("{} did not tell its durability settings: {}", name, failure.getMessage());
                    return Future.succeededFuture(
                            new ServerFacts(name, "unknown version", Redaction.maskUris(uri), Map.of(), List.of()));
                });
    }

    private static Future<ServerFacts> redis(Vertx vertx, RedisConfig config) {
        Redis redis = Redis.createClient(vertx, new RedisOptions().setConnectionString(config.uri()));
        return redis.connect()
                .compose(connection -> {
                    List<Future<String>> settings = REDIS_SAFE.keySet().stream()
                            .map(key -> setting(connection, key))
                            .toList();
                    Future<String> version = connection
                            .send(Request.cmd(Command.INFO).arg("server"))
                            .map(info -> field(info.toString(), "redis_version"));
                    return Future.all(settings)
                            .compose(done -> version)
                            .map(found -> facts(
                                    REDIS,
                                    found,
                                    config.uri(),
                                    REDIS_SAFE,
                                    settings.stream().map(Future::result).toList()));
                })
                .onComplete(done -> redis.close());
    }

    private static Future<String> setting(RedisConnection connection, String key) {
        return connection.send(Request.cmd(Command.CONFIG).arg("GET").arg(key)).map(answer -> value(answer, key));
    }

    // RESP3 answers with a map, RESP2 with a list of name and value.
    private static String value(Response answer, String key) {
        if (answer.isMap()) {
            return Objects.toString(answer.get(key), "?");
        }
        return answer.size() < 2 ? "?" : answer.get(1).toString();
    }

    private static String field(String info, String name) {
        return info.lines()
                .filter(line -> line.startsWith(name + ":"))
                .map(line -> line.substring(name.length() + 1).strip())
                .findFirst()
                .orElse("?");
    }

    private static Future<ServerFacts> postgres(Vertx vertx, PostgresConfig config) {
        return PgConnection.connect(vertx, PostgresAddress.of(config).options()).compose(connection -> {
            String list = POSTGRES_SAFE.keySet().stream()
                    .map(key -> ", current_setting('" + key + "')")
                    .collect(Collectors.joining());
            return connection
                    .query("SELECT current_setting('server_version')" + list)
                    .execute()
                    .map(rows -> {
                        var row = rows.iterator().next();
                        List<String> values = IntStream.rangeClosed(1, POSTGRES_SAFE.size())
                                .mapToObj(row::getString)
                                .toList();
                        return facts(POSTGRES, row.getString(0), config.uri(), POSTGRES_SAFE, values);
                    })
                    .eventually(connection::close);
        });
    }

    private static ServerFacts facts(
            String name, String version, String uri, Map<String, String> safe, List<String> values) {
        Map<String, String> settings = new LinkedHashMap<>();
        int i = 0;
        for (String key : safe.keySet()) {
            settings.put(key, values.get(i++));
        }
        List<String> weak = settings.entrySet().stream()
                .filter(setting -> !safe.get(setting.getKey()).equals(setting.getValue()))
                .map(setting ->
                        setting.getKey() + "=" + setting.getValue() + " (should be " + safe.get(setting.getKey()) + ")")
                .toList();
        return new ServerFacts(name, version, Redaction.maskUris(uri), settings, weak);
    }

    private static Map<String, String> ordered(String... pairs) {
        Map<String, String> map = new LinkedHashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            map.put(pairs[i], pairs[i + 1]);
        }
        return map;
    }
}
