package io.tradewind.servicekit;

import com.hazelcast.config.Config;
import io.vertx.core.Completable;
import io.vertx.core.spi.cluster.RegistrationInfo;
import io.vertx.spi.cluster.hazelcast.HazelcastClusterManager;
import java.util.function.Supplier;

/**
 * The cluster manager of Vert.x, which can also keep a consumer to itself: a quiet consumer is not told to the other
 * members, so that they never choose it, but it hears what they still send here because they have not yet heard that
 * another consumer is gone. Without one, such a request is dropped and its sender waits for the whole deadline.
 */
final class QuietClusterManager extends HazelcastClusterManager {

    /** The attribute in which the cluster manager tells a member's Vert.x node id. */
    static final String NODE_ID = "__vertx.nodeId";

    // Vert.x registers a consumer with the cluster within the call that makes it, on the same thread.
    private final ThreadLocal<Boolean> quiet = ThreadLocal.withInitial(() -> false);

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

    @Override
    public void addRegistration(String address, RegistrationInfo registration, Completable<Void> done) {
        if (quiet.get()) {
            done.succeed();
        } else {
            super.addRegistration(address, registration, done);
        }
    }
}
