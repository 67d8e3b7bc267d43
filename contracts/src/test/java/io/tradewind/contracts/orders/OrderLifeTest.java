package io.tradewind.contracts.orders;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class OrderLifeTest {

    private static final Path DOCUMENT = Path.of("..", "docs", "ORDERS.md");
    private static final Set<OrderEvent> FACTS = EnumSet.of(
            OrderEvent.PARTLY_FILLED,
            OrderEvent.FILLED,
            OrderEvent.CANCELED,
            OrderEvent.REPLACED,
            OrderEvent.EXPIRED,
            OrderEvent.REJECTED);

    private static Order in(OrderStatus status) {
        OrderTerms terms = OrderTerms.of("AAPL", Side.BUY).qty(BigDecimal.TEN).build();
        return Order.create("1", "a", "c", terms, "k", status, OrderLinks.NONE, 1);
    }

    @Test
    void shouldRefuseEveryPairThatIsNotInTheTableAndCarryOutEveryOther() {
        for (OrderStatus status : OrderStatus.values()) {
            for (OrderEvent event : OrderEvent.values()) {
                Order order = in(status);
                if (OrderLife.knows(status, event)) {
                    assertEquals(
                            OrderLife.next(status, event),
                            order.after(event, 2, null).status());
                } else {
                    String message = assertThrows(IllegalStateException.class, () -> order.after(event, 2, null))
                            .getMessage();
                    assertEquals("an order that is " + status.text() + " cannot be " + event.text(), message);
                    assertThrows(
                            IllegalStateException.class,
                            () -> order.afterFill(event, BigDecimal.ONE, BigDecimal.ONE, 2));
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(OrderStatus.class)
    void shouldEndForGoodAndTakeEveryFactBefore(OrderStatus status) {
        for (OrderEvent event : OrderEvent.values()) {
            if (status.isTerminal()) {
                assertEquals(event == OrderEvent.LATE_FILL, OrderLife.knows(status, event), event.text());
            } else if (FACTS.contains(event)) {
                assertTrue(OrderLife.knows(status, event), event.text());
            }
        }
        if (status.isTerminal()) {
            assertEquals(status, OrderLife.next(status, OrderEvent.LATE_FILL));
        }
    }

    @ParameterizedTest
    @EnumSource(OrderStatus.class)
    void shouldLeadFromEveryOpenStatusToTheEnd(OrderStatus status) {
        assertEquals(!status.isTerminal(), OrderLife.knows(status, OrderEvent.FILLED));
        assertEquals(!status.isTerminal(), OrderLife.knows(status, OrderEvent.CANCELED));
    }

    @Test
    void shouldReachEveryStatusFromTheTwoThatOrdersBeginIn() {
        Set<OrderStatus> reached = EnumSet.of(OrderStatus.ACCEPTED, OrderStatus.HELD);
        Deque<OrderStatus> next = new ArrayDeque<>(reached);
        while (!next.isEmpty()) {
            OrderStatus status = next.remove();
            for (OrderEvent event : OrderEvent.values()) {
                if (OrderLife.knows(status, event) && reached.add(OrderLife.next(status, event))) {
                    next.add(OrderLife.next(status, event));
                }
            }
        }
        assertEquals(EnumSet.allOf(OrderStatus.class), reached);
    }

    @Test
    void shouldNeverQueueOrSendAnOrderThatIsBeingEnded() {
        for (OrderStatus status : OrderStatus.values()) {
            if (status.isEnding()) {
                assertFalse(OrderLife.knows(status, OrderEvent.RELEASED));
                assertFalse(OrderLife.knows(status, OrderEvent.DISPATCHED));
                assertFalse(OrderLife.knows(status, OrderEvent.REPLACE_REQUESTED));
            }
        }
    }

    @Test
    void shouldBeDrawnInTheDocumentsAsItIs() throws Exception {
        String document = Files.readString(DOCUMENT);
        assertTrue(document.contains(OrderLife.toMarkdown()), "docs/ORDERS.md needs:\n" + OrderLife.toMarkdown());
        assertTrue(document.contains(OrderLife.toMermaid()), "docs/ORDERS.md needs:\n" + OrderLife.toMermaid());
    }
}
