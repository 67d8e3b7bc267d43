package io.tradewind.allinone.up;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tradewind.allinone.cli.Console;
import io.tradewind.allinone.cli.ExitCode;
import io.tradewind.allinone.cli.Tradewind;
import io.tradewind.allinone.datadir.DataDirectory;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What {@code up} refuses before it starts anything, and {@code config}. */
@Timeout(60)
class UpCommandTest {

    @TempDir
    private Path temp;

    private final Map<String, String> environment = new HashMap<>();
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @Test
    void shouldRefusePortsOutOfBoundsWithoutATrace() {
        for (String port : new String[] {"0", "80", "1023", "65536", "-1", "http"}) {
            assertEquals(ExitCode.USAGE, run("up", "--port", port), port);
            assertTrue(stderr().contains("port"), stderr());
        }
        assertFalse(Files.exists(temp.resolve("data")));
    }

    @Test
    void shouldRefuseAWrongConfigurationWithoutATrace() {
        assertEquals(ExitCode.USAGE, run("up", "--set", "gateway.prt=8080", "--set", "embedded.redis-port=80"));
        assertTrue(stderr().contains("gateway.prt: unknown key; did you mean gateway.port?"), stderr());
        assertTrue(stderr().contains("embedded.redis-port = 80: must be within 1024..65535"), stderr());
        assertFalse(Files.exists(temp.resolve("data")));
    }

    @Test
    void shouldRefuseADataDirectoryThatIsNone() throws IOException {
        Files.writeString(temp.resolve("file"), "x");
        assertEquals(ExitCode.FAILED, run("up", "--data", "file"));
        assertTrue(stderr().startsWith("tradewind: cannot use the data directory"), stderr());
        assertEquals(1, stderr().lines().count(), stderr());
    }

    @Test
    void shouldRefuseADataDirectoryInUse() throws Exception {
        DataDirectory held = DataDirectory.open(temp.resolve("data"), "1.0.0");
        try (held) {
            assertEquals(ExitCode.FAILED, run("up"));
            assertTrue(stderr().contains("already running on"), stderr());
        }
    }

    @Test
    void shouldShowTheConfigurationInEffect() throws IOException {
        environment.put("TRADEWIND_GATEWAY_PORT", "9001");
        Files.writeString(temp.resolve("tradewind.yaml"), "embedded:\n  restart: false\n");
        assertEquals(ExitCode.OK, run("config", "--set", "redis.uri=redis://me:secret@h:1"));
        assertTrue(stdout().contains("gateway.port = 9001\n"), stdout());
        assertTrue(stdout().contains("embedded.restart = false\n"), stdout());
        assertFalse(stdout().contains("secret"), stdout());
        assertEquals(ExitCode.OK, run("config", "--defaults"));
        assertTrue(stdout().contains("\nembedded:\n"), stdout());
        assertEquals(ExitCode.USAGE, run("config", "--config", "nowhere.yaml"));
    }

    @Test
    void shouldNotMistakeItsOwnVariablesForKeys() {
        environment.put("TRADEWIND_JVM_OPTS", "-Xmx1g");
        environment.put("TRADEWIND_URL", "http://127.0.0.1:1");
        assertEquals(ExitCode.OK, run("config"));
        assertEquals("", stderr());
    }

    @Test
    void shouldKnowWhatTheUserSetBeItToTheDefault() throws IOException {
        Console console = console();
        ConfigOptions options = new ConfigOptions();
        assertFalse(options.isSet(console, "redis.uri"));
        environment.put("TRADEWIND_REDIS_URI", "redis://127.0.0.1:6379");
        assertTrue(options.isSet(console, "redis.uri"));
        environment.clear();
        Files.writeString(temp.resolve("tradewind.yaml"), "redis:\n  # uri: x\n");
        assertFalse(options.isSet(console, "redis.uri"));
        Files.writeString(temp.resolve("tradewind.yaml"), "redis:\n  uri: redis://127.0.0.1:6379\n");
        assertTrue(options.isSet(console, "redis.uri"));
        assertFalse(options.isSet(console, "redis.command-timeout"));
    }

    private int run(String... args) {
        out.reset();
        err.reset();
        return Tradewind.run(console(), args);
    }

    private Console console() {
        return new Console(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                environment,
                temp,
                false);
    }

    private String stdout() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private String stderr() {
        return err.toString(StandardCharsets.UTF_8);
    }
}
