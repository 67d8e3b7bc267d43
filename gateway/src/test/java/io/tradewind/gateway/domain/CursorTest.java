package io.tradewind.gateway.domain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CursorTest {

    @Test
    void shouldReadBackWhatItWrote() {
        Cursor cursor = Cursor.of(Map.of(7, Position.behind(88), 3, new Position(1042, 2)));

        assertEquals("3:1042.2~7:88.0", cursor.text());
        assertEquals(cursor, Cursor.parse(cursor.text()));
        assertEquals(new Position(1042, 2), cursor.in(3));
        assertNull(cursor.in(4));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "1",
                "1:2",
                "1.2",
                ":1.2",
                "16:1.0",
                "-1:1.0",
                "1:-1.0",
                "1:1.-1",
                "1:1.0~",
                "1:1.0~1:2.0",
                "1:1.0,2:1.0",
                "1:9999999999999999999.0",
                "1:1.9999999999",
                "x:1.0",
                "1:1.0 "
            })
    void shouldRefuseWhatItDidNotWrite(String text) {
        assertThrows(IllegalArgumentException.class, () -> Cursor.parse(text));
    }

    @Test
    void shouldRefuseTextWithoutEnd() {
        assertThrows(IllegalArgumentException.class, () -> Cursor.parse("1:1.0~".repeat(10_000)));
    }

    @Test
    void shouldOrderPositionsByVersionThenIndex() {
        assertTrue(new Position(5, 1).isBefore(new Position(5, 2)));
        assertTrue(new Position(5, 9).isBefore(Position.behind(6)));
        assertEquals(Position.behind(6), Position.behind(6).max(new Position(5, 9)));
    }
}
