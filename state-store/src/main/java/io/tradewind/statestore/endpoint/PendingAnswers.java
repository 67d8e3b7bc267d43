package io.tradewind.statestore.endpoint;

import io.tradewind.contracts.Failure;
import io.tradewind.contracts.state.Commit;
import io.tradewind.contracts.state.CommitReply;
import io.vertx.core.eventbus.Message;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Commands of one partition whose answer waits for a version to become durable, in the order of these versions. Bounded by
 * what the partition takes before it is full. On its event loop; after a crash those who asked hear nothing, and repeat.
 */
final class PendingAnswers {

    private record Waiter(long durableAt, Message<Commit> command, CommitReply reply) {}

    private final Deque<Waiter> waiters = new ArrayDeque<>();

    void add(long durableAt, Message<Commit> command, CommitReply reply) {
        waiters.addLast(new Waiter(durableAt, command, reply));
    }

    /** Gives the answers that wait for no later version than this one. */
    void give(long durableVersion) {
        while (!waiters.isEmpty() && waiters.peekFirst().durableAt() <= durableVersion) {
            Waiter waiter = waiters.removeFirst();
            waiter.command().reply(waiter.reply());
        }
    }

    /** Gives all of them up. */
    void fail(Failure failure, String why) {
        while (!waiters.isEmpty()) {
            waiters.removeFirst().command().fail(failure.code(), why);
        }
    }
}
