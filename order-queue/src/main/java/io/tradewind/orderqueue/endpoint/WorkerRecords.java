package io.tradewind.orderqueue.endpoint;

import io.tradewind.contracts.Json;
import io.tradewind.contracts.JsonObjects;
import io.tradewind.contracts.state.Cause;
import io.tradewind.contracts.state.Commit;
import io.tradewind.contracts.state.CommitReply;
import io.tradewind.contracts.state.Domains;
import io.tradewind.contracts.state.Durability;
import io.tradewind.contracts.state.EntityKey;
import io.tradewind.contracts.state.Mutation;
import io.tradewind.contracts.state.StateClient;
import io.tradewind.contracts.state.Transaction;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.util.List;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells in the state, and so to every subscriber, that a worker was replaced, and that its successor is at work. One
 * document for each place of a worker: the last that happened to it; the audit has what was before.
 *
 * <pre>
 *   {"id": "2", "worker": "order-worker-2", "instance": "…", "status": "replaced",
 *    "replaced_at": "2026-01-31T09:30:00.125Z", "reason": "it has not answered for 10000 ms",
 *    "doing": "order-worker-2 RUNNABLE\n    at …", "at_work_at": "2026-01-31T09:30:00.325Z", "replacements": 1}
 * </pre>
 *
 * <p>{@code status} is {@code replaced} until the successor has all partitions of the place, {@code working} from
 * {@code at_work_at} on; {@code replacements} counts since the start of the process.
 *
 * <p>On the event loop of the order-queue; nothing to close. A crash may forget the newest one; the log file has it.
 */
final class WorkerRecords {

    /** Of the stack trace; the log file has all of it. */
    static final int MAX_DOING_CHARS = 4_000;

    /** A state-store that is away for longer than this is more of a story than the worker. */
    private static final int MAX_TRIES = 60;

    private static final long RETRY_MS = 1_000;
    private static final String ACTOR = "order-queue";

    private static final Logger LOG = LoggerFactory.getLogger(WorkerRecords.class);

    /**
     * What happened to the worker of a place.
     *
     * @param place its number
     * @param doing what its thread did
     * @param atWorkMs when its successor had taken over; 0 while it has not
     * @param replacements so far, this one included
     */
    record Incident(
            int place, String worker, String reason, String doing, long replacedMs, long atWorkMs, int replacements) {

        Incident overAt(long nowMs) {
            return new Incident(place, worker, reason, doing, replacedMs, nowMs, replacements);
        }

        private Json toJson(String instance) {
            return JsonObjects.write(out -> out.text("id", Integer.toString(place))
                    .text("worker", worker)
                    .text("instance", instance)
                    .text("status", atWorkMs == 0 ? "replaced" : "working")
                    .time("replaced_at", replacedMs)
                    .text("reason", reason)
                    .text("doing", doing.substring(0, Math.min(MAX_DOING_CHARS, doing.length())))
                    .time("at_work_at", atWorkMs)
                    .number("replacements", replacements));
        }
    }

    private final Vertx vertx;
    private final StateClient state;
    private final Supplier<String> ids;
    private final Clock clock;
    private final String instance;
    /** So that what happened first is also stored first. */
    private Future<Void> last = Future.succeededFuture();

    WorkerRecords(Vertx vertx, StateClient state, Supplier<String> ids, Clock clock, String instance) {
        this.vertx = vertx;
        this.state = state;
        this.ids = ids;
        this.clock = clock;
        this.instance = instance;
    }

    Incident replaced(int place, String worker, String reason, String doing, int replacements) {
        Incident happened = new Incident(place, worker, reason, doing, clock.millis(), 0, replacements);
        store(happened);
        return happened;
    }

    void atWorkAgain(Incident incident) {
        store(incident.overAt(clock.millis()));
    }

    private void store(Incident incident) {
        EntityKey key = new EntityKey(Domains.WORKER, Domains.GLOBAL_KEY, Integer.toString(incident.place()));
        String id = ids.get();
        Transaction tx = new Transaction(
                id, new Cause(id, null, ACTOR), List.of(new Mutation(key, incident.toJson(instance))), List.of());
        Commit commit = new Commit(key.partition(), Durability.SETTLING, List.of(tx));
        last = last.transform(before -> tryStore(commit, 1))
                .onFailure(failure -> LOG.warn("{} was replaced, which is not recorded", incident.worker(), failure));
    }

    /** Under the same transaction id each time, so that it is done once. */
    private Future<Void> tryStore(Commit commit, int times) {
        return state.commit(commit)
                .compose(WorkerRecords::check)
                .recover(failure -> times == MAX_TRIES
                        ? Future.failedFuture(failure)
                        : pause().compose(v -> tryStore(commit, times + 1)));
    }

    private static Future<Void> check(CommitReply reply) {
        return reply.allCommitted()
                ? Future.succeededFuture()
                : Future.failedFuture("turned away: " + reply.outcomes());
    }

    private Future<Void> pause() {
        Promise<Void> over = Promise.promise();
        vertx.setTimer(RETRY_MS, id -> over.complete());
        return over.future();
    }
}
