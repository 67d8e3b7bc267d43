package io.tradewind.gateway;

import io.tradewind.contracts.Addresses;
import io.tradewind.contracts.Failure;
import io.tradewind.contracts.Json;
import io.tradewind.contracts.state.Cause;
import io.tradewind.contracts.state.Changes;
import io.tradewind.contracts.state.CommittedTransaction;
import io.tradewind.contracts.state.EntitiesPage;
import io.tradewind.contracts.state.Entity;
import io.tradewind.contracts.state.EntityChange;
import io.tradewind.contracts.state.EntityKey;
import io.tradewind.contracts.state.HistoryPage;
import io.tradewind.contracts.state.LogPage;
import io.tradewind.contracts.state.Mutation;
import io.tradewind.contracts.state.Partitions;
import io.tradewind.contracts.state.ReadEntities;
import io.tradewind.contracts.state.ReadHistory;
import io.tradewind.contracts.state.ReadLog;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.Message;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;

/** Stands in for the state-store: the same answers from memory. Any thread; every method holds the lock. */
final class FakeStateStore {

    private static final Comparator<EntityKey> ORDER = Comparator.comparing(EntityKey::domain)
            .thenComparing(EntityKey::partitionKey)
            .thenComparing(EntityKey::id);

    private final Vertx vertx;
    private final List<Partition> partitions = new ArrayList<>();
    private boolean silent;
    private boolean away;
    private HistoryPage.End historyEnd = HistoryPage.End.NOT_KEPT;
    private ReadEntities lastRead;

    private static final class Partition {
        private final NavigableMap<EntityKey, Entity> entities = new TreeMap<>(ORDER);
        private final List<CommittedTransaction> log = new ArrayList<>();
        private long version;
    }

    FakeStateStore(Vertx vertx) {
        this.vertx = vertx;
        for (int p = 0; p < Partitions.COUNT; p++) {
            int number = p;
            partitions.add(new Partition());
            vertx.eventBus().<ReadEntities>consumer(Addresses.stateRead(p), m -> answer(m, read(m.body())));
            vertx.eventBus().<ReadHistory>consumer(Addresses.stateHistory(p), m -> answer(m, history(m.body())));
            vertx.eventBus().<ReadLog>consumer(Addresses.stateLog(p), m -> answer(m, log(number, m.body())));
        }
    }

    /** Requests fail as if nobody were there to serve them. */
    synchronized void away(boolean isAway) {
        away = isAway;
    }

    /** Live changes are lost on the way, as the event bus may. */
    synchronized void silent(boolean isSilent) {
        silent = isSilent;
    }

    /** The log forgets everything so far. */
    synchronized void trim() {
        partitions.forEach(partition -> partition.log.clear());
    }

    /** One transaction; {@code json} is {@code null} for a delete. Returns its version. */
    long put(String domain, String partitionKey, String id, String json) {
        return commit(List.of(mutation(domain, partitionKey, id, json)));
    }

    static Mutation mutation(String domain, String partitionKey, String id, String json) {
        return new Mutation(new EntityKey(domain, partitionKey, id), json == null ? null : Json.of(json));
    }

    synchronized long commit(List<Mutation> mutations) {
        int number = mutations.get(0).key().partition();
        Partition partition = partitions.get(number);
        long version = ++partition.version;
        long now = System.currentTimeMillis();
        for (Mutation mutation : mutations) {
            if (mutation.isDelete()) {
                partition.entities.remove(mutation.key());
            } else {
                partition.entities.put(mutation.key(), new Entity(mutation.key(), version, now, mutation.json()));
            }
        }
        CommittedTransaction tx =
                new CommittedTransaction(version, now, "tx-" + version, new Cause("c", "c", "test"), mutations);
        partition.log.add(tx);
        if (!silent) {
            vertx.eventBus().publish(Addresses.stateChanges(number), new Changes(number, 1, List.of(tx)));
        }
        return version;
    }

    private synchronized void answer(Message<?> message, Object reply) {
        if (away) {
            message.fail(Failure.UNAVAILABLE.code(), "away");
        } else {
            message.reply(reply);
        }
    }

    private synchronized EntitiesPage read(ReadEntities query) {
        lastRead = query;
        Partition partition = partitions.get(query.partition());
        List<Entity> found = new ArrayList<>();
        if (!query.ids().isEmpty()) {
            query.ids().stream()
                    .map(id -> partition.entities.get(new EntityKey(query.domain(), query.partitionKey(), id)))
                    .filter(entity -> entity != null)
                    .forEach(found::add);
            return new EntitiesPage(partition.version, 1, false, found, false);
        }
        NavigableMap<EntityKey, Entity> all =
                query.descending() ? partition.entities.descendingMap() : partition.entities;
        EntityKey after =
                query.afterKey() == null ? null : new EntityKey(query.domain(), query.afterKey(), query.afterId());
        boolean more = false;
        for (Entity entity : all.values()) {
            int order = after == null ? 1 : ORDER.compare(entity.key(), after);
            boolean behind = after == null || (query.descending() ? order < 0 : order > 0);
            if (behind
                    && entity.key().domain().equals(query.domain())
                    && entity.key().partitionKey().equals(query.partitionKey())) {
                if (found.size() == query.limit()) {
                    more = true;
                    break;
                }
                found.add(entity);
            }
        }
        return new EntitiesPage(partition.version, 1, false, found, more);
    }

    /** Looks at two transactions in one answer, so that callers have to go on. */
    private synchronized HistoryPage history(ReadHistory query) {
        Partition partition = partitions.get(query.key().partition());
        long from = Math.min(query.fromVersion(), partition.version);
        long first = partition.log.isEmpty()
                ? partition.version + 1
                : partition.log.get(0).version();
        List<EntityChange> changes = new ArrayList<>();
        long version = from;
        for (int looked = 0; looked < 2 && version >= first && changes.size() < query.limit(); looked++) {
            CommittedTransaction tx = partition.log.get((int) (version - first));
            tx.mutations().stream()
                    .filter(mutation -> mutation.key().equals(query.key()))
                    .forEach(mutation -> changes.add(
                            new EntityChange(tx.version(), tx.timeMs(), tx.id(), tx.cause(), mutation.json())));
            version--;
        }
        HistoryPage.End end =
                version == 0 ? HistoryPage.End.BEGINNING : version >= first ? HistoryPage.End.MORE : historyEnd;
        String reason = end == HistoryPage.End.OUT_OF_REACH ? "no answer" : null;
        return new HistoryPage(partition.version, changes, version + 1, end, reason);
    }

    /** What is said of what the log has forgotten. */
    synchronized void forgotten(HistoryPage.End end) {
        historyEnd = end;
    }

    /** The last query of entities. */
    synchronized ReadEntities lastRead() {
        return lastRead;
    }

    private synchronized LogPage log(int number, ReadLog query) {
        Partition partition = partitions.get(number);
        long first = partition.log.isEmpty()
                ? partition.version + 1
                : partition.log.get(0).version();
        if (query.afterVersion() + 1 < first || query.afterVersion() > partition.version) {
            return new LogPage(partition.version, true, List.of());
        }
        List<CommittedTransaction> page = partition.log.stream()
                .filter(tx -> tx.version() > query.afterVersion())
                .limit(query.limit())
                .toList();
        return new LogPage(partition.version, false, page);
    }
}
