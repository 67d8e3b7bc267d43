package io.tradewind.statestore;

import io.tradewind.contracts.MessageCodecs;
import io.tradewind.contracts.state.StateClient;
import io.tradewind.servicekit.KitOptions;
import io.tradewind.servicekit.ServiceKit;
import io.tradewind.servicekit.config.Settings;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** A state-store over the Redis that a test names, in one Vert.x of its own. Closed by the test. */
final class StateStoreBed implements AutoCloseable {

    private static final long LIMIT_S = 60;

    final ServiceKit kit;
    final StateClient client;

    StateStoreBed(String redisUri, Map<String, String> overrides) {
        this(redisUri, overrides, KitOptions.local());
    }

    /** As a member of the cluster that the overrides describe. */
    static StateStoreBed clustered(String redisUri, Map<String, String> overrides) {
        return new StateStoreBed(redisUri, overrides, KitOptions.inCluster());
    }

    private StateStoreBed(String redisUri, Map<String, String> overrides, KitOptions options) {
        Settings.Builder settings = Settings.builder()
                .section("state-store", StateStoreConfig.class)
                .override("redis.uri", redisUri)
                // A busy disk is no silent Redis; what a deadline does is for the tests that set one.
                .override("redis.command-timeout", "30s");
        overrides.forEach(settings::override);
        kit = await(ServiceKit.open(settings.build(), options));
        MessageCodecs.registerAll(kit.vertx().eventBus());
        client = new StateClient(kit.vertx().eventBus(), Duration.ofSeconds(LIMIT_S));
    }

    Future<?> deploy() {
        return kit.services().deploy(StateStoreMain.SERVICE);
    }

    /** What health says of the state-store, as text. */
    String health() {
        return await(kit.health().snapshot()).service("state-store").toString();
    }

    boolean serving() {
        return health().contains("serving=16");
    }

    @Override
    public void close() {
        await(kit.services().stopAll());
        await(kit.close());
    }

    /** Why it failed; {@code null} when it did not. */
    static Throwable failureOf(Future<?> future) {
        try {
            await(future);
            return null;
        } catch (IllegalStateException e) {
            return e.getCause();
        }
    }

    static void until(String what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_S);
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("not within " + LIMIT_S + " s: " + what);
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
        }
    }

    static <T> T await(Future<T> future) {
        try {
            return future.toCompletionStage().toCompletableFuture().get(LIMIT_S, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException | TimeoutException e) {
            throw new AssertionError("no answer within " + LIMIT_S + " s", e);
        }
    }
}
