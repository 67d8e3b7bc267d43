package io.tradewind.statestore.endpoint;

import io.tradewind.servicekit.Membership;
import io.tradewind.servicekit.MembershipView;
import io.tradewind.servicekit.Rendezvous;
import io.tradewind.statestore.domain.Claim;
import io.tradewind.statestore.domain.Claim.Move;
import io.tradewind.statestore.domain.Holder;
import io.tradewind.statestore.redis.PartitionLog;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which partitions this process serves. Everyone computes from the members that offer the state-store who should own
 * what; the hand-over itself goes through Redis, which every owner needs anyway:
 *
 * <pre>
 *   old owner                      Redis                       new owner
 *   drain, unregister ── release ──► owner = ""
 *                                  epoch + 1  ◄── looks every {@value #LOOK_MS} ms ──┤
 *                                  owner = me ◄──────── acquire ─────────────┤ load, serve
 * </pre>
 *
 * An owner that cannot release, because it is dead or silent, is replaced, see {@link Claim}. Every process gives a sign
 * of life in Redis and looks whether what it serves is still its own, so that one that was paused finds out within
 * {@value #CHECK_MS} ms after it wakes, without having to be asked to write. That is for speed; what keeps the log right
 * is its epoch alone.
 *
 * <p>On the event loop of the state-store, which closes it. After a crash the next owner acquires.
 */
final class Ownership {

    static final String SERVICE = "state-store";

    /** How often is looked at a partition that should be served here and is not. */
    static final long LOOK_MS = 50;
    /** How often a sign of life is given and ownership is checked. */
    static final long CHECK_MS = 250;
    /** How long a sign of life counts; and how old the last check may be for a read to be called fresh. */
    static final long LIFE_MS = 1_000;
    /**
     * How long a living owner may take to hand over: above what it needs to empty a full window of appends, and above
     * what the cluster needs to find together again after one of the two was paused.
     */
    static final long PATIENCE_MS = 15_000;
    /** After leaving, how long those who have not heard of it are still answered. */
    private static final long LINGER_MS = 250;

    private static final Logger LOG = LoggerFactory.getLogger(Ownership.class);

    private static final class Slot {
        final PartitionServer server;
        final Claim claim;
        boolean busy;

        Slot(PartitionServer server, String self) {
            this.server = server;
            this.claim = new Claim(self, PATIENCE_MS);
        }
    }

    private final Vertx vertx;
    private final Membership membership;
    private final PartitionLog log;
    private final List<Slot> slots = new ArrayList<>();
    private final Promise<Void> settled = Promise.promise();
    private final Consumer<MembershipView> watcher = this::onView;
    private MembershipView view;
    private long lookTimer = -1;
    private long checkTimer = -1;
    private boolean offered;
    private boolean leaving;

    Ownership(Vertx vertx, Membership membership, PartitionLog log, List<PartitionServer> servers) {
        this.vertx = vertx;
        this.membership = membership;
        this.log = log;
        this.view = membership.view();
        for (PartitionServer server : servers) {
            Slot slot = new Slot(server, membership.self());
            slots.add(slot);
            server.onLost(slot.claim::lost);
        }
    }

    /**
     * Begins to take part; the first partition is taken when {@link #onLog} says that the log can be reached.
     *
     * @return completes when everything that this process should serve now is served
     */
    Future<Void> open() {
        membership.watch(watcher);
        lookTimer = vertx.setPeriodic(LOOK_MS, id -> look());
        checkTimer = vertx.setPeriodic(CHECK_MS, id -> check());
        return settled.future();
    }

    /** The log can be reached: only now this process is of use to anyone. */
    void onLog() {
        check();
        if (!offered) {
            offered = true;
            membership.offer(SERVICE).onFailure(failure -> {
                offered = false;
                settled.tryFail(failure);
            });
        }
        look();
    }

    /** Partitions that this process serves or should serve. */
    long owned() {
        return slots.stream()
                .filter(slot -> slot.claim.isWanted() || slot.server.isHeld())
                .count();
    }

    /** Hands everything over and completes when that is done; takes nothing more. */
    Future<Void> leave() {
        leaving = true;
        vertx.cancelTimer(lookTimer);
        vertx.cancelTimer(checkTimer);
        membership.unwatch(watcher);
        // Whether the others hear of it now or find out when the process has gone: they can take what is released.
        membership.withdraw(SERVICE).onFailure(failure -> LOG.warn("leaving could not be announced", failure));
        boolean others = view.members().size() > 1;
        return Future.join(slots.stream().map(slot -> slot.server.release()).toList())
                .compose(done -> others ? pause() : Future.succeededFuture());
    }

    private Future<Void> pause() {
        Promise<Void> over = Promise.promise();
        vertx.setTimer(LINGER_MS, id -> over.complete());
        return over.future();
    }

    private void onView(MembershipView now) {
        view = now;
        Set<String> stores = now.offering(SERVICE);
        for (Slot slot : slots) {
            Optional<String> owner = Rendezvous.owner(slot.server.number(), stores);
            slot.claim.want(owner.isPresent() && owner.get().equals(membership.self()), nowMs());
        }
        look();
    }

    /** One step towards what should be; cheap when everything is as it should be. */
    private void look() {
        // Who does not count itself among the members yet cannot know what it should give up.
        if (leaving || !log.isReachable() || !view.offering(SERVICE).contains(membership.self())) {
            return;
        }
        for (Slot slot : slots) {
            if (slot.busy) {
                continue;
            }
            if (slot.claim.isWanted() && !slot.server.isHeld()) {
                claim(slot);
            } else if (!slot.claim.isWanted() && slot.server.isHeld()) {
                handOver(slot);
            }
        }
        if (slots.stream().allMatch(slot -> !slot.claim.isWanted() || slot.server.isReady())) {
            settled.tryComplete();
        }
    }

    private void handOver(Slot slot) {
        LOG.info("partition {}: is handed over", slot.server.number());
        slot.busy = true;
        slot.server.release().onComplete(done -> slot.busy = false);
    }

    private void claim(Slot slot) {
        slot.busy = true;
        int number = slot.server.number();
        log.holder(number)
                .compose(holder -> log.isAlive(holder.member()).map(alive -> {
                    if (!leaving && slot.claim.decide(holder, alive, nowMs()) == Move.TAKE) {
                        take(slot, holder);
                    }
                    return null;
                }))
                .onComplete(done -> {
                    slot.busy = false;
                    if (done.failed()) {
                        LOG.debug("partition {}: owner cannot be read", number, done.cause());
                    }
                });
    }

    private void take(Slot slot, Holder holder) {
        LOG.debug("partition {}: taken over from {}", slot.server.number(), holder);
        slot.server
                .take(holder.epoch())
                .onSuccess(serving -> slot.claim.taken())
                .onFailure(failure -> {
                    if (PartitionServer.isDamage(failure)) {
                        settled.tryFail(failure);
                    }
                });
    }

    private void check() {
        if (!log.isReachable()) {
            return;
        }
        log.live(LIFE_MS).onFailure(failure -> LOG.debug("no sign of life could be given", failure));
        for (Slot slot : slots) {
            PartitionServer server = slot.server;
            if (server.isServing()) {
                long epoch = server.epoch();
                long askedNs = System.nanoTime();
                log.holder(server.number()).onSuccess(holder -> {
                    if (server.isServing() && server.epoch() == epoch) {
                        server.onChecked(holder, askedNs);
                    }
                });
            }
        }
    }

    private static long nowMs() {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
    }
}
