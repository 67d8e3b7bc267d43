package io.tradewind.embeddedservers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One Redis and one Postgres for all tests of a JVM, each started when first asked for, on a temporary directory.
 *
 * <p>As durable as in production ({@code appendfsync always}, {@code fsync on}), because tests of durability mean nothing otherwise. Every method
 * blocks; any thread. A shutdown hook ends them and deletes their directories; nobody may stop them before. Tests that kill a
 * server start one of their own.
 */
public final class SharedServers {
    /** Emptying waits for an fsync, and a build machine that is unpacking archives may take long for one. */
    private static final Duration COMMAND_TIMEOUT = Duration.ofMinutes(1);
    /** Several pools of several tests at once. */
    private static final String MAX_CONNECTIONS = "100";

    private static final AtomicInteger DATABASES = new AtomicInteger();

    private SharedServers() {}

    /** The JVM initialises a class once, when it is first used: that is the laziness and the lock. */
    private static final class RedisHolder {
        private static final EmbeddedRedis REDIS = startRedis();
    }

    private static final class PostgresHolder {
        private static final EmbeddedPostgres POSTGRES = startPostgres();
    }

    public static EmbeddedRedis redis() {
        return RedisHolder.REDIS;
    }

    public static EmbeddedPostgres postgres() {
        return PostgresHolder.POSTGRES;
    }

    /** A new empty database on the shared Postgres; its address. */
    public static String freshDatabase() {
        return postgres().createDatabase("test_" + DATABASES.incrementAndGet());
    }

    /** Empties the shared Redis, scripts included. */
    public static void flushRedis() {
        try (RedisWire wire = RedisWire.connect(redis().port(), COMMAND_TIMEOUT)) {
            for (String command : new String[] {"FLUSHALL", "SCRIPT FLUSH"}) {
                String answer = wire.send(command);
                if (!answer.equals("OK")) {
                    throw new EmbeddedServerException("Redis answers " + command + " with " + answer);
                }
            }
        } catch (IOException e) {
            throw new EmbeddedServerException("The shared Redis cannot be emptied: " + e.getMessage(), e);
        }
    }

    private static EmbeddedRedis startRedis() {
        Path directory = temporaryDirectory("redis");
        EmbeddedRedis redis = EmbeddedRedis.start(EmbeddedRedis.Options.in(directory));
        atExit("redis", redis::kill, directory);
        return redis;
    }

    private static EmbeddedPostgres startPostgres() {
        Path directory = temporaryDirectory("postgres");
        EmbeddedPostgres postgres = EmbeddedPostgres.start(EmbeddedPostgres.Options.in(directory)
                .withSyncOnCreate(false)
                .withSetting("max_connections", MAX_CONNECTIONS));
        atExit("postgres", postgres::stop, directory);
        return postgres;
    }

    private static Path temporaryDirectory(String server) {
        try {
            Path directory = Files.createTempDirectory("tradewind-test-" + server);
            // Where Postgres has to run as another user, that one must get in.
            return Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx--x--x"));
        } catch (IOException e) {
            throw new EmbeddedServerException(
                    "No temporary directory for the shared " + server + ": " + e.getMessage(), e);
        }
    }

    private static void atExit(String server, Runnable end, Path directory) {
        Thread hook = new Thread(
                () -> {
                    end.run();
                    try {
                        Folders.delete(directory);
                    } catch (IOException e) {
                        throw new EmbeddedServerException("Temporary directory " + directory + " cannot be deleted", e);
                    }
                },
                "shared-" + server + "-end");
        Runtime.getRuntime().addShutdownHook(hook);
    }
}
