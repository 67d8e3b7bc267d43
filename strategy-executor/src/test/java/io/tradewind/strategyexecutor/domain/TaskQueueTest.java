package io.tradewind.strategyexecutor.domain;

import static io.tradewind.strategyexecutor.domain.TaskPriority.HIGH;
import static io.tradewind.strategyexecutor.domain.TaskPriority.LOW;
import static io.tradewind.strategyexecutor.domain.TaskPriority.NORMAL;
import static io.tradewind.strategyexecutor.domain.TaskPriority.URGENT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tradewind.strategyexecutor.domain.TaskQueue.Offer;
import java.util.List;
import org.junit.jupiter.api.Test;

class TaskQueueTest {

    private final TaskQueue<String> queue = new TaskQueue<>(3);

    @Test
    void shouldGiveTheMostUrgentFirstAndKeepOrderAmongEquals() {
        queue.offer(LOW, null, "low");
        queue.offer(NORMAL, null, "first");
        queue.offer(NORMAL, null, "second");
        queue.offer(URGENT, null, "urgent");
        assertEquals(List.of("urgent", "first", "second"), queue.clear());
        assertNull(queue.poll());
        assertTrue(queue.isEmpty());
    }

    @Test
    void shouldConflateByKeyAndKeepThePlace() {
        assertEquals(Offer.ADDED, queue.offer(LOW, "AAPL", "a1"));
        assertEquals(Offer.ADDED, queue.offer(LOW, "MSFT", "m1"));
        assertEquals(Offer.CONFLATED, queue.offer(LOW, "AAPL", "a2"));
        assertEquals(2, queue.size());
        assertEquals("a2", queue.poll());
        assertEquals(Offer.ADDED, queue.offer(LOW, "AAPL", "a3"));
        assertEquals(List.of("m1", "a3"), queue.clear());
    }

    @Test
    void shouldDropTheNewestOfTheLeastUrgentWhenFull() {
        queue.offer(LOW, "AAPL", "a");
        queue.offer(LOW, "MSFT", "m");
        queue.offer(NORMAL, null, "bar");
        assertEquals(Offer.REFUSED, queue.offer(LOW, "SPY", "s"));
        assertEquals(Offer.DISPLACED, queue.offer(HIGH, null, "order"));
        assertEquals(3, queue.size());
        assertEquals(Offer.REFUSED, queue.offer(LOW, "MSFT", "m2"));
        assertEquals(List.of("order", "bar", "a"), queue.clear());
    }

    @Test
    void shouldNeverRefuseWhatIsUrgent() {
        for (int i = 0; i < 5; i++) {
            assertEquals(Offer.ADDED, queue.offer(URGENT, null, "u" + i));
        }
        assertEquals(Offer.REFUSED, queue.offer(HIGH, null, "h"));
        assertEquals(List.of("u0", "u1", "u2", "u3", "u4"), queue.clear());
    }

    @Test
    void shouldNeedRoom() {
        assertThrows(IllegalArgumentException.class, () -> new TaskQueue<String>(0));
    }
}
