package io.tradewind.contracts.orders;

import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The life of an order as one table: in which status it is after an event. Every change of a status goes through
 * {@link #next}; an event that a status does not know is a bug of whoever raised it, and is not carried out. Drawn in
 * docs/ORDERS.md. Safe for any thread.
 *
 * <p>What a broker says about an order is a fact, and known in every open status, also where it is not expected: an
 * execution must be booked even of an order that we believe never to have sent.
 */
public final class OrderLife {

    private static final Map<OrderStatus, Map<OrderEvent, OrderStatus>> TABLE = new EnumMap<>(OrderStatus.class);

    static {
        from(OrderStatus.HELD).on(OrderEvent.RELEASED, OrderStatus.ACCEPTED).facts(OrderStatus.PARTIALLY_FILLED);
        from(OrderStatus.ACCEPTED)
                .on(OrderEvent.DISPATCHED, OrderStatus.PENDING_NEW)
                .facts(OrderStatus.PARTIALLY_FILLED);
        for (OrderStatus there : List.of(
                OrderStatus.PENDING_NEW,
                OrderStatus.NEW,
                OrderStatus.PARTIALLY_FILLED,
                OrderStatus.DONE_FOR_DAY,
                OrderStatus.SUSPENDED)) {
            from(there)
                    .on(OrderEvent.CANCEL_REQUESTED, OrderStatus.PENDING_CANCEL)
                    .on(OrderEvent.REPLACE_REQUESTED, OrderStatus.PENDING_REPLACE)
                    .on(OrderEvent.DONE_FOR_DAY, OrderStatus.DONE_FOR_DAY)
                    .on(OrderEvent.SUSPENDED, OrderStatus.SUSPENDED)
                    .facts(OrderStatus.PARTIALLY_FILLED);
        }
        from(OrderStatus.PENDING_NEW).on(OrderEvent.WORKING, OrderStatus.NEW);
        from(OrderStatus.DONE_FOR_DAY)
                .on(OrderEvent.KEPT, OrderStatus.NEW)
                .on(OrderEvent.KEPT_PARTLY_FILLED, OrderStatus.PARTIALLY_FILLED);
        from(OrderStatus.SUSPENDED)
                .on(OrderEvent.KEPT, OrderStatus.NEW)
                .on(OrderEvent.KEPT_PARTLY_FILLED, OrderStatus.PARTIALLY_FILLED);
        from(OrderStatus.PENDING_CANCEL)
                .on(OrderEvent.KEPT, OrderStatus.NEW)
                .on(OrderEvent.KEPT_PARTLY_FILLED, OrderStatus.PARTIALLY_FILLED)
                .facts(OrderStatus.PENDING_CANCEL);
        from(OrderStatus.PENDING_REPLACE)
                .on(OrderEvent.CANCEL_REQUESTED, OrderStatus.PENDING_CANCEL)
                .on(OrderEvent.KEPT, OrderStatus.NEW)
                .on(OrderEvent.KEPT_PARTLY_FILLED, OrderStatus.PARTIALLY_FILLED)
                .facts(OrderStatus.PENDING_REPLACE);
        for (OrderStatus status : OrderStatus.values()) {
            if (status.isTerminal()) {
                from(status).on(OrderEvent.LATE_FILL, status);
            }
        }
    }

    private OrderLife() {}

    /** @throws IllegalStateException when {@code status} does not know {@code event}: nothing may be changed then */
    public static OrderStatus next(OrderStatus status, OrderEvent event) {
        OrderStatus next = TABLE.get(status).get(event);
        if (next == null) {
            throw new IllegalStateException("an order that is " + status.text() + " cannot be " + event.text());
        }
        return next;
    }

    /** Whether {@code status} knows {@code event}. */
    public static boolean knows(OrderStatus status, OrderEvent event) {
        return TABLE.get(status).containsKey(event);
    }

    private static Row from(OrderStatus status) {
        return new Row(TABLE.computeIfAbsent(status, s -> new EnumMap<>(OrderEvent.class)));
    }

    /** What one status knows. */
    private record Row(Map<OrderEvent, OrderStatus> events) {

        Row on(OrderEvent event, OrderStatus next) {
            events.put(event, next);
            return this;
        }

        /** What a broker may say at any time. */
        Row facts(OrderStatus partlyFilled) {
            return on(OrderEvent.PARTLY_FILLED, partlyFilled)
                    .on(OrderEvent.FILLED, OrderStatus.FILLED)
                    .on(OrderEvent.CANCELED, OrderStatus.CANCELED)
                    .on(OrderEvent.REPLACED, OrderStatus.REPLACED)
                    .on(OrderEvent.EXPIRED, OrderStatus.EXPIRED)
                    .on(OrderEvent.REJECTED, OrderStatus.REJECTED);
        }
    }

    /** The table in Markdown: a row per status, and in it what each event leads to. */
    public static String toMarkdown() {
        StringBuilder out = new StringBuilder("| Status | Event → status |\n|---|---|\n");
        for (OrderStatus status : OrderStatus.values()) {
            Map<OrderStatus, String> byNext = new LinkedHashMap<>();
            TABLE.get(status).forEach((event, next) -> byNext.merge(next, event.text(), (a, b) -> a + ", " + b));
            out.append("| `").append(status.text()).append("` |");
            String separator = " ";
            for (Map.Entry<OrderStatus, String> entry : byNext.entrySet()) {
                out.append(separator).append(entry.getValue());
                out.append(" → `").append(entry.getKey().text()).append('`');
                separator = "; ";
            }
            out.append(" |\n");
        }
        return out.toString();
    }

    /** The same as a Mermaid drawing, without events that change nothing. */
    public static String toMermaid() {
        StringBuilder out = new StringBuilder("stateDiagram-v2\n");
        for (OrderStatus status : OrderStatus.values()) {
            Map<OrderStatus, String> byNext = new LinkedHashMap<>();
            TABLE.get(status).forEach((event, next) -> {
                if (next != status) {
                    byNext.merge(next, event.text(), (a, b) -> a + ", " + b);
                }
            });
            byNext.forEach((next, events) -> out.append("    ")
                    .append(status.text())
                    .append(" --> ")
                    .append(next.text())
                    .append(": ")
                    .append(events)
                    .append('\n'));
        }
        return out.toString();
    }
}
