package io.tradewind.embeddedservers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(300)
class SharedServersIT {
    private static final Duration TIMEOUT = Duration.ofMinutes(1);

    @TempDir
    Path directory;

    @Test
    void shouldEmptyTheSharedRedis() throws Exception {
        try (RedisWire wire = RedisWire.connect(SharedServers.redis().port(), TIMEOUT)) {
            assertEquals("OK", wire.send("SET k v"));
            SharedServers.flushRedis();
            assertEquals("0", wire.send("DBSIZE"));
        }
        assertSame(SharedServers.redis(), SharedServers.redis());
    }

    @Test
    void shouldMakeDatabasesThatDoNotSeeEachOther() throws Exception {
        URI first = URI.create(SharedServers.freshDatabase());
        URI second = URI.create(SharedServers.freshDatabase());
        assertNotEquals(first, second);

        try (PostgresWire one = connect(first);
                PostgresWire two = connect(second)) {
            one.query("CREATE TABLE t (n int)");
            assertEquals("0", two.query("SELECT count(*) FROM pg_tables WHERE tablename = 't'"));
            assertEquals("on", two.query("SHOW fsync"));
        }
    }

    private static PostgresWire connect(URI uri) throws Exception {
        return PostgresWire.connect(
                uri.getPort(), uri.getUserInfo(), uri.getPath().substring(1), TIMEOUT);
    }

    @Test
    void shouldLeaveNothingBehindWhenTheJvmExits() throws Exception {
        Path output = Files.createFile(directory.resolve("output.txt"));
        Process jvm = Waiting.jvm(output, SharedMain.class);
        long redis = Long.parseLong(Waiting.said(output, "redis"));
        long postgres = Long.parseLong(Waiting.said(output, "postgres"));
        Path cluster = Path.of(Waiting.said(output, "cluster"));

        Waiting.until("the JVM's exit", () -> !jvm.isAlive());
        assertTrue(Waiting.isGone(redis) && Waiting.isGone(postgres), "servers should be gone");
        assertTrue(Files.notExists(cluster.getParent()), cluster.getParent() + " should be deleted");
    }
}
