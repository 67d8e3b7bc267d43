package io.tradewind.gateway.stream;

import io.tradewind.contracts.state.ChangeFollower;
import io.tradewind.contracts.state.CommittedTransaction;
import io.tradewind.contracts.state.LogPage;
import io.tradewind.contracts.state.ReadLog;
import io.tradewind.contracts.state.StateClient;
import io.vertx.core.Context;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;

/**
 * The live changes of one partition, shared by all streams of an instance that need it: opened for the first of them,
 * closed by the hub some time after the last. On the event loop of the hub.
 */
final class PartitionFeed implements ChangeFollower.Listener {

    private final StateClient state;
    private final int partition;
    private final ChangeFollower follower;
    private final List<Group> groups = new ArrayList<>();
    private Future<Void> opened;
    private long version;
    private int users;

    PartitionFeed(Context context, StateClient state, int partition) {
        this.state = state;
        this.partition = partition;
        this.follower = new ChangeFollower(context.owner(), state, partition, this);
    }

    int partition() {
        return partition;
    }

    /** The last version that the groups have been given. */
    long version() {
        return version;
    }

    /** Completes when live changes arrive, from the present version of the partition on. */
    Future<Void> open() {
        users++;
        if (opened == null) {
            // The log tells the present version, whatever else it answers.
            opened = state.readLog(new ReadLog(partition, 0, 1))
                    .map(LogPage::headVersion)
                    .compose(head -> {
                        version = head;
                        return follower.start(head);
                    });
        }
        return opened;
    }

    void release() {
        users--;
    }

    boolean isUsed() {
        return users > 0;
    }

    /** Whether it could not be opened; the next stream has to try with a new one. */
    boolean hasFailed() {
        return opened != null && opened.failed();
    }

    void close() {
        // Nothing waits for it: the follower is deaf from here on.
        follower.close();
    }

    void add(Group group) {
        groups.add(group);
    }

    void remove(Group group) {
        groups.remove(group);
    }

    @Override
    public void onChanges(List<CommittedTransaction> transactions) {
        version = transactions.get(transactions.size() - 1).version();
        // A copy, because a client that is cut may take its group with it.
        for (Group group : List.copyOf(groups)) {
            group.onChanges(partition, transactions);
        }
    }

    @Override
    public void onReset(long headVersion) {
        version = headVersion;
        for (Group group : List.copyOf(groups)) {
            group.onReset(partition, headVersion);
        }
    }
}
