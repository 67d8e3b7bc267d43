package io.tradewind.gateway.stream;

import io.tradewind.contracts.state.CommittedTransaction;
import io.tradewind.gateway.domain.Cursor;
import io.tradewind.gateway.domain.Frames;
import io.tradewind.gateway.domain.Position;
import io.tradewind.gateway.domain.StreamEvent;
import io.tradewind.gateway.domain.SubscriptionFilter;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The live clients with one filter. What is committed is picked out and encoded once for all of them; clients in step
 * with the partitions are written the very same buffer. On the event loop of the hub.
 */
final class Group {

    private final SubscriptionFilter filter;
    private final SortedMap<Integer, PartitionFeed> feeds;
    private final Set<StreamClient> clients = new LinkedHashSet<>();

    Group(SubscriptionFilter filter, SortedMap<Integer, PartitionFeed> feeds) {
        this.filter = filter;
        this.feeds = new TreeMap<>(feeds);
    }

    /** The group hears of changes as long as it has clients. */
    void add(StreamClient client) {
        if (clients.isEmpty()) {
            feeds.values().forEach(feed -> feed.add(this));
        }
        clients.add(client);
    }

    /** @return whether it has no client any more */
    boolean remove(StreamClient client) {
        if (clients.remove(client) && clients.isEmpty()) {
            feeds.values().forEach(feed -> feed.remove(this));
        }
        return clients.isEmpty();
    }

    void onChanges(int partition, List<CommittedTransaction> transactions) {
        List<StreamEvent> events = new ArrayList<>();
        for (CommittedTransaction tx : transactions) {
            events.addAll(StreamEvent.of(filter, partition, tx, Position.behind(tx.version() - 1)));
        }
        if (events.isEmpty()) {
            return;
        }
        Buffer shared = null;
        for (StreamClient client : List.copyOf(clients)) {
            if (client.isInStep()) {
                shared = shared == null ? encode(partition, events) : shared;
                client.write(shared);
            } else {
                client.offer(events);
            }
        }
    }

    void onReset(int partition, long headVersion) {
        List.copyOf(clients).forEach(client -> client.reset(partition, headVersion));
    }

    private Buffer encode(int partition, List<StreamEvent> events) {
        SortedMap<Integer, Position> positions = new TreeMap<>();
        feeds.forEach((p, feed) -> positions.put(p, Position.behind(feed.version())));
        Buffer frames = Buffer.buffer();
        for (StreamEvent event : events) {
            positions.put(partition, event.position());
            frames.appendBytes(Frames.id(Cursor.of(positions))).appendBytes(event.body());
        }
        return frames;
    }
}
