package io.tradewind.dbsync;

import io.tradewind.contracts.Addresses;
import io.tradewind.contracts.Json;
import io.tradewind.contracts.state.CommittedTransaction;
import io.tradewind.contracts.state.EntitiesPage;
import io.tradewind.contracts.state.Entity;
import io.tradewind.contracts.state.EntityChange;
import io.tradewind.contracts.state.EntityKey;
import io.tradewind.contracts.state.HistoryPage;
import io.tradewind.contracts.state.Mutation;
import io.tradewind.contracts.state.Partitions;
import io.tradewind.contracts.state.ReadEntities;
import io.tradewind.contracts.state.ReadHistory;
import io.tradewind.contracts.state.StateCommand;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/** The state-store as db-sync sees it, made of the transactions that a test writes to the log. Any thread. */
final class FakeState {

    private static final Comparator<EntityKey> ORDER = Comparator.comparing(EntityKey::domain)
            .thenComparing(EntityKey::partitionKey)
            .thenComparing(EntityKey::id);

    private final List<NavigableMap<EntityKey, Entity>> entities = new ArrayList<>();
    private final long[] versions = new long[Partitions.COUNT];
    private final Map<EntityKey, EntityChange> newest = new HashMap<>();

    FakeState() {
        for (int p = 0; p < Partitions.COUNT; p++) {
            entities.add(new TreeMap<>(ORDER));
        }
    }

    /** Answers on this bus; may be one after the other. */
    void on(Vertx vertx) {
        for (int p = 0; p < Partitions.COUNT; p++) {
            int partition = p;
            vertx.eventBus().<ReadEntities>consumer(Addresses.stateRead(p), m -> m.reply(read(m.body())));
            vertx.eventBus()
                    .<ReadHistory>consumer(
                            Addresses.stateHistory(p),
                            m -> m.reply(history(m.body().key())));
            vertx.eventBus()
                    .<StateCommand>consumer(
                            Addresses.stateCommand(p),
                            m -> m.reply(Json.of(usage(partition).encode())));
        }
    }

    synchronized void apply(int partition, List<CommittedTransaction> transactions) {
        for (CommittedTransaction tx : transactions) {
            versions[partition] = tx.version();
            for (Mutation mutation : tx.mutations()) {
                EntityKey key = mutation.key();
                newest.put(key, new EntityChange(tx.version(), tx.timeMs(), tx.id(), tx.cause(), mutation.json()));
                if (mutation.isDelete()) {
                    entities.get(partition).remove(key);
                } else {
                    entities.get(partition).put(key, new Entity(key, tx.version(), tx.timeMs(), mutation.json()));
                }
            }
        }
    }

    private synchronized JsonObject usage(int partition) {
        Map<String, Long> domains = new TreeMap<>();
        entities.get(partition).keySet().forEach(key -> domains.merge(key.domain(), 1L, Long::sum));
        JsonObject told = new JsonObject();
        domains.forEach((domain, count) -> told.put(domain, new JsonObject().put("entities", count)));
        return new JsonObject()
                .put("version", versions[partition])
                .put("domains", told)
                .put("retention", new JsonArray().add("order").add("activity").add("news"));
    }

    private synchronized EntitiesPage read(ReadEntities query) {
        NavigableMap<EntityKey, Entity> all = entities.get(query.partition());
        List<Entity> found = new ArrayList<>();
        if (!query.ids().isEmpty()) {
            for (String id : query.ids()) {
                Entity entity = all.get(new EntityKey(query.domain(), query.partitionKey(), id));
                if (entity != null) {
                    found.add(entity);
                }
            }
            return page(query, found, false);
        }
        for (Entity entity : all.values()) {
            boolean behind = query.afterKey() == null
                    || ORDER.compare(entity.key(), new EntityKey(query.domain(), query.afterKey(), query.afterId()))
                            > 0;
            if (entity.key().domain().equals(query.domain()) && behind) {
                found.add(entity);
            }
        }
        boolean more = found.size() > query.limit();
        return page(query, more ? found.subList(0, query.limit()) : found, more);
    }

    private EntitiesPage page(ReadEntities query, List<Entity> found, boolean more) {
        return new EntitiesPage(versions[query.partition()], 0, false, found, more);
    }

    private synchronized HistoryPage history(EntityKey key) {
        EntityChange change = newest.get(key);
        return new HistoryPage(
                versions[key.partition()],
                change == null ? List.of() : List.of(change),
                1,
                HistoryPage.End.BEGINNING,
                null);
    }
}
