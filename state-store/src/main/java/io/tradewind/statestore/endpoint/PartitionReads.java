package io.tradewind.statestore.endpoint;

import io.tradewind.contracts.Failure;
import io.tradewind.contracts.state.CommittedTransaction;
import io.tradewind.contracts.state.EntitiesPage;
import io.tradewind.contracts.state.LogPage;
import io.tradewind.contracts.state.ReadEntities;
import io.tradewind.contracts.state.ReadLog;
import io.tradewind.statestore.redis.PartitionLog;
import io.vertx.core.eventbus.Message;
import java.time.Clock;
import java.util.List;

/**
 * Answers those who read a partition: its entities, with how fresh they are, and the transactions behind a version. Goes on
 * while the log is away, and says that it is stale then. On the event loop of the partition.
 */
final class PartitionReads {

    private final PartitionServer server;
    private final PartitionLog log;
    private final Freshness freshness;
    private final Clock clock;

    PartitionReads(PartitionServer server, PartitionLog log, Freshness freshness, Clock clock) {
        this.server = server;
        this.log = log;
        this.freshness = freshness;
        this.clock = clock;
    }

    void onRead(Message<ReadEntities> message) {
        if (canRead(message)) {
            freshness.whenFresh(message.body().maxAgeMs(), confirmed -> answer(message, confirmed));
        }
    }

    private void answer(Message<ReadEntities> message, boolean confirmed) {
        if (!canRead(message)) {
            return; // given up while the log was asked
        }
        boolean stale = !server.isServing() || !confirmed || !isConfirmed();
        EntitiesPage page = server.partition().read(message.body(), stale);
        message.reply(page.known(clock.millis() - freshness.ageMs(), stale));
    }

    /** A process that was paused does not know yet that it is not the owner any more; what it reads is not fresh. */
    private boolean isConfirmed() {
        return freshness.ageMs() < Ownership.LIFE_MS;
    }

    void onReadLog(Message<ReadLog> message) {
        if (!canRead(message)) {
            return;
        }
        ReadLog query = message.body();
        long head = server.partition().durableVersion();
        if (query.afterVersion() > head) {
            answerFromBehind(message, query);
            return;
        }
        List<CommittedTransaction> recent = server.partition().recentAfter(query.afterVersion(), query.limit());
        if (recent != null) {
            message.reply(new LogPage(head, false, recent));
            return;
        }
        log.read(server.number(), query.afterVersion())
                .onSuccess(found -> message.reply(page(query, head, found)))
                .onFailure(failure -> failByLog(message, failure));
    }

    /**
     * The asker is ahead of us. Either the store was set back, or this process was paused and another one goes on: only
     * Redis can tell, and the answer decides whether the asker throws away what it knows.
     */
    private void answerFromBehind(Message<ReadLog> message, ReadLog query) {
        long asked = server.epoch();
        log.holder(server.number())
                .onSuccess(holder -> {
                    if (holder.epoch() == asked && holder.version() < query.afterVersion()) {
                        message.reply(new LogPage(holder.version(), true, List.of()));
                    } else {
                        fail(message, "partition " + server.number() + " changes its owner: try again");
                    }
                })
                .onFailure(failure -> failByLog(message, failure));
    }

    private static LogPage page(ReadLog query, long head, List<CommittedTransaction> found) {
        if (found.isEmpty() || found.get(0).version() > query.afterVersion() + 1) {
            return new LogPage(head, true, List.of());
        }
        int end = Math.min(found.size(), query.limit());
        while (end > 0 && found.get(end - 1).version() > head) {
            // In the log, but its answer is still on the way here: not ours to tell yet.
            end--;
        }
        return new LogPage(head, false, found.subList(0, end));
    }

    private boolean canRead(Message<?> message) {
        if (!server.isReadable()) {
            fail(message, "partition " + server.number() + " is " + server.state());
            return false;
        }
        return true;
    }

    private void failByLog(Message<?> message, Throwable failure) {
        fail(message, "log of partition " + server.number() + ": " + failure.getMessage());
    }

    private static void fail(Message<?> message, String why) {
        message.fail(Failure.UNAVAILABLE.code(), why);
    }
}
