package io.tradewind.orderqueue;

import com.fasterxml.uuid.Generators;
import com.fasterxml.uuid.impl.TimeBasedEpochGenerator;
import io.tradewind.contracts.state.StateClient;
import io.tradewind.orderqueue.endpoint.BrokerSession;
import io.tradewind.orderqueue.endpoint.OrderEndpoint;
import io.tradewind.orderqueue.endpoint.VenueHours;
import io.tradewind.orderqueue.paper.PaperBroker;
import io.tradewind.servicekit.ServiceKit;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The life of the order-queue: starts its workers, which load their desks from the state-store; drains when it stops. */
public final class OrderQueueVerticle extends VerticleBase {

    /** How long stopping waits for decisions to become durable; what is not by then is found again at the next start. */
    private static final long DRAIN_MS = 3_000;

    private static final Logger LOG = LoggerFactory.getLogger(OrderQueueVerticle.class);

    private final ServiceKit kit;
    private final OrderQueueConfig config;
    private final Supplier<BrokerSession> sessions;
    private OrderEndpoint endpoint;

    private OrderQueueVerticle(ServiceKit kit, OrderQueueConfig config, Supplier<BrokerSession> sessions) {
        this.kit = kit;
        this.config = config;
        this.sessions = sessions;
    }

    /** The service, wired; used by its own main and by all-in-one alike. */
    public static OrderQueueVerticle assemble(ServiceKit kit, OrderQueueConfig config) {
        return assemble(kit, config, () -> paper(kit, config));
    }

    /** @param sessions opens another session where orders are executed, one for each worker */
    static OrderQueueVerticle assemble(ServiceKit kit, OrderQueueConfig config, Supplier<BrokerSession> sessions) {
        return new OrderQueueVerticle(kit, config, sessions);
    }

    private static BrokerSession paper(ServiceKit kit, OrderQueueConfig config) {
        PaperBroker broker = new PaperBroker(kit.vertx(), kit.clock(), timeOrderedIds(), config.paperRules());
        return new BrokerSession(broker, broker::onQuotes);
    }

    @Override
    public Future<?> start() {
        endpoint = new OrderEndpoint(
                vertx,
                config.settings(kit.instance()),
                sessions,
                OrderQueueVerticle::timeOrderedIds,
                kit.clock(),
                kit.meters());
        kit.health().register("order-queue", "desks", endpoint::deskHealth);
        kit.health().register("order-queue", "broker", endpoint::brokerHealth);
        kit.health().register("order-queue", "workers", endpoint::workerHealth);
        StateClient state = new StateClient(vertx.eventBus(), config.stateTimeout());
        return endpoint.open().compose(v -> new VenueHours(state, timeOrderedIds(), kit.clock()).store(config.hours()));
    }

    @Override
    public Future<?> stop() {
        kit.health().unregister("order-queue");
        return endpoint.drain()
                .timeout(DRAIN_MS, TimeUnit.MILLISECONDS)
                .otherwise(failure -> {
                    LOG.warn("stopped before every decision was durable; the next start resumes from the log");
                    return null;
                })
                .eventually(endpoint::close);
    }

    /** UUIDv7: text order is time order, also within a millisecond; each maker for one thread, so that none waits. */
    private static Supplier<String> timeOrderedIds() {
        TimeBasedEpochGenerator generator = Generators.timeBasedEpochGenerator();
        return () -> generator.generate().toString();
    }
}
