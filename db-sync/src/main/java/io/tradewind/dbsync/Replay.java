package io.tradewind.dbsync;

import io.tradewind.contracts.state.Entity;
import io.tradewind.contracts.state.EntityKey;
import io.tradewind.dbsync.domain.Batch;
import io.tradewind.dbsync.domain.DeadLetter;
import io.tradewind.dbsync.domain.EntityChange;
import io.tradewind.dbsync.domain.StateRows;
import io.tradewind.dbsync.domain.TableMapping.OnDelete;
import io.tradewind.dbsync.domain.TableMappings;
import io.tradewind.dbsync.domain.TableOp;
import io.tradewind.dbsync.postgres.Database;
import io.tradewind.dbsync.postgres.DeadLetterTable;
import io.tradewind.dbsync.postgres.DeadLetterTable.Letter;
import io.tradewind.dbsync.postgres.StateTables;
import io.tradewind.dbsync.postgres.TablesAheadException;
import io.tradewind.dbsync.postgres.Written;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Writes what was set aside of one partition once more, after its cause was mended. What is written is what the entity is
 * <em>now</em>: of one that the state still has, its document there; of one that left the state by its age, its newest
 * letter. A letter about something that was deleted meanwhile is dropped. In any case the row's version decides, so that
 * nothing older comes over something newer. What still does not fit is set aside again.
 *
 * <p>On the event loop of db-sync, gone when done. Letters leave in the transaction that writes their rows; it can be
 * repeated after a crash.
 */
final class Replay {

    /** Letters of one transaction. */
    private static final int PAGE = 500;

    /** Times that the state is read again because Postgres was ahead of what the state-store had confirmed. */
    private static final int MAX_ATTEMPTS = 100;

    private final int partition;
    private final StateScan state;
    private final StateTables tables;
    private final Database database;
    private final SyncLoop loop;
    private long seen;
    private long outdated;
    private long setAsideAgain;

    Replay(int partition, StateScan state, StateTables tables, Database database, SyncLoop loop) {
        this.partition = partition;
        this.state = state;
        this.tables = tables;
        this.database = database;
        this.loop = loop;
    }

    /** See {@link io.tradewind.contracts.state.SyncCommand.Verb#REPLAY}. */
    Future<JsonObject> run() {
        return loop.between(() -> DeadLetterTable.last(database, partition))
                .compose(last -> pages(0, last))
                .eventually(() -> loop.between(loop::countDeadLetters))
                .map(done -> new JsonObject()
                        .put("replayed", seen - outdated - setAsideAgain)
                        .put("outdated", outdated)
                        .put("left", setAsideAgain));
    }

    private Future<Void> pages(long after, long last) {
        return loop.between(() -> DeadLetterTable.page(database, partition, after, last, PAGE))
                .compose(letters -> letters.isEmpty()
                        ? Future.succeededFuture()
                        : page(letters)
                                .compose(done ->
                                        pages(letters.get(letters.size() - 1).id(), last)));
    }

    private Future<Void> page(List<Letter> letters) {
        Set<EntityKey> keys = new LinkedHashSet<>();
        letters.forEach(letter -> keys.add(letter.key()));
        return attempt(letters, keys, 1)
                .onSuccess(written -> {
                    seen += letters.size();
                    setAsideAgain += written.deadLetters();
                })
                .mapEmpty();
    }

    private Future<Written> attempt(List<Letter> letters, Set<EntityKey> keys, int attempts) {
        return state.find(List.copyOf(keys))
                .compose(found -> changes(letters, keys, found))
                .compose(work -> loop.between(() -> write(letters, work)))
                .recover(failure -> failure instanceof TablesAheadException && attempts < MAX_ATTEMPTS
                        ? attempt(letters, keys, attempts + 1)
                        : Future.failedFuture(failure));
    }

    /** What is to be written, and the version at which that was found out. */
    private record Work(long readAt, List<EntityChange> changes) {}

    private Future<Work> changes(List<Letter> letters, Set<EntityKey> keys, StateScan.Found found) {
        List<EntityChange> changes = new ArrayList<>();
        Future<Void> done = Future.succeededFuture();
        for (EntityKey key : keys) {
            Entity entity = found.entities().get(key);
            if (entity != null) {
                changes.add(change(key, entity.json(), entity.version(), entity.timeMs()));
            } else {
                done = done.compose(before -> left(key, letters, changes));
            }
        }
        return done.map(v -> new Work(found.version(), changes));
    }

    private Future<Void> left(EntityKey key, List<Letter> letters, List<EntityChange> changes) {
        Letter newest = letters.stream()
                .filter(letter -> letter.key().equals(key))
                .max((a, b) -> Long.compare(a.version(), b.version()))
                .orElseThrow();
        EntityChange change = change(key, newest.json(), newest.version(), newest.atMs());
        if (newest.json() == null || TableMappings.of(key.domain()).onDelete() == OnDelete.KEEP_ROW) {
            changes.add(change);
            return Future.succeededFuture();
        }
        return state.newestChange(key).map(last -> {
            boolean deleted = last.isPresent()
                    && last.get().isDelete()
                    && !last.get().cause().isRetention();
            if (deleted) {
                outdated++;
            } else {
                changes.add(change);
            }
            return null;
        });
    }

    private EntityChange change(EntityKey key, io.tradewind.contracts.Json json, long version, long timeMs) {
        return new EntityChange(partition, key, json, version, version, timeMs, 1);
    }

    private Future<Written> write(List<Letter> letters, Work work) {
        Map<String, List<EntityChange>> puts = new TreeMap<>();
        Map<String, List<EntityChange>> deletes = new LinkedHashMap<>();
        work.changes().forEach(change -> (change.isDelete() ? deletes : puts)
                .computeIfAbsent(change.key().domain(), domain -> new ArrayList<>())
                .add(change));
        List<TableOp> ops = new ArrayList<>();
        List<DeadLetter> misfits = new ArrayList<>();
        deletes.forEach((domain, changes) -> ops.add(StateRows.deletes(domain, changes)));
        puts.forEach((domain, changes) -> {
            StateRows rows = StateRows.ofPuts(domain, changes);
            ops.addAll(rows.batch().ops());
            misfits.addAll(rows.misfits());
        });
        Batch batch = new Batch(List.of(), ops, List.of(), List.of(), misfits, List.of(), 0, 0, 0, false);
        return tables.writeInstead(partition, work.readAt(), batch, letters);
    }
}
