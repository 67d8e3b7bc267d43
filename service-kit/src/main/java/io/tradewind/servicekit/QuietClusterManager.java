package io.tradewind.servicekit;

import com.hazelcast.config.Config;
import io.vertx.core.Completable;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.spi.cluster.NodeInfo;
import io.vertx.core.spi.cluster.RegistrationInfo;
import io.vertx.core.spi.cluster.RegistrationListener;
import io.vertx.spi.cluster.hazelcast.HazelcastClusterManager;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * The cluster manager of Vert.x, with what it lacks:
 *
 * <ul>
 *   <li>A consumer can be kept to itself: a quiet consumer is not told to the other members, so that they never choose
 *       it, but it hears what they still send here because they have not yet heard that another consumer is gone.
 *       Without one, such a request is dropped and its sender waits for the whole deadline.
 *   <li>Nothing is sent to members that have left, see {@link Registrations}.
 *   <li>What a split or a merge has lost comes back by itself, see {@link #repair}. When a split heals, members that are
 *       late to notice it clear away what others have just registered again, and the event bus is not told what it
 *       missed meanwhile.
 * </ul>
 */
final class QuietClusterManager extends HazelcastClusterManager {

    /** The attribute in which the cluster manager tells a member's Vert.x node id. */
    static final String NODE_ID = "__vertx.nodeId";

    // Vert.x registers a consumer with the cluster within the call that makes it, on the same thread.
    private final ThreadLocal<Boolean> quiet = ThreadLocal.withInitial(() -> false);
    private final Map<String, Set<RegistrationInfo>> own = new ConcurrentHashMap<>();
    private Registrations registrations;

    QuietClusterManager(Config config) {
        super(config);
    }

    /** Whatever consumers {@code register} makes are quiet. */
    <T> T quietly(Supplier<T> register) {
        quiet.set(true);
        try {
            return register.get();
        } finally {
            quiet.remove();
        }
    }

    /** What the event bus of this process knows of consumers elsewhere. There as soon as Vert.x is. */
    Registrations registrations() {
        return registrations;
    }

    @Override
    public void registrationListener(RegistrationListener bus) {
        registrations = new Registrations(bus);
        super.registrationListener(registrations);
    }

    @Override
    public void getRegistrations(String address, Completable<List<RegistrationInfo>> done) {
        registrations.asked(address);
        super.getRegistrations(address, (found, failure) -> {
            if (failure == null) {
                registrations.answered(address, found, done);
            } else {
                registrations.failed(address, failure, done);
            }
        });
    }

    @Override
    public void addRegistration(String address, RegistrationInfo registration, Completable<Void> done) {
        if (quiet.get()) {
            done.succeed();
            return;
        }
        if (!registration.localOnly()) {
            own.compute(address, (key, others) -> {
                Set<RegistrationInfo> all = others == null ? new HashSet<>() : new HashSet<>(others);
                all.add(registration);
                return Set.copyOf(all);
            });
        }
        super.addRegistration(address, registration, done);
    }

    @Override
    public void removeRegistration(String address, RegistrationInfo registration, Completable<Void> done) {
        own.computeIfPresent(address, (key, all) -> {
            Set<RegistrationInfo> rest = new HashSet<>(all);
            rest.remove(registration);
            return rest.isEmpty() ? null : Set.copyOf(rest);
        });
        super.removeRegistration(address, registration, done);
    }

    /**
     * Compares what the cluster holds with what this process registered and with what its event bus knows, and mends
     * both. One at a time.
     *
     * @return completes when all was looked at; fails with the first look that failed, the rest waits for the next time
     */
    Future<Void> repair() {
        Set<String> addresses = new HashSet<>(own.keySet());
        addresses.addAll(registrations.addresses());
        Future<Void> repaired = repairNodeInfo();
        for (String address : addresses) {
            repaired = repaired.compose(done -> repair(address));
        }
        return repaired;
    }

    private Future<Void> repairNodeInfo() {
        NodeInfo info = getNodeInfo();
        Promise<NodeInfo> found = Promise.promise();
        getNodeInfo(getNodeId(), found);
        // Not found is a failure, too: then it is told again.
        return found.future().transform(known -> {
            if (info == null || (known.succeeded() && info.equals(known.result()))) {
                return Future.succeededFuture();
            }
            Promise<Void> told = Promise.promise();
            setNodeInfo(info, told);
            return told.future();
        });
    }

    private Future<Void> repair(String address) {
        Promise<List<RegistrationInfo>> looked = Promise.promise();
        super.getRegistrations(address, looked);
        return looked.future().compose(found -> {
            registrations.looked(address, found);
            Future<Void> told = Future.succeededFuture();
            for (RegistrationInfo registration : own.getOrDefault(address, Set.of())) {
                if (!found.contains(registration)) {
                    told = told.compose(done -> tellAgain(address, registration));
                }
            }
            return told;
        });
    }

    private Future<Void> tellAgain(String address, RegistrationInfo registration) {
        Promise<Void> told = Promise.promise();
        super.addRegistration(address, registration, told);
        return told.future().compose(done -> {
            if (own.getOrDefault(address, Set.of()).contains(registration)) {
                return Future.succeededFuture();
            }
            // Its consumer has gone meanwhile, and that may have been carried out before.
            Promise<Void> withdrawn = Promise.promise();
            super.removeRegistration(address, registration, withdrawn);
            return withdrawn.future();
        });
    }
}
