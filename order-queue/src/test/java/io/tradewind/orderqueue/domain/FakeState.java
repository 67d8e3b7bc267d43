package io.tradewind.orderqueue.domain;

import io.tradewind.contracts.JsonObjects;
import io.tradewind.contracts.state.EntitiesPage;
import io.tradewind.contracts.state.Entity;
import io.tradewind.contracts.state.EntityKey;
import io.tradewind.contracts.state.Expectation;
import io.tradewind.contracts.state.Mutation;
import io.tradewind.contracts.state.ReadEntities;
import io.tradewind.contracts.state.Transaction;
import io.tradewind.contracts.state.TransactionOutcome;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * The state-store as the order-queue sees it, in memory: entities, versions, expectations, repeated transactions, and
 * relaxed writes that are put into the log later, without being asked again what they expected. Not thread safe.
 */
public final class FakeState {

    private static final Comparator<EntityKey> ORDER = Comparator.comparing(EntityKey::domain)
            .thenComparing(EntityKey::partitionKey)
            .thenComparing(EntityKey::id);

    private final TreeMap<EntityKey, Entity> entities = new TreeMap<>(ORDER);
    private final Map<String, Long> versionsByTransaction = new HashMap<>();
    private final Map<EntityKey, Mutation> relaxed = new LinkedHashMap<>();
    private final List<Transaction> log = new ArrayList<>();
    private long version;

    public boolean knows(String transactionId) {
        return versionsByTransaction.containsKey(transactionId);
    }

    public TransactionOutcome commit(Transaction tx) {
        Long known = versionsByTransaction.get(tx.id());
        if (known != null) {
            return new TransactionOutcome.Committed(known, true);
        }
        TransactionOutcome problem = problemOf(tx);
        if (problem != null) {
            return problem;
        }
        tx.mutations().forEach(mutation -> relaxed.remove(mutation.key()));
        apply(tx);
        return new TransactionOutcome.Committed(version, false);
    }

    public TransactionOutcome commitRelaxed(Transaction tx) {
        TransactionOutcome problem = problemOf(tx);
        if (problem != null) {
            return problem;
        }
        tx.mutations().forEach(mutation -> relaxed.put(mutation.key(), mutation));
        return new TransactionOutcome.Committed(0, false);
    }

    public void flushRelaxed() {
        if (!relaxed.isEmpty()) {
            apply(new Transaction("relaxed-" + version, null, List.copyOf(relaxed.values()), List.of()));
            relaxed.clear();
        }
    }

    public EntitiesPage read(ReadEntities query) {
        List<Entity> found = new ArrayList<>();
        if (query.ids().isEmpty()) {
            for (Entity entity : entities.values()) {
                if (isMeant(query, entity.key())) {
                    found.add(entity);
                }
            }
        } else {
            query.ids().stream()
                    .map(id -> entities.get(new EntityKey(query.domain(), query.partitionKey(), id)))
                    .filter(Objects::nonNull)
                    .forEach(found::add);
        }
        boolean more = found.size() > query.limit();
        return new EntitiesPage(version, 0, false, more ? found.subList(0, query.limit()) : found, more);
    }

    public Entity get(EntityKey key) {
        return entities.get(key);
    }

    /** The fields of an entity that must be there. */
    public Map<String, String> fields(EntityKey key) {
        return JsonObjects.read(
                Objects.requireNonNull(entities.get(key), () -> "no " + key).json());
    }

    /** All entities of a domain, in order. */
    public List<Entity> all(String domain) {
        return entities.values().stream()
                .filter(entity -> entity.key().domain().equals(domain))
                .toList();
    }

    /** Everything that was committed, oldest first. */
    public List<Transaction> log() {
        return log;
    }

    private TransactionOutcome problemOf(Transaction tx) {
        if (tx.mutations().isEmpty()) {
            return new TransactionOutcome.Refused("transaction " + tx.id() + " changes nothing");
        }
        for (Expectation expectation : tx.expectations()) {
            Entity entity = entities.get(expectation.key());
            long actual = entity == null ? Expectation.ABSENT : entity.version();
            if (actual != expectation.version()) {
                return new TransactionOutcome.Conflict(expectation.key(), expectation.version(), actual);
            }
        }
        return null;
    }

    private void apply(Transaction tx) {
        version++;
        versionsByTransaction.put(tx.id(), version);
        log.add(tx);
        for (Mutation mutation : tx.mutations()) {
            if (mutation.isDelete()) {
                entities.remove(mutation.key());
            } else {
                entities.put(mutation.key(), new Entity(mutation.key(), version, 0, mutation.json()));
            }
        }
    }

    private static boolean isMeant(ReadEntities query, EntityKey key) {
        boolean pinned = query.partitionKey() == null
                ? key.partition() == query.partition()
                : key.partitionKey().equals(query.partitionKey());
        boolean behind = query.afterKey() == null
                || Comparator.comparing(EntityKey::partitionKey)
                                .thenComparing(EntityKey::id)
                                .compare(key, new EntityKey(query.domain(), query.afterKey(), query.afterId()))
                        > 0;
        return key.domain().equals(query.domain()) && pinned && behind;
    }
}
