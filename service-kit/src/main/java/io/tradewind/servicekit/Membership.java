package io.tradewind.servicekit;

import com.hazelcast.cluster.Member;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.replicatedmap.ReplicatedMap;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageConsumer;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who is in the cluster and offers which service. A process on its own is a cluster of one.
 *
 * <p>Members are those of Hazelcast. What they offer each of them writes into a replicated map, under its own id only,
 * and repeats that, so that an entry that a split or a merge has lost comes back by itself; entries of processes that are
 * gone count for nothing and expire. Both are local memory, looked at every {@value #LOOK_MS} ms: a look never waits for
 * another member, and there is no event that could be lost.
 *
 * <p>Any thread; watchers are called on the context that they registered on, in order. Closed by the {@link ServiceKit}.
 */
public final class Membership {

    /** How often the members are looked at; a part of how long a takeover takes. */
    static final long LOOK_MS = 100;
    /** How often this process repeats what it offers and registered, and after what time others forget it. */
    static final long REPEAT_MS = 5_000;

    static final long FORGET_MS = 60_000;

    private static final String OFFERS = "tradewind.offers";
    private static final String SEPARATOR = " ";

    private static final Logger LOG = LoggerFactory.getLogger(Membership.class);

    private final Vertx vertx;
    private final QuietClusterManager manager;
    private final HazelcastInstance hazelcast;
    private final ReplicatedMap<String, String> offers;
    private final LostRequests requests;
    private final String self;
    private final Set<String> own = new TreeSet<>();
    private final List<Watcher> watchers = new CopyOnWriteArrayList<>();
    private final Context context;
    private final long timer;
    private final long repairTimer;
    private volatile MembershipView view;
    private volatile boolean closed;
    private volatile boolean repairing;
    private long repeatedAtNs;

    private record Watcher(Context context, Consumer<MembershipView> listener) {}

    private Membership(
            Vertx vertx,
            QuietClusterManager manager,
            HazelcastInstance hazelcast,
            ReplicatedMap<String, String> offers) {
        this.vertx = vertx;
        this.manager = manager;
        this.hazelcast = hazelcast;
        this.offers = offers;
        this.self = manager == null ? UUID.randomUUID().toString() : manager.getNodeId();
        this.context = vertx.getOrCreateContext();
        this.view = new MembershipView(Set.of(self), Map.of());
        if (manager == null) {
            timer = -1;
            repairTimer = -1;
            requests = null;
            return;
        }
        LOG.info("cluster: this process is member {}", self);
        requests = new LostRequests(vertx, manager.registrations(), self);
        timer = vertx.setPeriodic(LOOK_MS, id -> look());
        repairTimer = vertx.setPeriodic(REPEAT_MS, id -> repair());
        look();
    }

    /** A process that is not part of a cluster. */
    static Membership alone(Vertx vertx) {
        return new Membership(vertx, null, null, null);
    }

    /** A member of the cluster that {@code manager} has joined. */
    static Future<Membership> joined(Vertx vertx, QuietClusterManager manager) {
        HazelcastInstance hazelcast = manager.getHazelcastInstance();
        return vertx.executeBlocking(() -> hazelcast.<String, String>getReplicatedMap(OFFERS))
                .map(offers -> new Membership(vertx, manager, hazelcast, offers));
    }

    /** The id of this process, which no other process ever has. */
    public String self() {
        return self;
    }

    /** What was seen last. */
    public MembershipView view() {
        return view;
    }

    /** Calls {@code listener} with what is seen now and with every change, on the current Vert.x context. */
    public void watch(Consumer<MembershipView> listener) {
        Watcher watcher = new Watcher(vertx.getOrCreateContext(), listener);
        context.runOnContext(v -> {
            watchers.add(watcher);
            tell(watcher, view);
        });
    }

    public void unwatch(Consumer<MembershipView> listener) {
        watchers.removeIf(watcher -> watcher.listener() == listener);
    }

    /** Says to all that this process offers {@code service}. Completes when it is on its way. */
    public Future<Void> offer(String service) {
        return change(() -> own.add(service));
    }

    /** Says to all that this process does no longer offer {@code service}. */
    public Future<Void> withdraw(String service) {
        return change(() -> own.remove(service));
    }

    /**
     * Hears what other members send to {@code address} although they should no longer: they learn a little later than
     * this process that its consumer is gone, and what they send meanwhile would be dropped without an answer. Never
     * chosen by anyone, and not to be registered beside an ordinary consumer for longer than a moment.
     *
     * @return empty in a process on its own, where there is nobody who could be late
     */
    public <T> Optional<MessageConsumer<T>> latecomers(String address, Handler<Message<T>> handler) {
        if (manager == null) {
            return Optional.empty();
        }
        return Optional.of(manager.quietly(() -> vertx.eventBus().consumer(address, handler)));
    }

    void close() {
        closed = true;
        vertx.cancelTimer(timer);
        vertx.cancelTimer(repairTimer);
        if (requests != null) {
            requests.close();
        }
    }

    private Future<Void> change(Runnable change) {
        synchronized (own) {
            change.run();
        }
        if (manager == null) {
            lookSoon();
            return Future.succeededFuture();
        }
        return write().onComplete(done -> lookSoon());
    }

    private String ownOffers() {
        synchronized (own) {
            return String.join(SEPARATOR, own);
        }
    }

    private Future<Void> write() {
        return context.executeBlocking(() -> {
            // Read here, not by the caller: writes are carried out one after the other, the last one has the last word.
            offers.put(self, ownOffers(), FORGET_MS, TimeUnit.MILLISECONDS);
            return null;
        });
    }

    private void lookSoon() {
        context.runOnContext(v -> look());
    }

    private void look() {
        if (closed) {
            return;
        }
        try {
            MembershipView now = manager == null ? alone() : seen();
            if (!now.equals(view)) {
                LOG.info("cluster: {} members, offers {}", now.members().size(), now.offers());
                MembershipView before = view;
                view = now;
                if (manager != null) {
                    onMembers(before, now);
                }
                watchers.forEach(watcher -> tell(watcher, now));
            }
        } catch (RuntimeException e) {
            // Hazelcast is closing, or starts afresh after a split: the last view stands until it can be asked again.
            LOG.debug("cluster members cannot be read now", e);
        }
    }

    /** In this order: whoever repeats what failed must not send it to the same member again. */
    private void onMembers(MembershipView before, MembershipView now) {
        manager.registrations().members(now.members());
        Set<String> departed = new HashSet<>(before.members());
        departed.removeAll(now.members());
        requests.fail(departed);
        repair();
    }

    /** Completes when it is done; at once while one is under way. */
    Future<Void> repair() {
        if (closed || repairing) {
            return Future.succeededFuture();
        }
        repairing = true;
        return manager.repair().onComplete(done -> {
            repairing = false;
            if (done.failed()) {
                LOG.debug("registrations could not be compared with those of the cluster", done.cause());
            }
        });
    }

    private static void tell(Watcher watcher, MembershipView view) {
        watcher.context().runOnContext(v -> watcher.listener().accept(view));
    }

    private MembershipView alone() {
        synchronized (own) {
            return new MembershipView(Set.of(self), own.isEmpty() ? Map.of() : Map.of(self, own));
        }
    }

    private MembershipView seen() {
        Set<String> members = new HashSet<>();
        for (Member member : hazelcast.getCluster().getMembers()) {
            String id = member.getAttribute(QuietClusterManager.NODE_ID);
            if (id != null) {
                members.add(id);
            }
        }
        Map<String, Set<String>> offered = new HashMap<>();
        for (String member : members) {
            // What this process offers it knows best itself.
            String services = member.equals(self) ? ownOffers() : offers.get(member);
            if (services != null && !services.isEmpty()) {
                offered.put(member, Set.of(services.split(SEPARATOR)));
            }
        }
        repeat();
        return new MembershipView(members, offered);
    }

    private void repeat() {
        long nowNs = System.nanoTime();
        boolean due = nowNs - repeatedAtNs > TimeUnit.MILLISECONDS.toNanos(REPEAT_MS);
        if (due || !ownOffers().equals(offers.get(self))) {
            if (nowNs - repeatedAtNs > TimeUnit.MILLISECONDS.toNanos(LOOK_MS)) {
                repeatedAtNs = nowNs;
                write().onFailure(failure -> LOG.debug("what this process offers was not written", failure));
            }
        }
    }
}
