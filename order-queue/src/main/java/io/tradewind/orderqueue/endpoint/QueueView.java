package io.tradewind.orderqueue.endpoint;

import io.tradewind.contracts.orders.Priority;
import io.tradewind.orderqueue.domain.Desk;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** How desks are at one moment, all together. Immutable: made on the event loop of the desks, read on any thread. */
record QueueView(Map<Priority, Lane> lanes, int inFlight, int inFlightLimit, double drainPerSecond) {

    static final QueueView EMPTY = new QueueView(Map.of(), 0, 0, 0);

    record Lane(int depth, int limit, double oldestSeconds) {

        static final Lane EMPTY = new Lane(0, 0, 0);

        Lane and(Lane other) {
            return new Lane(depth + other.depth, limit + other.limit, Math.max(oldestSeconds, other.oldestSeconds));
        }
    }

    static QueueView of(List<Desk> desks, long nowMs) {
        Map<Priority, Lane> lanes = new EnumMap<>(Priority.class);
        for (Priority lane : Priority.values()) {
            lanes.put(
                    lane,
                    desks.stream()
                            .map(desk -> new Lane(
                                    desk.queued(lane),
                                    desk.laneLimit(lane),
                                    (nowMs - desk.waitingSinceMs(lane, nowMs)) / 1_000.0))
                            .reduce(Lane.EMPTY, Lane::and));
        }
        return new QueueView(
                lanes,
                desks.stream().mapToInt(Desk::inFlight).sum(),
                desks.stream().mapToInt(Desk::inFlightLimit).sum(),
                desks.stream().mapToDouble(Desk::drainPerSecond).sum());
    }

    static QueueView sum(Collection<QueueView> views) {
        return views.stream().reduce(EMPTY, QueueView::and);
    }

    private QueueView and(QueueView other) {
        Map<Priority, Lane> both = new EnumMap<>(Priority.class);
        for (Priority lane : Priority.values()) {
            both.put(lane, lane(lane).and(other.lane(lane)));
        }
        return new QueueView(
                both,
                inFlight + other.inFlight,
                inFlightLimit + other.inFlightLimit,
                drainPerSecond + other.drainPerSecond);
    }

    Lane lane(Priority priority) {
        return lanes.getOrDefault(priority, Lane.EMPTY);
    }
}
