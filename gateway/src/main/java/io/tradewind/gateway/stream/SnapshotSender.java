package io.tradewind.gateway.stream;

import io.tradewind.contracts.state.EntitiesPage;
import io.tradewind.contracts.state.Entity;
import io.tradewind.contracts.state.EntityKey;
import io.tradewind.contracts.state.ReadEntities;
import io.tradewind.contracts.state.StateClient;
import io.tradewind.gateway.domain.Frames;
import io.tradewind.gateway.domain.Position;
import io.tradewind.gateway.domain.SubscriptionFilter;
import io.tradewind.gateway.domain.Topic;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends a new client the entities as they are now, page by page, the newest first and of orders the older open ones
 * behind them. The pages are read one after the other while changes go on, so each may show another version. The stream
 * goes on from the lowest version that any page of a partition was read at, and a change that a later page had already
 * is left out, by the version of its entity: so nothing is missing, nothing comes twice, and no entity goes back. On the
 * event loop of the hub.
 */
final class SnapshotSender {

    private static final Logger LOG = LoggerFactory.getLogger(SnapshotSender.class);
    private static final int PAGE = 500;

    /** Open orders sent beyond the newest orders, the newest of them; an account may have more than a client can take. */
    private static final int MAX_OLDER_OPEN_ORDERS = 10_000;

    private final StateClient state;
    private final StreamClient client;
    private final SubscriptionFilter filter;
    private final int maxEntities;
    private final Function<String, Future<List<String>>> openOrders;
    private final Map<Integer, Long> lowest = new HashMap<>();
    private final Set<Topic> truncated = EnumSet.noneOf(Topic.class);
    private boolean stale;

    private record Part(Topic topic, String partitionKey) {}

    /** @param openOrders the ids of an account's open orders, newest first */
    SnapshotSender(
            StateClient state,
            StreamClient client,
            int maxEntities,
            Function<String, Future<List<String>>> openOrders) {
        this.state = state;
        this.client = client;
        this.filter = client.filter();
        this.maxEntities = maxEntities;
        this.openOrders = openOrders;
    }

    /** Completes when the client has been sent all of it, and stands at the versions that it shows. */
    Future<Void> send() {
        List<Part> parts = new ArrayList<>();
        // In the order of the constants, so that every snapshot comes in the same order.
        EnumSet.copyOf(filter.topics()).forEach(topic -> topic.partitionKeys(filter.account())
                .forEach(key -> parts.add(new Part(topic, key))));
        Future<Void> all = Future.succeededFuture();
        for (Part part : parts) {
            all = all.compose(v -> pages(
                    part,
                    ReadEntities.of(part.topic().domain(), part.partitionKey(), Math.min(PAGE, maxEntities))
                            .reversed(),
                    0));
        }
        return all.onSuccess(v -> {
            lowest.forEach((partition, version) -> client.startFrom(partition, Position.behind(version)));
            client.forgetOldSnapshot();
            client.ready(Frames.ready(truncated, stale));
        });
    }

    private Future<Void> pages(Part part, ReadEntities what, int sentBefore) {
        return state.read(what).compose(page -> {
            send(part.topic(), page, what.partition());
            int count = sentBefore + page.entities().size();
            if (!page.more() || client.isClosed()) {
                return Future.succeededFuture();
            }
            EntityKey last = page.entities().get(page.entities().size() - 1).key();
            if (count >= maxEntities) {
                truncated.add(part.topic());
                return part.topic() == Topic.ORDERS ? openBefore(part, last.id()) : Future.succeededFuture();
            }
            return client.writable().compose(v -> pages(part, what.after(last), count));
        });
    }

    /** An order that is still open matters however old it is. */
    private Future<Void> openBefore(Part part, String oldestSent) {
        return openOrders
                .apply(part.partitionKey())
                .recover(failure -> {
                    LOG.warn("a snapshot may lack older open orders: {}", failure.toString());
                    stale = true;
                    return Future.succeededFuture(List.of());
                })
                .compose(ids -> byIds(
                        part,
                        ids.stream()
                                .filter(id -> id.compareTo(oldestSent) < 0)
                                .limit(MAX_OLDER_OPEN_ORDERS)
                                .toList()));
    }

    private Future<Void> byIds(Part part, List<String> ids) {
        if (ids.isEmpty() || client.isClosed()) {
            return Future.succeededFuture();
        }
        int count = Math.min(PAGE, ids.size());
        ReadEntities what = ReadEntities.byIds(part.topic().domain(), part.partitionKey(), ids.subList(0, count));
        return client.writable().compose(v -> state.read(what)).compose(page -> {
            send(part.topic(), page, what.partition());
            return byIds(part, ids.subList(count, ids.size()));
        });
    }

    private void send(Topic topic, EntitiesPage page, int partition) {
        lowest.merge(partition, page.version(), Math::min);
        stale |= page.stale();
        Buffer frames = Buffer.buffer();
        for (Entity entity : page.entities()) {
            frames.appendBytes(Frames.snapshot(topic, entity));
            client.rememberFromSnapshot(entity.key(), entity.version());
        }
        client.write(frames);
    }
}
