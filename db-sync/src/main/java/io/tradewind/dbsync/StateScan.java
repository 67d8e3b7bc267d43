package io.tradewind.dbsync;

import io.tradewind.contracts.Addresses;
import io.tradewind.contracts.Json;
import io.tradewind.contracts.state.EntitiesPage;
import io.tradewind.contracts.state.Entity;
import io.tradewind.contracts.state.EntityChange;
import io.tradewind.contracts.state.EntityKey;
import io.tradewind.contracts.state.HistoryPage;
import io.tradewind.contracts.state.ReadEntities;
import io.tradewind.contracts.state.ReadHistory;
import io.tradewind.contracts.state.StateClient;
import io.tradewind.contracts.state.StateCommand;
import io.tradewind.dbsync.postgres.StateTables.Named;
import io.vertx.core.Future;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.Message;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * Reads whole partitions from the state-store, page by page. Every page is of one version, later pages of later ones.
 * Stateless; futures complete on the caller's context.
 */
final class StateScan {

    /** The state-store answers from memory; only an owner in trouble takes longer. */
    private static final Duration DEADLINE = Duration.ofSeconds(10);

    private final EventBus bus;
    private final StateClient client;

    StateScan(EventBus bus) {
        this.bus = bus;
        this.client = new StateClient(bus, DEADLINE);
    }

    /**
     * What there is to be read.
     *
     * @param version of the partition; whatever came later has a higher one
     * @param domains those with entities, and how many
     * @param retention domains of which entities leave the state by their age, though their rows stay
     */
    record Overview(long version, Map<String, Long> domains, Set<String> retention) {

        long entities() {
            return domains.values().stream().mapToLong(Long::longValue).sum();
        }
    }

    /** Entities by name, those that exist. */
    record Found(long version, Map<EntityKey, Entity> entities) {}

    Future<Overview> overview(int partition) {
        return bus.<Json>request(
                        Addresses.stateCommand(partition),
                        new StateCommand(StateCommand.Verb.USAGE, partition),
                        new DeliveryOptions().setSendTimeout(DEADLINE.toMillis()))
                .map(Message::body)
                .map(answer -> overview(new JsonObject(answer.toString())));
    }

    private static Overview overview(JsonObject usage) {
        Map<String, Long> domains = new TreeMap<>();
        JsonObject found = usage.getJsonObject("domains");
        found.fieldNames()
                .forEach(domain ->
                        domains.put(domain, found.getJsonObject(domain).getLong("entities")));
        Set<String> retention = new TreeSet<>();
        usage.getJsonArray("retention", new JsonArray()).forEach(domain -> retention.add((String) domain));
        return new Overview(usage.getLong("version"), domains, retention);
    }

    /** Hands over every page of a domain, the next one when {@code page} is done with the one before. */
    Future<Void> pages(int partition, String domain, Function<EntitiesPage, Future<Void>> page) {
        return pages(ReadEntities.ofPartition(partition, domain), page);
    }

    private Future<Void> pages(ReadEntities query, Function<EntitiesPage, Future<Void>> page) {
        return read(query).compose(found -> page.apply(found).compose(done -> {
            if (!found.more() || found.entities().isEmpty()) {
                return Future.succeededFuture();
            }
            Entity last = found.entities().get(found.entities().size() - 1);
            return pages(query.after(last.key()), page);
        }));
    }

    Future<EntitiesPage> read(ReadEntities query) {
        return client.read(query);
    }

    /** The entities with these names, all of one partition; their number is bounded by the caller. */
    Future<Found> find(List<EntityKey> keys) {
        Map<String, Map<String, List<String>>> groups = new TreeMap<>();
        keys.forEach(key -> groups.computeIfAbsent(key.domain(), domain -> new TreeMap<>())
                .computeIfAbsent(key.partitionKey(), partitionKey -> new ArrayList<>())
                .add(key.id()));
        List<ReadEntities> queries = new ArrayList<>();
        groups.forEach((domain, byKey) -> byKey.forEach((partitionKey, ids) -> {
            for (int from = 0; from < ids.size(); from += ReadEntities.MAX_LIMIT) {
                List<String> part = ids.subList(from, Math.min(ids.size(), from + ReadEntities.MAX_LIMIT));
                queries.add(ReadEntities.byIds(domain, partitionKey, part));
            }
        }));
        return find(queries, 0, Long.MAX_VALUE, new HashMap<>());
    }

    /** Rows without an entity, as of a version. */
    record Strays(long version, List<Named> rows) {}

    /** Those of {@code rows} that the state does not have, though their domain does not leave it by age. */
    Future<Strays> strays(Overview overview, List<Named> rows) {
        List<Named> bound = rows.stream()
                .filter(row -> !overview.retention().contains(row.key().domain()))
                .toList();
        return find(bound.stream().map(Named::key).toList())
                .map(found -> new Strays(
                        found.version(),
                        bound.stream()
                                .filter(row -> !found.entities().containsKey(row.key()))
                                .toList()));
    }

    private Future<Found> find(List<ReadEntities> queries, int next, long version, Map<EntityKey, Entity> found) {
        if (next == queries.size()) {
            return Future.succeededFuture(new Found(version, found));
        }
        return read(queries.get(next)).compose(page -> {
            page.entities().forEach(entity -> found.put(entity.key(), entity));
            // The lowest of their versions: what is not there was not there then.
            return find(queries, next + 1, Math.min(version, page.version()), found);
        });
    }

    /** The newest change of an entity, as far as log and archive tell. */
    Future<Optional<EntityChange>> newestChange(EntityKey key) {
        return client.historyInFull(ReadHistory.of(key, 1), lookedBackTo -> {})
                .map(HistoryPage::changes)
                .map(changes -> changes.stream().findFirst());
    }
}
