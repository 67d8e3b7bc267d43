package io.tradewind.allinone.backup;

import io.tradewind.contracts.state.LogKeys;
import io.tradewind.embeddedservers.EmbeddedRedis;
import io.tradewind.embeddedservers.EmbeddedServerException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.RedisOptions;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Makes the Redis data of a restored backup: logs without an entry, behind heads that stand where the snapshots do. A
 * state-store that loads it takes the snapshots, and writes on from there. Blocking; one thread.
 */
final class Heads {

    private static final Duration LIMIT = Duration.ofSeconds(30);

    private Heads() {}

    /**
     * Writes the heads with a Redis of its own on an empty folder, which has ended when this returns.
     *
     * @param now gives the epoch of before, in seconds: higher than any that counts up from 1, so that nothing named by
     *     an epoch is named twice
     */
    static void write(Path folder, List<Manifest.Item> snapshots, Instant now) throws BackupException {
        EmbeddedRedis.Options options = EmbeddedRedis.Options.in(folder)
                .withAppendOnly(true)
                .withAppendFsync("always")
                .withSetting("maxmemory-policy", "noeviction");
        try (EmbeddedRedis redis = EmbeddedRedis.start(options)) {
            send(redis.uri(), requests(snapshots, now.getEpochSecond()));
        } catch (EmbeddedServerException e) {
            throw new BackupException(
                    "Redis could not be started to write the heads of the logs: " + e.getMessage(), e);
        }
    }

    private static List<Request> requests(List<Manifest.Item> snapshots, long epoch) {
        List<Request> requests = new ArrayList<>();
        requests.add(Request.cmd(Command.SET).arg(LogKeys.FORMAT).arg(LogKeys.FORMAT_VERSION));
        for (Manifest.Item snapshot : snapshots) {
            requests.add(Request.cmd(Command.HSET)
                    .arg(LogKeys.head(snapshot.partition()))
                    .arg("epoch")
                    .arg(epoch)
                    .arg("version")
                    .arg(snapshot.version()));
        }
        return requests;
    }

    private static void send(String uri, List<Request> requests) throws BackupException {
        Vertx vertx = Vertx.vertx();
        try {
            Redis redis = Redis.createClient(vertx, new RedisOptions().setConnectionString(uri));
            Future<List<Response>> done =
                    redis.connect().compose((RedisConnection connection) -> connection.batch(requests));
            done.toCompletionStage().toCompletableFuture().get(LIMIT.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new BackupException(
                    "Redis refused the heads of the logs: " + e.getCause().getMessage(), e);
        } catch (TimeoutException e) {
            throw new BackupException("Redis did not take the heads of the logs within " + LIMIT.toSeconds() + " s", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BackupException("interrupted", e);
        } finally {
            vertx.close();
        }
    }
}
