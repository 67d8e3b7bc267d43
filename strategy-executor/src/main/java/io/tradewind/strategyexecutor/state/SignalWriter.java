package io.tradewind.strategyexecutor.state;

import io.tradewind.contracts.state.Cause;
import io.tradewind.contracts.state.Commit;
import io.tradewind.contracts.state.Domains;
import io.tradewind.contracts.state.Durability;
import io.tradewind.contracts.state.EntityKey;
import io.tradewind.contracts.state.Mutation;
import io.tradewind.contracts.state.StateClient;
import io.tradewind.contracts.state.Transaction;
import io.tradewind.servicekit.Backoff;
import io.tradewind.servicekit.Retry;
import io.tradewind.strategyexecutor.runner.Signal;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stores signals durably in the {@code signal} domain. A write that failed, or whose outcome is unknown, is tried again
 * under the same transaction id, so that a signal is stored once or, after the last try, logged as lost.
 *
 * <p>Belongs to one event loop. Nothing to close; what is under way in a crash may be lost.
 */
public final class SignalWriter {

    private static final Logger LOG = LoggerFactory.getLogger(SignalWriter.class);

    /** Signals under way; a strategy that makes more than the log takes loses the newest. */
    static final int MAX_UNDER_WAY = 1_000;

    private static final int ATTEMPTS = 5;
    private static final Duration RETRY_MIN = Duration.ofMillis(100);
    private static final Duration RETRY_MAX = Duration.ofSeconds(2);

    private final Vertx vertx;
    private final StateClient state;
    private final Backoff backoff = new Backoff(RETRY_MIN, RETRY_MAX, new Random());
    private int underWay;
    private long lost;

    public SignalWriter(Vertx vertx, StateClient state) {
        this.vertx = vertx;
        this.state = state;
    }

    public void write(Signal signal) {
        if (underWay >= MAX_UNDER_WAY) {
            lost(signal, underWay + " signals wait to be stored, more are not allowed");
            return;
        }
        underWay++;
        EntityKey key = new EntityKey(Domains.SIGNAL, signal.accountId(), signal.id());
        Transaction transaction = new Transaction(
                signal.id(),
                new Cause(signal.id(), signal.id(), "strategy:" + signal.strategy()),
                List.of(new Mutation(key, signal.toJson())),
                List.of());
        Commit commit = new Commit(key.partition(), Durability.DURABLE, List.of(transaction));
        Retry.atMost(ATTEMPTS, vertx, "storing a signal of " + signal.strategy(), backoff, () -> state.commit(commit))
                .onComplete(done -> underWay--)
                .onSuccess(reply -> {
                    if (!reply.allCommitted()) {
                        lost(signal, reply.outcomes().toString());
                    }
                })
                .onFailure(failure -> lost(signal, failure.toString()));
    }

    /** Signals that could not be stored. */
    public long lost() {
        return lost;
    }

    private void lost(Signal signal, String why) {
        lost++;
        LOG.error("a signal is lost, {} in all: {}: {}", lost, signal, why);
    }
}
