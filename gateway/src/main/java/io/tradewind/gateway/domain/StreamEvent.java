package io.tradewind.gateway.domain;

import io.tradewind.contracts.Json;
import io.tradewind.contracts.JsonObjects;
import io.tradewind.contracts.orders.OrderStatus;
import io.tradewind.contracts.state.CommittedTransaction;
import io.tradewind.contracts.state.EntityKey;
import io.tradewind.contracts.state.Mutation;
import java.util.ArrayList;
import java.util.List;

/**
 * One change on its way to clients. Encodes itself once, when the first client needs it. Belongs to one event loop.
 */
public final class StreamEvent {

    private final Topic topic;
    private final int partition;
    private final Position position;
    private final EntityKey key;
    private final long version;
    private final long atMs;
    private final Json json;
    private byte[] body;

    private StreamEvent(Topic topic, int partition, Position position, CommittedTransaction tx, Mutation mutation) {
        this.topic = topic;
        this.partition = partition;
        this.position = position;
        this.key = mutation.key();
        this.version = tx.version();
        this.atMs = tx.timeMs();
        this.json = mutation.json();
    }

    /**
     * What of a transaction goes to clients with this filter.
     *
     * @param from where the client stands; changes at or before it are left out
     */
    public static List<StreamEvent> of(
            SubscriptionFilter filter, int partition, CommittedTransaction tx, Position from) {
        // What the state-store forgets has not changed: a client that keeps a list would lose closed orders from it.
        if (tx.version() <= from.version() || tx.cause().isRetention()) {
            return List.of();
        }
        List<StreamEvent> events = new ArrayList<>();
        List<Mutation> mutations = tx.mutations();
        int last = lastMatch(filter, mutations);
        for (int i = tx.version() == from.version() + 1 ? from.index() : 0; i <= last; i++) {
            Topic topic = filter.topicOf(mutations.get(i).key());
            if (topic != null) {
                Position position = i == last ? Position.behind(tx.version()) : new Position(tx.version() - 1, i + 1);
                events.add(new StreamEvent(topic, partition, position, tx, mutations.get(i)));
            }
        }
        return events;
    }

    private static int lastMatch(SubscriptionFilter filter, List<Mutation> mutations) {
        int last = mutations.size() - 1;
        while (last >= 0 && filter.topicOf(mutations.get(last).key()) == null) {
            last--;
        }
        return last;
    }

    public int partition() {
        return partition;
    }

    /** Where a client stands in the partition once it has this event. */
    public Position position() {
        return position;
    }

    public EntityKey key() {
        return key;
    }

    public long version() {
        return version;
    }

    /** The frame without its id line; read only. */
    public byte[] body() {
        if (body == null) {
            body = Frames.change(topic, version, atMs, Topic.keyOf(key), json);
        }
        return body;
    }

    /** Whether it is news that nobody wants to wait for: the end of an order. */
    public boolean isCritical() {
        if (topic != Topic.ORDERS || json == null) {
            return false;
        }
        OrderStatus status = OrderStatus.parse(JsonObjects.read(json).get("status"));
        return status != null && status.isTerminal();
    }
}
