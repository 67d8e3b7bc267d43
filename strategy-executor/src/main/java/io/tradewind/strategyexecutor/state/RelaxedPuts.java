package io.tradewind.strategyexecutor.state;

import io.tradewind.contracts.Json;
import io.tradewind.contracts.state.Cause;
import io.tradewind.contracts.state.Commit;
import io.tradewind.contracts.state.CommitReply;
import io.tradewind.contracts.state.Durability;
import io.tradewind.contracts.state.EntityKey;
import io.tradewind.contracts.state.Mutation;
import io.tradewind.contracts.state.StateClient;
import io.tradewind.contracts.state.Transaction;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts of which only the latest per entity matters: waits with them until {@link #flush()}, which writes all that wait
 * in one relaxed transaction per partition. At most one is under way per partition. What could not be written waits for
 * the next flush, unless something newer has come; so it holds one document per entity, however long the state-store
 * is away.
 *
 * <p>Belongs to one event loop. Nothing to close; what waits is lost in a crash.
 */
public final class RelaxedPuts {

    private static final Logger LOG = LoggerFactory.getLogger(RelaxedPuts.class);

    private final String what;
    private final StateClient state;
    private final Supplier<String> ids;
    private final String actor;
    private final Map<Integer, Map<EntityKey, Json>> waiting = new HashMap<>();
    private final Set<Integer> underWay = new HashSet<>();
    private String trouble;

    /** @param what for the log, such as {@code quotes} */
    public RelaxedPuts(String what, StateClient state, Supplier<String> ids, String actor) {
        this.what = what;
        this.state = state;
        this.ids = ids;
        this.actor = actor;
    }

    public void put(EntityKey key, Json json) {
        waiting.computeIfAbsent(key.partition(), p -> new LinkedHashMap<>()).put(key, json);
    }

    /** Writes what waits. Completes when it is answered; never fails, see {@link #trouble()}. */
    public Future<Void> flush() {
        List<Future<Void>> writes = new ArrayList<>();
        for (int partition : List.copyOf(waiting.keySet())) {
            if (underWay.add(partition)) {
                writes.add(write(partition, waiting.remove(partition)));
            }
        }
        return Future.join(writes).mapEmpty();
    }

    /** Why the last write failed; {@code null} when it did not. */
    public String trouble() {
        return trouble;
    }

    private Future<Void> write(int partition, Map<EntityKey, Json> puts) {
        String id = ids.get();
        List<Mutation> mutations = new ArrayList<>(puts.size());
        puts.forEach((key, json) -> mutations.add(new Mutation(key, json)));
        Transaction transaction = new Transaction(id, new Cause(id, id, actor), mutations, List.of());
        return state.commit(new Commit(partition, Durability.RELAXED, List.of(transaction)))
                .compose(RelaxedPuts::committed)
                .onComplete(done -> underWay.remove(partition))
                .onSuccess(done -> recovered())
                .onFailure(failure -> keep(partition, puts, failure))
                .otherwiseEmpty();
    }

    private static Future<Void> committed(CommitReply reply) {
        return reply.allCommitted()
                ? Future.succeededFuture()
                : Future.failedFuture(
                        new IllegalStateException("refused: " + reply.outcomes().get(0)));
    }

    private void keep(int partition, Map<EntityKey, Json> puts, Throwable failure) {
        Map<EntityKey, Json> newer = waiting.computeIfAbsent(partition, p -> new LinkedHashMap<>());
        puts.forEach(newer::putIfAbsent);
        if (trouble == null) {
            LOG.warn("{} cannot be stored for the time being: {}", what, failure.toString());
        }
        trouble = failure.toString();
    }

    private void recovered() {
        if (trouble != null) {
            LOG.info("{} are stored again", what);
            trouble = null;
        }
    }
}
