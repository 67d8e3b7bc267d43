package io.tradewind.statestore.endpoint;

import io.tradewind.contracts.Addresses;
import io.tradewind.contracts.Failure;
import io.tradewind.contracts.state.Cause;
import io.tradewind.contracts.state.Entity;
import io.tradewind.contracts.state.EntityChange;
import io.tradewind.contracts.state.HistoryPage;
import io.tradewind.contracts.state.HistoryPage.End;
import io.tradewind.contracts.state.ReadEntities;
import io.tradewind.contracts.state.ReadHistory;
import io.tradewind.statestore.domain.HistoryScan;
import io.tradewind.statestore.domain.Partition;
import io.tradewind.statestore.endpoint.HistoryReader.UnreadableEntryException;
import io.vertx.core.Future;
import io.vertx.core.eventbus.Message;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers what entities were. What the state itself knows is answered from it; for the rest a {@link HistoryReader} goes
 * back in time. On the event loop of the state-store, which closes it.
 */
final class HistoryEndpoint {

    /** Requests at work at the same time; more are told to come again. */
    private static final int MAX_AT_WORK = 32;

    private static final Cause NOT_ASKED_FOR = new Cause(null, null, null);
    private static final Logger LOG = LoggerFactory.getLogger(HistoryEndpoint.class);

    private final HistoryReader reader;
    private int atWork;

    HistoryEndpoint(HistoryReader reader, List<PartitionServer> servers) {
        this.reader = reader;
        for (PartitionServer server : servers) {
            server.<ReadHistory>answer(Addresses.stateHistory(server.number()), message -> onQuery(server, message));
        }
    }

    Future<Void> close() {
        return reader.close();
    }

    private void onQuery(PartitionServer server, Message<ReadHistory> message) {
        if (!server.isReadable()) {
            message.fail(Failure.UNAVAILABLE.code(), "partition " + server.number() + " is not loaded now; try again");
            return;
        }
        if (atWork >= MAX_AT_WORK) {
            message.fail(
                    Failure.UNAVAILABLE.code(),
                    MAX_AT_WORK + " queries of history are being answered, the limit; try again");
            return;
        }
        atWork++;
        answer(server.partition(), message.body())
                .onComplete(done -> atWork--)
                .onSuccess(message::reply)
                .onFailure(failure -> fail(server, message, failure));
    }

    private static void fail(PartitionServer server, Message<ReadHistory> message, Throwable failure) {
        boolean unreadable = failure instanceof UnreadableEntryException;
        if (unreadable) {
            LOG.error("partition {}: history cannot be read: {}", server.number(), failure.getMessage());
        }
        message.fail((unreadable ? Failure.INTERNAL : Failure.UNAVAILABLE).code(), failure.getMessage());
    }

    private Future<HistoryPage> answer(Partition partition, ReadHistory query) {
        long head = partition.durableVersion();
        long from = Math.min(query.fromVersion(), head);
        Entity current = current(partition, query);
        if (current != null && current.version() <= from) {
            if (query.stateOnly() && query.limit() == 1) {
                return Future.succeededFuture(page(head, current));
            }
            // It has not changed since: what is between need not be looked through.
            from = current.version();
        }
        return reader.run(partition.number(), head, new HistoryScan(query.key(), from, query.limit()));
    }

    private static Entity current(Partition partition, ReadHistory query) {
        List<Entity> found =
                partition.read(ReadEntities.one(query.key()), false).entities();
        return found.isEmpty() ? null : found.get(0);
    }

    private static HistoryPage page(long head, Entity current) {
        EntityChange change =
                new EntityChange(current.version(), current.timeMs(), null, NOT_ASKED_FOR, current.json());
        End end = current.version() == 1 ? End.BEGINNING : End.MORE;
        return new HistoryPage(head, List.of(change), current.version(), end, null);
    }
}
