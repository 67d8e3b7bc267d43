package io.tradewind.contracts.state;

import io.tradewind.contracts.Addresses;
import io.tradewind.contracts.Failure;
import io.tradewind.contracts.Json;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageConsumer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Stands for the state-store, which is another service: the log of one partition behind its address, as well or badly
 * behaved as a test wants it. Not thread safe: everything on the context that it was made on.
 */
final class FakeLog {

    private final Vertx vertx;
    private final int partition;
    private final List<CommittedTransaction> log = new ArrayList<>();
    private final Deque<Runnable> heldReplies = new ArrayDeque<>();
    private final MessageConsumer<ReadLog> consumer;

    /** How many transactions one page has at most. */
    int pageSize = ReadLog.MAX_LIMIT;

    /** How many of the next queries fail. */
    int failing;

    /** Whether answers, as of the time of their query, wait for {@link #release}. */
    boolean holding;

    /** Queries so far. */
    int queries;

    private long firstKept = 1;

    FakeLog(Vertx vertx, int partition) {
        this.vertx = vertx;
        this.partition = partition;
        this.consumer = vertx.eventBus().consumer(Addresses.stateLog(partition), this::onQuery);
    }

    Future<Void> ready() {
        return consumer.completion();
    }

    Future<Void> close() {
        return consumer.unregister();
    }

    long head() {
        return log.size();
    }

    /** The log no longer has versions below {@code version}. */
    void trimBelow(long version) {
        firstKept = Math.max(firstKept, version);
    }

    /** An older state, as after a restore: the newest versions never were. */
    void setBackTo(long version) {
        log.subList((int) version, log.size()).clear();
    }

    /** Makes {@code count} more versions durable and tells nobody. */
    void append(int count) {
        for (int i = 0; i < count; i++) {
            long version = head() + 1;
            Mutation put =
                    new Mutation(new EntityKey("thing", Partitions.pinnedKey(partition), "1"), Json.of("" + version));
            log.add(new CommittedTransaction(
                    version, 1_000 + version, "tx-" + version, new Cause(null, null, "test"), List.of(put)));
        }
    }

    /** Tells of the versions {@code from} to {@code to}, as the owner does once they are durable. */
    void publish(long from, long to) {
        vertx.eventBus().publish(Addresses.stateChanges(partition), new Changes(partition, 1, of(from, to)));
    }

    /** Makes and publishes {@code count} versions. */
    void commit(int count) {
        long from = head() + 1;
        append(count);
        publish(from, head());
    }

    List<CommittedTransaction> of(long from, long to) {
        return List.copyOf(log.subList((int) from - 1, (int) to));
    }

    /** Sends the held answers and holds no more. */
    void release() {
        holding = false;
        while (!heldReplies.isEmpty()) {
            heldReplies.removeFirst().run();
        }
    }

    private void onQuery(Message<ReadLog> message) {
        queries++;
        Runnable reply;
        if (failing > 0) {
            failing--;
            reply = () -> message.fail(Failure.UNAVAILABLE.code(), "loading");
        } else {
            LogPage page = page(message.body());
            reply = () -> message.reply(page);
        }
        if (holding) {
            heldReplies.addLast(reply);
        } else {
            reply.run();
        }
    }

    private LogPage page(ReadLog query) {
        long after = query.afterVersion();
        if (after > head() || after + 1 < firstKept) {
            return new LogPage(head(), true, List.of());
        }
        return new LogPage(head(), false, of(after + 1, Math.min(head(), after + Math.min(pageSize, query.limit()))));
    }
}
