package io.tradewind.dbsync;

import io.tradewind.contracts.state.EntitiesPage;
import io.tradewind.contracts.state.Entity;
import io.tradewind.contracts.state.EntityKey;
import io.tradewind.dbsync.StateScan.Overview;
import io.tradewind.dbsync.domain.StateRows;
import io.tradewind.dbsync.domain.TableMapping;
import io.tradewind.dbsync.domain.TableMapping.OnConflict;
import io.tradewind.dbsync.domain.TableMapping.OnDelete;
import io.tradewind.dbsync.domain.TableMappings;
import io.tradewind.dbsync.postgres.StateTables;
import io.tradewind.dbsync.postgres.StateTables.Compared;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Compares one partition of Postgres with the state-store, entity by entity, while both go on. A page of the state is
 * read at some version; when Postgres has that version, its rows are compared. A row may then be newer than the page, by
 * a version that the page could not know; anything else that differs is looked at again, both sides read afresh, and is a
 * difference when it is one every time. Then the other way round: a row whose entity the state does not have is a
 * difference, unless its kind outlives the state: orders and activities, and what leaves the state by its age.
 *
 * <p>Changes nothing. On the event loop of db-sync, gone when done.
 */
final class Verification {

    /** Times that what differs is looked at again. */
    private static final int ROUNDS = 6;

    /** Differences told; more are counted. */
    private static final int MAX_TOLD = 100;

    /** Differences looked at again; with more of them the tables are so wrong that no closer look is needed. */
    private static final int MAX_SUSPECTS = 10_000;

    /** Rows looked at in one go for entities that the state does not have. */
    private static final int ROWS = 1_000;

    private final int partition;
    private final StateScan state;
    private final StateTables tables;
    private final SyncLoop loop;
    private final Map<EntityKey, String> suspects = new LinkedHashMap<>();
    private long entities;
    private long rows;

    Verification(int partition, StateScan state, StateTables tables, SyncLoop loop) {
        this.partition = partition;
        this.state = state;
        this.tables = tables;
        this.loop = loop;
    }

    /** See {@link io.tradewind.contracts.state.SyncCommand.Verb#VERIFY}. */
    Future<JsonObject> run() {
        return state.overview(partition)
                .compose(overview -> domains(new ArrayList<>(overview.domains().keySet()))
                        .compose(done -> strays(overview))
                        .compose(done -> again(overview, ROUNDS))
                        .map(done -> answer(overview)));
    }

    private JsonObject answer(Overview overview) {
        JsonArray told = new JsonArray();
        suspects.entrySet().stream()
                .limit(MAX_TOLD)
                .forEach(found -> told.add(new JsonObject()
                        .put("entity", found.getKey().toString())
                        .put("problem", found.getValue())));
        return new JsonObject()
                .put("version", overview.version())
                .put("entities", entities)
                .put("rows", rows)
                .put("ok", suspects.isEmpty())
                .put("differences", suspects.size())
                .put("found", told);
    }

    private Future<Void> domains(List<String> domains) {
        Future<Void> done = Future.succeededFuture();
        for (String domain : domains) {
            done = done.compose(before -> state.pages(partition, domain, page -> {
                entities += page.entities().size();
                return compare(domain, page);
            }));
        }
        return done;
    }

    private Future<Void> compare(String domain, EntitiesPage page) {
        if (suspects.size() >= MAX_SUSPECTS) {
            return Future.succeededFuture();
        }
        StateRows expected = StateRows.of(partition, domain, page.entities());
        expected.misfits()
                .forEach(misfit -> suspects.put(misfit.change().key(), "does not fit its table: " + misfit.reason()));
        return loop.reached(partition, page.version())
                .compose(reached -> loop.between(() -> tables.compare(expected)))
                .onSuccess(all -> all.forEach(compared -> judge(expected.table(), page.version(), compared)))
                .mapEmpty();
    }

    private void judge(TableMapping table, long readAt, Compared found) {
        String problem = problem(table, readAt, found);
        if (problem == null) {
            suspects.remove(found.key());
        } else {
            suspects.put(found.key(), problem);
        }
    }

    private static String problem(TableMapping table, long readAt, Compared found) {
        if (found.version() == 0) {
            return "is not in " + table.table() + "; the state has it at version " + found.entityVersion();
        }
        boolean settled = table.onConflict() == OnConflict.KEEP && found.version() < found.entityVersion();
        if (found.version() > readAt || settled) {
            return null;
        }
        if (found.version() != found.entityVersion()) {
            return "is at version " + found.version() + " in " + table.table() + ", and at version "
                    + found.entityVersion() + " in the state";
        }
        return found.differences().isEmpty()
                ? null
                : "differs in " + table.table() + " at version " + found.version() + ": "
                        + String.join(", ", found.differences());
    }

    /** Rows whose entity the state does not have. */
    private Future<Void> strays(Overview overview) {
        Future<Void> done = Future.succeededFuture();
        for (TableMapping table : TableMappings.ofEntities()) {
            if (table.onDelete() == OnDelete.REMOVE_ROW) {
                done = done.compose(before -> strays(overview, table, null));
            }
        }
        return done;
    }

    private Future<Void> strays(Overview overview, TableMapping table, EntityKey after) {
        return loop.between(() -> tables.names(table, partition, after, ROWS)).compose(names -> {
            rows += names.size();
            return state.strays(overview, names).compose(strays -> {
                strays.rows().forEach(row -> suspects.putIfAbsent(row.key(), stray(table, row.version())));
                return names.size() < ROWS || suspects.size() >= MAX_SUSPECTS
                        ? Future.succeededFuture()
                        : strays(overview, table, names.get(names.size() - 1).key());
            });
        });
    }

    private static String stray(TableMapping table, long version) {
        return "is in " + table.table() + " at version " + version + "; the state does not have it";
    }

    private Future<Void> again(Overview overview, int rounds) {
        if (suspects.isEmpty() || rounds == 0 || suspects.size() >= MAX_SUSPECTS) {
            return Future.succeededFuture();
        }
        Future<Void> done = Future.succeededFuture();
        for (Map<String, List<EntityKey>> part : parts()) {
            for (Map.Entry<String, List<EntityKey>> domain : part.entrySet()) {
                done = done.compose(before -> again(overview, domain.getKey(), domain.getValue()));
            }
        }
        return done.compose(looked -> again(overview, rounds - 1));
    }

    /** Suspects by domain, in parts of a size that one statement takes. */
    private List<Map<String, List<EntityKey>>> parts() {
        List<Map<String, List<EntityKey>>> parts = new ArrayList<>();
        List<EntityKey> all = List.copyOf(suspects.keySet());
        for (int from = 0; from < all.size(); from += ROWS) {
            Map<String, List<EntityKey>> part = new LinkedHashMap<>();
            all.subList(from, Math.min(all.size(), from + ROWS))
                    .forEach(key -> part.computeIfAbsent(key.domain(), d -> new ArrayList<>())
                            .add(key));
            parts.add(part);
        }
        return parts;
    }

    private Future<Void> again(Overview overview, String domain, List<EntityKey> keys) {
        return state.find(keys).compose(found -> {
            List<Entity> there = List.copyOf(found.entities().values());
            return compare(domain, new EntitiesPage(found.version(), 0, false, there, false))
                    .compose(compared -> gone(overview, domain, found, keys));
        });
    }

    /** Those that the state does not have (any more): their rows must be gone, too, or be of a kind that stays. */
    private Future<Void> gone(Overview overview, String domain, StateScan.Found found, List<EntityKey> keys) {
        List<EntityKey> missing =
                keys.stream().filter(key -> !found.entities().containsKey(key)).toList();
        TableMapping table = TableMappings.of(domain);
        if (missing.isEmpty()) {
            return Future.succeededFuture();
        }
        if (table.onDelete() == OnDelete.KEEP_ROW || overview.retention().contains(domain)) {
            suspects.keySet().removeAll(missing);
            return Future.succeededFuture();
        }
        return loop.between(() -> tables.versions(table, missing)).map(versions -> {
            for (EntityKey key : missing) {
                Long version = versions.get(key);
                if (version == null || version > found.version()) {
                    suspects.remove(key);
                } else {
                    suspects.put(key, stray(table, version));
                }
            }
            return null;
        });
    }
}
