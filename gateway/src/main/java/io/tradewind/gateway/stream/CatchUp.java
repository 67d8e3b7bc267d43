package io.tradewind.gateway.stream;

import io.tradewind.contracts.state.CommittedTransaction;
import io.tradewind.contracts.state.LogPage;
import io.tradewind.contracts.state.ReadLog;
import io.tradewind.contracts.state.StateClient;
import io.tradewind.gateway.domain.Position;
import io.tradewind.gateway.domain.StreamEvent;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Brings one client from where it stands to the present by reading the log, at the pace of the client, and hands it over
 * to the live feeds. The hand-over is one step on the event loop, when the client stands at or behind every feed's
 * version; what it has read beyond a feed it will not take from the feed again. On the event loop of the hub.
 */
final class CatchUp {

    private static final long RETRY_MS = 250;

    /** Reads that may fail one after the other before the stream is given up; the client comes back later. */
    private static final int MAX_FAILURES = 40;

    private final Context context;
    private final StateClient state;
    private final StreamClient client;
    private final Set<Integer> confirmed = new HashSet<>();
    private int failures;

    CatchUp(Context context, StateClient state, StreamClient client) {
        this.context = context;
        this.state = state;
        this.client = client;
    }

    /** The client's position here is known to be in the log: it is where a feed was a moment ago. */
    void confirm(int partition) {
        confirmed.add(partition);
    }

    /** Completes, in the same step, when the client has what the feeds have; fails when the log cannot be read. */
    Future<Void> run() {
        PartitionFeed behind = behind();
        return behind == null || client.isClosed() ? Future.succeededFuture() : readOn(behind);
    }

    /** Whether the client has, right now, what the feeds have. */
    boolean isLevel() {
        return behind() == null;
    }

    private PartitionFeed behind() {
        for (PartitionFeed feed : client.feeds()) {
            boolean level = client.position(feed.partition()).version() >= feed.version();
            if (!level || !confirmed.contains(feed.partition())) {
                return feed;
            }
        }
        return null;
    }

    private Future<Void> readOn(PartitionFeed feed) {
        int partition = feed.partition();
        long after = client.position(partition).version();
        return state.readLog(new ReadLog(partition, after, ReadLog.MAX_LIMIT))
                .transform(read -> {
                    if (read.succeeded()) {
                        failures = 0;
                        return onPage(feed, read.result());
                    }
                    if (++failures >= MAX_FAILURES) {
                        return Future.failedFuture(read.cause());
                    }
                    return pause();
                })
                .compose(v -> client.writable())
                .compose(v -> run());
    }

    private Future<Void> onPage(PartitionFeed feed, LogPage page) {
        int partition = feed.partition();
        confirmed.add(partition);
        if (page.reset()) {
            client.reset(partition, page.headVersion());
            return Future.succeededFuture();
        }
        Position from = client.position(partition);
        List<StreamEvent> events = new ArrayList<>();
        for (CommittedTransaction tx : page.transactions()) {
            events.addAll(StreamEvent.of(client.filter(), partition, tx, from));
        }
        client.offer(events);
        if (page.transactions().isEmpty()) {
            // Pauses when the feed has heard of something that the log does not show yet.
            return from.version() < feed.version() ? pause() : Future.succeededFuture();
        }
        List<CommittedTransaction> read = page.transactions();
        client.passed(partition, Position.behind(read.get(read.size() - 1).version()));
        return Future.succeededFuture();
    }

    private Future<Void> pause() {
        Promise<Void> over = Promise.promise();
        context.owner().setTimer(RETRY_MS, timer -> over.complete());
        return over.future();
    }
}
