package io.tradewind.embeddedservers;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;

/**
 * A program that owns a Redis and a Postgres, to be killed or interrupted by tests. Prints {@code redis PID;} and {@code postgres PID;}
 * when they serve. On SIGINT it drains for a moment, as all-in-one does, and prints {@code drained true;} if both
 * servers answered until the end of that.
 */
public final class ServersMain {
    private static final Duration DRAIN = Duration.ofSeconds(1);
    /** A server that is gone refuses at once; one that is slow is not gone. */
    private static final Duration ANSWER = Duration.ofMinutes(1);

    private ServersMain() {}

    public static void main(String[] arguments) throws InterruptedException {
        Path directory = Path.of(arguments[0]);
        EmbeddedRedis redis = EmbeddedRedis.start(EmbeddedRedis.Options.in(directory.resolve("redis")));
        EmbeddedPostgres postgres = EmbeddedPostgres.start(
                EmbeddedPostgres.Options.in(directory.resolve("postgres")).withSyncOnCreate(false));
        Runtime.getRuntime().addShutdownHook(new Thread(() -> drain(redis, postgres)));
        System.out.println("redis " + redis.pid() + ";");
        System.out.println("postgres " + postgres.pid() + ";");
        new CountDownLatch(1).await();
    }

    private static void drain(EmbeddedRedis redis, EmbeddedPostgres postgres) {
        boolean served = true;
        Deadline end = Deadline.in(DRAIN);
        while (served && !end.passed()) {
            served = answers(redis, postgres);
        }
        redis.stop();
        postgres.stop();
        System.out.println("drained " + served + ";");
    }

    private static boolean answers(EmbeddedRedis redis, EmbeddedPostgres postgres) {
        try (RedisWire wire = RedisWire.connect(redis.port(), ANSWER);
                PostgresWire sql = PostgresWire.connect(postgres.port(), "tradewind", "tradewind", ANSWER)) {
            return wire.send("PING").equals("PONG") && sql.query("SELECT 1").equals("1");
        } catch (IOException e) {
            System.out.println("failure " + e + ";");
            return false;
        }
    }
}
