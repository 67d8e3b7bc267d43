package io.tradewind.allinone.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class TableTest {

    @Test
    void shouldAlignNumbersRightAndWordsLeftWithoutTrailingSpaces() {
        Table table = new Table().text("SYMBOL").number("QTY").text("STATUS");
        table.row(List.of("AAPL", "10", "filled")).row(List.of("BTC/USD", "0.125", ""));
        assertEquals("""
                SYMBOL     QTY  STATUS
                AAPL        10  filled
                BTC/USD  0.125
                """, table.render(false));
    }

    @Test
    void shouldColourWithoutShiftingColumns() {
        Table table = new Table().text("STATUS").text("ID");
        table.row(List.of("filled", "a")).row(List.of("partially_filled", "b"));
        String coloured = table.render(true);
        assertTrue(coloured.contains("\u001b[32mfilled\u001b[0m"), coloured);
        assertEquals(table.render(false), coloured.replaceAll("\u001b\\[[0-9]*m", ""));
    }

    @Test
    void shouldRefuseARowOfAnotherWidth() {
        Table table = new Table().text("A");
        assertThrows(IllegalArgumentException.class, () -> table.row(List.of("1", "2")));
    }
}
