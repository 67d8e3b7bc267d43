package io.tradewind.strategyexecutor.domain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.tradewind.contracts.market.Bar;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BarCsvTest {

    private static final String HEADER = "date,open,high,low,close,adjclose,volume";

    @Test
    void shouldReadBarsAndLearnTheirLength() {
        List<Bar> bars = BarCsv.parse(
                "SPX",
                List.of(
                        HEADER,
                        "2000-01-07,10,12,9,11.500000,1,900",
                        "",
                        "2000-01-10,11.5,11.5,10,10.25,1,800",
                        "2000-01-11,10,10,10,10,1,700"));
        assertEquals(3, bars.size());
        Bar first = bars.get(0);
        assertEquals("SPX", first.symbol());
        assertEquals(Instant.parse("2000-01-07T00:00:00Z").toEpochMilli(), first.openTimeMs());
        assertEquals(86_400_000, first.durationMs());
        assertEquals(new BigDecimal("11.5"), first.close());
        assertEquals(new BigDecimal("900"), first.volume());
    }

    @Test
    void shouldReadColumnsInAnyOrderAndTimesWithinADay() {
        List<Bar> bars = BarCsv.parse(
                "X",
                List.of("Close, low,HIGH,open,date", "2,1,3,2,2020-01-31T14:30:00Z", "2,1,3,2,2020-01-31T14:31:00Z"));
        assertEquals(60_000, bars.get(0).durationMs());
        assertEquals(new BigDecimal("3"), bars.get(0).high());
        assertEquals(BigDecimal.ZERO, bars.get(0).volume());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "2000-01-05,x,12,9,11,1,1 | line 3, column open:",
                "2000-01-05,10,12,9 | line 3, column close:",
                "2000-13-05,10,12,9,11,1,1 | line 3, column date:",
                "2000-01-04,10,12,9,11,1,1 | line 3, column date:",
                "2000-01-05,10,9,9,11,1,1 | line 3, column high:",
                "2000-01-05,10,12,10.5,11,1,1 | line 3, column low:",
                "2000-01-05,0,12,0,11,1,1 | line 3, column open:",
                "2000-01-05,10,12,-9,11,1,1 | line 3, column low:",
                "2000-01-05,10,12,9,11,1,1e9 | line 3, column volume:"
            })
    void shouldNameLineAndColumnOfAFault(String line, String expected) {
        List<String> lines = List.of(HEADER, "2000-01-04,10,12,9,11,1,1", line);
        String message = assertThrows(BarCsv.FormatException.class, () -> BarCsv.parse("X", lines))
                .getMessage();
        assertEquals(
                expected.trim(),
                message.substring(0, Math.min(message.length(), expected.trim().length())));
    }

    @Test
    void shouldNameAMissingColumnAndMissingBars() {
        assertEquals(
                "line 1: column low is missing; found [date, open, high, close]",
                assertThrows(
                                BarCsv.FormatException.class,
                                () -> BarCsv.parse("X", List.of("date,open,high,close", "2000-01-04,1,1,1")))
                        .getMessage());
        assertThrows(BarCsv.FormatException.class, () -> BarCsv.parse("X", List.of()));
        assertThrows(BarCsv.FormatException.class, () -> BarCsv.parse("X", List.of(HEADER)));
    }
}
