package io.tradewind.embeddedservers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(300)
class EmbeddedRedisIT {
    private static final Duration TIMEOUT = Duration.ofMinutes(1);

    @TempDir
    Path directory;

    private static String send(EmbeddedRedis redis, String command) throws IOException {
        try (RedisWire wire = RedisWire.connect(redis.port(), TIMEOUT)) {
            return wire.send(command);
        }
    }

    /** Of a CONFIG GET only the first line can be read; INFO and the file tell the rest. */
    private static String info(EmbeddedRedis redis, String section, String field) throws IOException {
        try (RedisWire wire = RedisWire.connect(redis.port(), TIMEOUT)) {
            return wire.info(section, field);
        }
    }

    @Test
    void shouldKeepWhatItAcknowledgedWhenKilled() throws Exception {
        try (EmbeddedRedis redis = EmbeddedRedis.start(EmbeddedRedis.Options.in(directory))) {
            int port = redis.port();
            long pid = redis.pid();
            for (int i = 0; i < 100; i++) {
                assertEquals("OK", send(redis, "SET key" + i + " value" + i));
            }

            redis.kill();
            assertFalse(redis.isAlive());
            assertTrue(Waiting.isGone(pid));
            redis.restart();

            assertTrue(redis.isAlive());
            assertEquals(port, redis.port());
            assertEquals("redis://127.0.0.1:" + port, redis.uri());
            assertNotEquals(pid, redis.pid());
            assertEquals("100", send(redis, "DBSIZE"));
            assertEquals("value99", send(redis, "GET key99"));
        }
    }

    @Test
    void shouldRunWithTheDurabilityThatItWasAskedFor() throws Exception {
        EmbeddedRedis.Options options = EmbeddedRedis.Options.in(directory).withSetting("maxmemory", "100mb");
        try (EmbeddedRedis redis = EmbeddedRedis.start(options)) {
            List<String> config = Files.readAllLines(redis.dataDir().resolve("redis.conf"), StandardCharsets.UTF_8);

            assertTrue(config.containsAll(List.of("appendonly yes", "appendfsync always", "bind 127.0.0.1")));
            assertEquals("1", info(redis, "persistence", "aof_enabled"));
            assertEquals(Integer.toString(100 << 20), info(redis, "memory", "maxmemory"));
            assertEquals("noeviction", info(redis, "memory", "maxmemory_policy"));
            assertEquals(redis.version(), info(redis, "server", "redis_version"));
            assertEquals(Long.toString(redis.pid()), info(redis, "server", "process_id"));
        }
    }

    @Test
    void shouldBeReadyOnlyWhenALargeFileIsLoaded() throws Exception {
        // Redis answers, with -LOADING, after every 2 MB that it has loaded.
        int keys = 300;
        String value = "x".repeat(20_000);
        EmbeddedRedis.Options options = EmbeddedRedis.Options.in(directory).withSetting("rdbcompression", "no");
        try (EmbeddedRedis redis = EmbeddedRedis.start(options);
                RedisWire wire = RedisWire.connect(redis.port(), TIMEOUT)) {
            for (int i = 0; i < keys; i++) {
                assertEquals("OK", wire.send("SET key" + i + " " + value));
            }
            // The rewritten file begins with a compact part, the only one whose loading Redis can be told to slow down.
            wire.send("BGREWRITEAOF");
            Waiting.until(
                    "the rewrite",
                    () -> wire.info("persistence", "aof_rewrite_in_progress").equals("0")
                            && wire.info("persistence", "aof_rewrite_scheduled").equals("0"));
        }
        EmbeddedRedis.Options slow = options.withSetting("key-load-delay", "5000");
        long startedNs = System.nanoTime();
        try (EmbeddedRedis redis = EmbeddedRedis.start(slow)) {
            assertTrue(
                    System.nanoTime() - startedNs > Duration.ofSeconds(1).toNanos(),
                    "loading should have taken a while");
            assertEquals(Integer.toString(keys), send(redis, "DBSIZE"));
        }
    }

    @Test
    void shouldFindTheDataInADirectoryWithSpacesAndQuotes() throws Exception {
        EmbeddedRedis.Options options = EmbeddedRedis.Options.in(directory.resolve("my \"own\" da'ta $HOME"));
        try (EmbeddedRedis redis = EmbeddedRedis.start(options)) {
            assertEquals("OK", send(redis, "SET k v"));
        }
        try (EmbeddedRedis redis = EmbeddedRedis.start(options)) {
            assertEquals("v", send(redis, "GET k"));
        }
    }

    @Test
    void shouldStopAStaleServerOfItsDirectoryFirst() throws Exception {
        EmbeddedRedis stale = EmbeddedRedis.start(EmbeddedRedis.Options.in(directory));
        assertEquals("OK", send(stale, "SET k v"));

        EmbeddedRedis.Options options = EmbeddedRedis.Options.in(directory).withPort(stale.port());
        try (EmbeddedRedis redis = EmbeddedRedis.start(options)) {
            assertFalse(stale.isAlive());
            assertNotEquals(stale.pid(), redis.pid());
            assertEquals("v", send(redis, "GET k"));
        } finally {
            stale.stop();
        }
    }

    @Test
    void shouldLeaveAServerOfAnotherDirectoryAloneWhoseNumberIsInThePidFile() throws Exception {
        Path mine = Files.createDirectory(directory.resolve("mine"));
        try (EmbeddedRedis other = EmbeddedRedis.start(EmbeddedRedis.Options.in(directory.resolve("other")))) {
            Files.writeString(mine.resolve("redis.pid"), other.pid() + "\n", StandardCharsets.US_ASCII);
            try (EmbeddedRedis redis = EmbeddedRedis.start(EmbeddedRedis.Options.in(mine))) {
                assertTrue(redis.isAlive());
                assertTrue(other.isAlive());
            }
        }
    }

    @Test
    void shouldQuoteTheLogOfAServerThatDoesNotStart() {
        EmbeddedRedis.Options options = EmbeddedRedis.Options.in(directory).withSetting("no-such-setting", "1");
        EmbeddedServerException failure = assertThrows(EmbeddedServerException.class, () -> EmbeddedRedis.start(options)
                .close());

        assertTrue(failure.getMessage().contains("no-such-setting"), failure.getMessage());
        assertTrue(failure.getMessage().contains("redis.log"), failure.getMessage());
    }

    @Test
    void shouldNameATakenPort() throws Exception {
        try (ServerSocket taken = new ServerSocket()) {
            taken.bind(new InetSocketAddress(FreePort.loopback(), 0));
            EmbeddedRedis.Options options = EmbeddedRedis.Options.in(directory).withPort(taken.getLocalPort());
            EmbeddedServerException failure =
                    assertThrows(EmbeddedServerException.class, () -> EmbeddedRedis.start(options)
                            .close());

            assertTrue(failure.getMessage().contains("Port " + taken.getLocalPort()), failure.getMessage());
        }
    }

    @Test
    void shouldSayInOneSentenceThatTheDirectoryCannotBeWritten() throws Exception {
        Path file = Files.writeString(directory.resolve("file"), "not a directory");
        EmbeddedServerException failure = assertThrows(
                EmbeddedServerException.class, () -> EmbeddedRedis.start(EmbeddedRedis.Options.in(file.resolve("data")))
                        .close());

        assertTrue(
                failure.getMessage().contains(file.resolve("data") + " for Redis cannot be written"),
                failure.getMessage());
        assertEquals(1, failure.getMessage().lines().count(), failure.getMessage());
    }
}
