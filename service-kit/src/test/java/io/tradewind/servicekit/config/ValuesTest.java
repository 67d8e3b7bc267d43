package io.tradewind.servicekit.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ValuesTest {
    @ParameterizedTest
    @CsvSource({
        "250ms, PT0.25S, 250ms",
        "5s, PT5S, 5s",
        "1m, PT1M, 1m",
        "90s, PT1M30S, 90s",
        "2h, PT2H, 2h",
        "7d, PT168H, 7d",
        "1500us, PT0.0015S, 1500us",
        "3ns, PT0.000000003S, 3ns",
        "PT1M30S, PT1M30S, 90s",
        "0s, PT0S, 0s",
        "1000ms, PT1S, 1s",
        "PT1.0000001S, PT1.0000001S, PT1.0000001S"
    })
    void shouldReadAndWriteDurations(String text, Duration expected, String shortest) {
        assertEquals(expected, Durations.parse(text));
        assertEquals(shortest, Durations.format(expected));
        assertEquals(expected, Durations.parse(shortest));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "5", "5 parsecs", "-5s", "1.5s", "P", "999999999999999d", "ms"})
    void shouldRefuseWhatIsNoDuration(String text) {
        assertThrows(IllegalArgumentException.class, () -> Durations.parse(text));
    }

    @ParameterizedTest
    @CsvSource({
        "0B, 0, 0B",
        "512B, 512, 512B",
        "64KiB, 65536, 64KiB",
        "1024KiB, 1048576, 1MiB",
        "2GiB, 2147483648, 2GiB"
    })
    void shouldReadAndWriteDataSizes(String text, long bytes, String shortest) {
        assertEquals(bytes, DataSize.parse(text).bytes());
        assertEquals(shortest, new DataSize(bytes).toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "64", "64KB", "64 kib", "-1B", "1.5MiB", "99999999TiB"})
    void shouldRefuseWhatIsNoDataSize(String text) {
        assertThrows(IllegalArgumentException.class, () -> DataSize.parse(text));
    }

    @Test
    void shouldKeepAnIntOfALargeSize() {
        assertEquals(Integer.MAX_VALUE, DataSize.ofGiB(3).intBytes());
        assertEquals(1024, DataSize.ofKiB(1).intBytes());
    }

    @Test
    void shouldCheckNumbersAndWords() {
        assertEquals(0.5, Check.inRange("share", 0.5, 0.0, 1.0));
        assertThrows(ConfigException.class, () -> Check.inRange("share", Double.NaN, 0.0, 1.0));
        assertThrows(ConfigException.class, () -> Check.notBlank("name", " "));
        assertEquals("a", Check.oneOf("letter", "a", "a", "b"));
        assertEquals(
                "letter = c: must be one of [a, b]",
                assertThrows(ConfigException.class, () -> Check.oneOf("letter", "c", "a", "b"))
                        .getMessage());
    }
}
