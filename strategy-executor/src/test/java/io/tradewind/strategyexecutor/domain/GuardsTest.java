package io.tradewind.strategyexecutor.domain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The small rules that guard strategies: breaker, slots, positions. */
class GuardsTest {

    @Test
    void shouldOpenAfterFailuresInARowOnly() {
        CircuitBreaker breaker = new CircuitBreaker(3);
        breaker.failed();
        breaker.failed();
        breaker.succeeded();
        breaker.failed();
        breaker.failed();
        assertFalse(breaker.isOpen());
        breaker.failed();
        assertTrue(breaker.isOpen());
        breaker.succeeded();
        assertTrue(breaker.isOpen());
        assertThrows(IllegalArgumentException.class, () -> new CircuitBreaker(0));
    }

    @Test
    void shouldLetNoMoreRunThanSlotsAndServeInOrder() {
        RunningSlots slots = new RunningSlots(2);
        List<String> ran = new ArrayList<>();
        for (String name : List.of("a", "b", "c", "d")) {
            slots.acquire(() -> ran.add(name));
        }
        assertEquals(List.of("a", "b"), ran);
        assertEquals(2, slots.waiting());
        slots.release();
        assertEquals(List.of("a", "b", "c"), ran);
        slots.release();
        slots.release();
        slots.release();
        assertEquals(List.of("a", "b", "c", "d"), ran);
        assertEquals(0, slots.taken());
    }

    @Test
    void shouldKeepTheNewestPositionWhateverTheOrder() {
        PositionBook book = new PositionBook();
        book.changed("AAPL", 10, new BigDecimal("5"));
        book.changed("AAPL", 8, new BigDecimal("3"));
        book.changed("MSFT", 4, BigDecimal.ONE);
        book.changed("SPY", 12, BigDecimal.TEN);
        book.onlyThese(Set.of("AAPL"), 9);
        assertEquals(new BigDecimal("5"), book.qty("AAPL"));
        assertEquals(BigDecimal.ZERO, book.qty("MSFT"));
        assertEquals(BigDecimal.TEN, book.qty("SPY"));
        assertEquals(BigDecimal.ZERO, book.qty("NVDA"));
    }
}
