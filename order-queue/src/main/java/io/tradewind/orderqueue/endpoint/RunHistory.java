package io.tradewind.orderqueue.endpoint;

import io.tradewind.contracts.state.Cause;
import io.tradewind.contracts.state.Commit;
import io.tradewind.contracts.state.Domains;
import io.tradewind.contracts.state.Durability;
import io.tradewind.contracts.state.EntityKey;
import io.tradewind.contracts.state.Mutation;
import io.tradewind.contracts.state.ReadEntities;
import io.tradewind.contracts.state.StateClient;
import io.tradewind.contracts.state.Transaction;
import io.tradewind.orderqueue.endpoint.RunRecord.Trigger;
import io.vertx.core.Future;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Supplier;

/**
 * Keeps the comparisons with the broker in the state: the last one always, and every one that found something or that
 * somebody asked for. Of those the oldest leave the state; Postgres has them in its audit.
 *
 * <p>On the event loop of {@link Reconciliations}; nothing to close.
 */
final class RunHistory {

    /** Runs kept in the state. */
    static final int MAX_KEPT = 200;

    private final StateClient state;
    private final Supplier<String> ids;
    private final Deque<String> kept = new ArrayDeque<>();
    private boolean loaded;

    RunHistory(StateClient state, Supplier<String> ids) {
        this.state = state;
        this.ids = ids;
    }

    /** Completes when the run is stored. */
    Future<Void> end(RunRecord record, String correlationId, long nowMs) {
        record.finished(nowMs);
        return load().compose(v -> {
            List<Mutation> mutations = new ArrayList<>();
            mutations.add(new Mutation(key(Domains.LAST_RUN), record.toJson()));
            boolean isKept =
                    record.trigger() == Trigger.OPERATOR || !record.mismatches().isEmpty();
            if (isKept) {
                mutations.add(new Mutation(key(record.id()), record.toJson()));
                kept.addLast(record.id());
                while (kept.size() > MAX_KEPT) {
                    mutations.add(new Mutation(key(kept.removeFirst()), null));
                }
            }
            Transaction tx = new Transaction(
                    ids.get(),
                    new Cause(correlationId == null ? record.id() : correlationId, null, record.actor()),
                    mutations,
                    List.of());
            // One that found nothing is made good by the next.
            Durability durability = isKept ? Durability.SETTLING : Durability.RELAXED;
            Future<Void> stored = state.commit(new Commit(key("").partition(), durability, List.of(tx)))
                    .compose(reply -> reply.allCommitted()
                            ? Future.succeededFuture()
                            : Future.failedFuture("the run was not stored: " + reply.outcomes()));
            return isKept ? stored : stored.otherwiseEmpty();
        });
    }

    private Future<Void> load() {
        if (loaded) {
            return Future.succeededFuture();
        }
        return state.read(ReadEntities.of(Domains.RECONCILIATION, Domains.GLOBAL_KEY, ReadEntities.MAX_LIMIT))
                .map(page -> {
                    if (!loaded) {
                        page.entities().stream()
                                .map(entity -> entity.key().id())
                                .filter(id -> !id.equals(Domains.LAST_RUN))
                                .forEach(kept::addLast);
                        loaded = true;
                    }
                    return null;
                });
    }

    private static EntityKey key(String id) {
        return new EntityKey(Domains.RECONCILIATION, Domains.GLOBAL_KEY, id);
    }
}
