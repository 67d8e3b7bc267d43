package io.tradewind.allinone.datadir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EndpointsTest {

    private static final Endpoints SAMPLE = new Endpoints(
            42,
            "http://127.0.0.1:8080",
            "http://127.0.0.1:9090",
            "redis://127.0.0.1:6379",
            "postgresql://tradewind@127.0.0.1:5432/tradewind",
            "/data/snapshots",
            Instant.parse("2026-11-21T08:00:00Z"),
            "0.1.0");

    @TempDir
    private Path temp;

    @Test
    void shouldReadWhatItWroteAndLeaveNothingElseBehind() throws IOException {
        SAMPLE.write(temp);
        assertEquals(Optional.of(SAMPLE), Endpoints.read(temp));
        try (Stream<Path> files = Files.list(temp)) {
            assertEquals(1, files.count());
        }
        Endpoints.remove(temp);
        assertFalse(Files.exists(temp.resolve(Endpoints.FILE)));
        Endpoints.remove(temp);
    }

    @Test
    void shouldTakeAMissingOrBrokenFileForNotRunning() throws IOException {
        assertTrue(Endpoints.read(temp).isEmpty());
        assertTrue(Endpoints.read(temp.resolve("nowhere")).isEmpty());
        Files.writeString(temp.resolve(Endpoints.FILE), "{\"pid\":");
        assertTrue(Endpoints.read(temp).isEmpty());
        Files.writeString(temp.resolve(Endpoints.FILE), "{\"pid\":1}");
        assertTrue(Endpoints.read(temp).isEmpty());
    }
}
