package io.tradewind.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tradewind.benchmarks.instance.Instance;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BenchConfigTest {

    private static final Instance NOTHING = new Instance(null, null, null, null, null, null, null);

    @TempDir
    private Path data;

    @Test
    void shouldCallWrongOptionsUsageErrors() {
        assertEquals(BenchException.USAGE, BenchMain.execute("--rate", "0"));
        assertEquals(BenchException.USAGE, BenchMain.execute("--rate", "many"));
        assertEquals(BenchException.USAGE, BenchMain.execute("--mix", "1.5"));
        assertEquals(BenchException.USAGE, BenchMain.execute("--qty", "-1"));
        assertEquals(BenchException.USAGE, BenchMain.execute("--symbols", "A B"));
        assertEquals(BenchException.USAGE, BenchMain.execute("--max-behind", "0"));
        assertEquals(BenchException.USAGE, BenchMain.execute("--output", "/does/not/exist/report.json"));
        assertEquals(BenchException.USAGE, BenchMain.execute("--postgres-away", "26", "--seconds", "30"));
        assertEquals(BenchException.USAGE, BenchMain.execute("--no-such-option"));
        // 300 of 500 orders are no whole number of batches.
        assertEquals(BenchException.USAGE, BenchMain.execute("--rate", "10", "--seconds", "30", "--batch", "500"));
        assertEquals(0, BenchMain.execute("--help"));
    }

    @Test
    void shouldSayThatNothingRunsThere() {
        assertEquals(BenchException.NOT_REACHABLE, BenchMain.execute("--data", data.toString()));
        BenchException failure = assertThrows(BenchException.class, () -> Instance.of(data, NOTHING));
        assertTrue(failure.getMessage().contains("tradewind up"), failure.getMessage());
    }

    @Test
    void shouldReadWhatUpWroteAndPreferWhatIsGiven() throws IOException {
        Files.writeString(
                data.resolve("endpoints.json"),
                "{\"pid\":1,\"gateway\":\"http://127.0.0.1:8080\",\"admin\":\"http://127.0.0.1:9\","
                        + "\"redis\":\"redis://127.0.0.1:1\",\"postgres\":\"postgresql://u@127.0.0.1:2/t\"}");
        Files.writeString(data.resolve("credentials.json"), "{\"key_id\":\"K\",\"secret_key\":\"S\"}");
        assertEquals(
                new Instance(
                        "http://127.0.0.1:8080",
                        "K",
                        "S",
                        "redis://127.0.0.1:1",
                        "postgresql://u@127.0.0.1:2/t",
                        "http://127.0.0.1:9",
                        1L),
                Instance.of(data, NOTHING));
        Instance given =
                Instance.of(data, new Instance("http://other:1", null, null, "redis://other", null, null, null));
        assertEquals("http://other:1", given.gateway());
        assertEquals("K", given.keyId());
        assertEquals("redis://other", given.redis());
    }

    @Test
    void shouldNotMixAGivenAddressWithTheDatabasesOfAnotherInstance() throws IOException {
        Files.writeString(data.resolve("endpoints.json"), "{\"gateway\":\"http://a\",\"redis\":\"redis://a\"}");
        Instance given = Instance.of(data, new Instance("http://b", "K", "S", null, null, null, null));
        assertEquals(null, given.redis());
        assertEquals(null, given.pid());
    }
}
