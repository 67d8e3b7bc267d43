package io.tradewind.strategyexecutor.feed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tradewind.contracts.market.Bar;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecordingsTest {

    @Test
    void shouldLoadTheBuiltInSample() throws IOException {
        List<Bar> bars = Recordings.load("", "SPX");
        assertEquals(5_105, bars.size());
        assertEquals(86_400_000, bars.get(0).durationMs());
    }

    @Test
    void shouldNameTheFileThatIsWrong(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("bad.csv");
        Files.writeString(file, "date,open,high,low,close\n2020-01-31,1,1,1,x\n");
        String message = assertThrows(IllegalArgumentException.class, () -> Recordings.load(file.toString(), "X"))
                .getMessage();
        assertTrue(message.contains("bad.csv: line 2, column close"), message);

        Files.write(file, new byte[] {(byte) 0xC3, 0x28});
        assertThrows(IllegalArgumentException.class, () -> Recordings.load(file.toString(), "X"));
        assertThrows(
                IOException.class,
                () -> Recordings.load(directory.resolve("none.csv").toString(), "X"));
    }
}
