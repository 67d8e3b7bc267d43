package io.tradewind.dbsync.domain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ColumnTypeTest {

    @Test
    void shouldReadTimesDigitByDigitAsTheGeneralFormatterDoes() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 5_000; i++) {
            Instant time = Instant.ofEpochMilli((long) (random.nextDouble() * 4_102_444_800_000L));
            assertEquals(
                    time.atOffset(ZoneOffset.UTC),
                    ColumnType.TIME.parse(time.toString()),
                    () -> "seed " + seed + " " + time);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"2026-13-01T00:00:00.000Z", "2026-01-01T25:00:00.000Z", "2026-02-30T00:00:00.000Z", "soon"})
    void shouldRefuseWhatIsNoTime(String text) {
        assertThrows(IllegalArgumentException.class, () -> ColumnType.TIME.parse(text));
    }

    @ParameterizedTest
    @CsvSource({
        "0,0",
        "7,7",
        "-7,-7",
        "0.50,0.50",
        "-7.5,-7.5",
        "100,100", // as they are
        "1E+2,100",
        "1.5e-3,0.0015",
        "+3,3",
        "007,7",
        ".5,0.5",
        "5.,5",
        "-0,0",
        "-0.5,-0.5",
        "-.5,-0.5",
        "-007,-7"
    })
    void shouldHoldDecimalsInPlainNotation(String text, String held) {
        assertEquals(held, ColumnType.DECIMAL.parse(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-", ".", "1.2.3", "--1", "1-", "0x1", "NaN", "1e70", "1,5", " 1"})
    void shouldRefuseWhatIsNoDecimal(String text) {
        assertThrows(IllegalArgumentException.class, () -> ColumnType.DECIMAL.parse(text));
        assertThrows(IllegalArgumentException.class, () -> ColumnType.DECIMAL.parse("9".repeat(61)));
    }
}
