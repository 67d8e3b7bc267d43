package io.tradewind.allinone.up;

import io.tradewind.contracts.MessageCodecs;
import io.tradewind.servicekit.AdminServer;
import io.tradewind.servicekit.KitOptions;
import io.tradewind.servicekit.ServiceKit;
import io.tradewind.servicekit.config.Settings;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Everything in one process: embedded servers, Vert.x, admin endpoint and all services. Started and stopped by the main
 * thread, which blocks meanwhile; every step has a limit, so that neither can hang. A start that fails leaves a half
 * that {@link #stop} takes down like a whole.
 */
final class Instance {

    /** A first start unpacks and creates a database; a later one may replay a long log. */
    static final Duration START_LIMIT = Duration.ofMinutes(5);

    /** What is given to the services when the user sets no other {@code runtime.stop-timeout}. */
    static final Duration SERVICES_STOP = Duration.ofSeconds(5);

    /** Vert.x and the servers. With {@link #SERVICES_STOP} less than 10 s, after which a supervisor often kills. */
    static final Duration BESIDES_SERVICES = Duration.ofMillis(4_700);

    /** What the servers have in any case; mostly they have more, because the services need little of their time. */
    private static final Duration SERVERS_STOP = Duration.ofMillis(2_500);

    private static final Duration GRACE = Duration.ofMillis(300);
    private static final Logger LOG = LoggerFactory.getLogger(Instance.class);

    private final Settings settings;
    private final EmbeddedServers servers;
    private ServiceKit kit;
    private CompletableFuture<List<ServerFacts>> serverFacts;

    private Instance(Settings settings, EmbeddedServers servers) {
        this.settings = settings;
        this.servers = servers;
    }

    /** What is to be started; nothing runs yet. */
    static Instance of(Settings settings, EmbeddedServers servers) {
        return new Instance(settings, servers);
    }

    /** Returns when every service is up; ends early when {@code stop} is asked for. */
    void start(StopRequest stop) throws Exception {
        long deadlineNs = System.nanoTime() + START_LIMIT.toNanos();
        Map<String, CompletableFuture<Void>> serving = servers.start();
        kit = stop.result("starting Vert.x", future(ServiceKit.open(settings, KitOptions.local())), left(deadlineNs));
        MessageCodecs.registerAll(kit.vertx().eventBus());
        kit.services().announce(AllServices.DEFINITIONS);
        CompletableFuture<AdminServer> admin = future(AdminServer.start(kit));
        for (Map.Entry<String, CompletableFuture<Void>> server : serving.entrySet()) {
            stop.result("starting " + server.getKey(), server.getValue(), left(deadlineNs));
        }
        stop.result("starting the admin endpoint", admin, left(deadlineNs));
        // Only for the summary, so it need not keep the services waiting.
        serverFacts = future(ServerFacts.ask(kit.vertx(), settings));
        stop.result(
                "starting the services", future(kit.services().deployAll(AllServices.DEFINITIONS)), left(deadlineNs));
        stop.result("asking Redis and Postgres about their settings", serverFacts, left(deadlineNs));
    }

    /** What the servers say about themselves; of a started instance. */
    List<ServerFacts> serverFacts() {
        return serverFacts.join();
    }

    ServiceKit kit() {
        return kit;
    }

    /**
     * Stops the services, the gateway first so that nothing new comes in, then Vert.x, then the servers.
     *
     * @return whether all of it ended in time and in order
     */
    boolean stop() {
        boolean clean = true;
        long sinceNs = System.nanoTime();
        Duration services = settings.runtime().stopTimeout();
        if (kit != null) {
            clean &= done("stopping the services", future(kit.services().stopAll()), services.plus(GRACE));
            Duration closing = kit.closeTimeout();
            clean &= done("closing Vert.x", future(kit.close(closing)), closing.plus(GRACE));
        }
        Duration left = services.plus(BESIDES_SERVICES).minusNanos(System.nanoTime() - sinceNs);
        left = left.compareTo(SERVERS_STOP) > 0 ? left : SERVERS_STOP;
        clean &= done("stopping Redis and Postgres", servers.stop(), left);
        return clean;
    }

    private static boolean done(String step, CompletableFuture<?> result, Duration limit) {
        try {
            return !Boolean.FALSE.equals(
                    result.orTimeout(limit.toMillis(), TimeUnit.MILLISECONDS).join());
        } catch (CompletionException e) {
            LOG.warn("{} did not end well within {} ms", step, limit.toMillis(), e.getCause());
            return false;
        }
    }

    static <T> CompletableFuture<T> future(Future<T> future) {
        return future.toCompletionStage().toCompletableFuture();
    }

    private static Duration left(long deadlineNs) {
        return Duration.ofNanos(Math.max(1, deadlineNs - System.nanoTime()));
    }
}
