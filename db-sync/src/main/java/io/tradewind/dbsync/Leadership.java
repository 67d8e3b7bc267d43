package io.tradewind.dbsync;

import io.tradewind.servicekit.Membership;
import io.tradewind.servicekit.MembershipView;
import io.tradewind.servicekit.Rendezvous;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Which db-sync of a cluster follows the logs: one follows all of them, the others stand by. A batch is one transaction
 * over all partitions; shared among several writers there would be more and smaller ones, for the same rows. Everyone
 * computes the same one from the members that offer db-sync.
 *
 * <p>That is for speed. Members may see different clusters for a while, or wake from a pause, and then two of them write:
 * what keeps Postgres right is that a batch names the offsets that it starts from, and is refused where they have moved.
 *
 * <p>On the event loop of db-sync, which closes it. After a crash of the leader the next one begins at the offsets.
 */
final class Leadership {

    /** Of the one thing that is owned. */
    private static final int ALL_PARTITIONS = 0;

    private final Membership membership;
    private final String service;
    private final Consumer<Boolean> listener;
    private final Consumer<MembershipView> watcher = this::onView;
    private final Promise<Void> decided = Promise.promise();
    private boolean leaving;

    /** @param listener hears whether this process leads, at least once, then again and again */
    Leadership(Membership membership, String service, Consumer<Boolean> listener) {
        this.membership = membership;
        this.service = service;
        this.listener = listener;
    }

    /** Takes part from now on; completes when it is known who leads. */
    Future<Void> open() {
        membership.watch(watcher);
        return membership.offer(service).compose(offered -> decided.future());
    }

    /** Leaves it to others. */
    Future<Void> leave() {
        leaving = true;
        membership.unwatch(watcher);
        return membership.withdraw(service).otherwiseEmpty();
    }

    private void onView(MembershipView view) {
        if (leaving) {
            return;
        }
        Set<String> candidates = view.offering(service);
        if (!candidates.contains(membership.self())) {
            return;
        }
        listener.accept(Rendezvous.owner(ALL_PARTITIONS, candidates)
                .filter(membership.self()::equals)
                .isPresent());
        decided.tryComplete();
    }
}
