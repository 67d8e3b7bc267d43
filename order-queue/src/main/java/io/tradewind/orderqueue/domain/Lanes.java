package io.tradewind.orderqueue.domain;

import io.tradewind.contracts.orders.Priority;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;

/**
 * The queue of admitted orders, by priority. Critical goes first, always. The rest share by weight, so that nobody
 * starves: in any {@link #CYCLE} takes that are not critical, a lane that has orders all the while gets at least its
 * weight of them, because each of its turns comes by once and only an empty lane gives its turn away. Within a lane
 * first in, first out, so that orders of one account and symbol never overtake each other.
 *
 * <p>Holds order ids; an id whose order is over meanwhile, and was not removed, is skipped by whoever takes it.
 */
final class Lanes {

    /** Whose turn it is, again and again: eight times high, three times normal, once low. */
    private static final List<Priority> TURNS = List.of(
            Priority.HIGH,
            Priority.HIGH,
            Priority.NORMAL,
            Priority.HIGH,
            Priority.HIGH,
            Priority.HIGH,
            Priority.NORMAL,
            Priority.HIGH,
            Priority.HIGH,
            Priority.NORMAL,
            Priority.HIGH,
            Priority.LOW);

    /** Who gets the turn of an empty lane, the first that has orders. */
    private static final List<Priority> STAND_INS = List.of(Priority.HIGH, Priority.NORMAL, Priority.LOW);

    /** Takes until every lane has had all its turns. */
    static final int CYCLE = TURNS.size();

    private final Map<Priority, LinkedHashSet<String>> lanes = new EnumMap<>(Priority.class);
    private int size;
    private int turn;

    Lanes() {
        for (Priority priority : Priority.values()) {
            lanes.put(priority, new LinkedHashSet<>());
        }
    }

    /** The part of all takes that a lane gets at the worst, while it has orders; of the takes that are not critical, but for critical itself. */
    static double guaranteedShare(Priority priority) {
        return priority == Priority.CRITICAL
                ? 1
                : (double) TURNS.stream().filter(turn -> turn == priority).count() / CYCLE;
    }

    void add(Priority priority, String orderId) {
        if (lanes.get(priority).add(orderId)) {
            size++;
        }
    }

    /** Frees the place of an order that is over; nothing happens when it has none. */
    void remove(Priority priority, String orderId) {
        if (lanes.get(priority).remove(orderId)) {
            size--;
        }
    }

    int depth(Priority priority) {
        return lanes.get(priority).size();
    }

    int size() {
        return size;
    }

    /** Who has waited longest in a lane, {@code null} when it is empty. */
    String oldest(Priority priority) {
        LinkedHashSet<String> lane = lanes.get(priority);
        return lane.isEmpty() ? null : lane.iterator().next();
    }

    /** @return the next order id, or {@code null} when all lanes are empty */
    String take() {
        if (size == 0) {
            return null;
        }
        size--;
        LinkedHashSet<String> lane = lanes.get(Priority.CRITICAL);
        if (lane.isEmpty()) {
            lane = lanes.get(TURNS.get(turn));
            turn = (turn + 1) % CYCLE;
            for (Priority standIn : STAND_INS) {
                lane = lane.isEmpty() ? lanes.get(standIn) : lane;
            }
        }
        Iterator<String> first = lane.iterator();
        String orderId = first.next();
        first.remove();
        return orderId;
    }
}
