package io.tradewind.allinone.up;

import io.tradewind.allinone.datadir.DataDirectory;
import io.tradewind.embeddedservers.EmbeddedPostgres;
import io.tradewind.embeddedservers.EmbeddedRedis;
import io.tradewind.servicekit.Ports;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * The Redis and the Postgres of this data directory, side by side. Their ports are chosen beforehand, so that everything
 * else can be set up while they start. Made, started and stopped by the main thread, after everything that uses them.
 *
 * <p>When this process dies, the servers end by themselves; one that lingers is ended by the next start.
 */
final class EmbeddedServers {

    private static final String LOOPBACK = "127.0.0.1";

    private final Map<String, String> settings = new HashMap<>();
    private final List<EmbeddedServer<?>> servers = new ArrayList<>();

    /**
     * @param withRedis whether Redis is ours to run
     * @param withPostgres whether Postgres is ours to run
     */
    EmbeddedServers(DataDirectory data, EmbeddedConfig config, boolean withRedis, boolean withPostgres) {
        if (withRedis) {
            int port = Ports.claim(LOOPBACK, config.redisPort(), true);
            settings.put("redis.uri", "redis://" + LOOPBACK + ":" + port);
            servers.add(redis(data, port, config.restart()));
        }
        if (withPostgres) {
            int port = Ports.claim(LOOPBACK, config.postgresPort(), true);
            settings.put("postgres.uri", "postgresql://tradewind@" + LOOPBACK + ":" + port + "/tradewind");
            servers.add(postgres(data, port, config.restart()));
        }
    }

    private static EmbeddedServer<EmbeddedRedis> redis(DataDirectory data, int port, boolean restart) {
        EmbeddedRedis.Options options = EmbeddedRedis.Options.in(data.redis())
                .withPort(port)
                .withAppendOnly(true)
                .withAppendFsync("always")
                .withSetting("maxmemory-policy", "noeviction");
        return new EmbeddedServer<>(
                "Redis",
                new EmbeddedServer.Life<>(
                        () -> EmbeddedRedis.start(options),
                        EmbeddedRedis::isAlive,
                        EmbeddedRedis::restart,
                        EmbeddedRedis::stop),
                restart);
    }

    private static EmbeddedServer<EmbeddedPostgres> postgres(DataDirectory data, int port, boolean restart) {
        EmbeddedPostgres.Options options =
                EmbeddedPostgres.Options.in(data.postgres()).withPort(port);
        return new EmbeddedServer<>(
                "Postgres",
                new EmbeddedServer.Life<>(
                        () -> EmbeddedPostgres.start(options),
                        EmbeddedPostgres::isAlive,
                        EmbeddedPostgres::restart,
                        EmbeddedPostgres::stop),
                restart);
    }

    /** The addresses as configuration keys; only of those that are ours to run. */
    Map<String, String> settings() {
        return Map.copyOf(settings);
    }

    /** Starts them; each completes when it serves. By name. */
    Map<String, CompletableFuture<Void>> start() {
        Map<String, CompletableFuture<Void>> starting = new LinkedHashMap<>();
        servers.forEach(server -> starting.put(server.name(), server.start()));
        return starting;
    }

    /** Stops them; completes when all have ended. */
    CompletableFuture<Void> stop() {
        return CompletableFuture.allOf(
                servers.stream().map(EmbeddedServer::stop).toArray(CompletableFuture[]::new));
    }
}
