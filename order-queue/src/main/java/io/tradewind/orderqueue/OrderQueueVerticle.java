package io.tradewind.orderqueue;

import com.fasterxml.uuid.Generators;
import com.fasterxml.uuid.impl.TimeBasedEpochGenerator;
import io.tradewind.contracts.Addresses;
import io.tradewind.contracts.broker.Broker;
import io.tradewind.contracts.market.Quote;
import io.tradewind.contracts.market.Quotes;
import io.tradewind.contracts.state.Domains;
import io.tradewind.contracts.state.Partitions;
import io.tradewind.contracts.state.ReadEntities;
import io.tradewind.contracts.state.StateClient;
import io.tradewind.orderqueue.domain.DeskLimits;
import io.tradewind.orderqueue.domain.Prices;
import io.tradewind.orderqueue.endpoint.OrderEndpoint;
import io.tradewind.orderqueue.endpoint.VenueHours;
import io.tradewind.orderqueue.paper.PaperBroker;
import io.tradewind.servicekit.CheckResult;
import io.tradewind.servicekit.ServiceKit;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.eventbus.MessageConsumer;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The life of the order-queue: loads its desks from the state-store, follows the market, drains when it stops. */
public final class OrderQueueVerticle extends VerticleBase {

    /** How long stopping waits for decisions to become durable; what is not by then is found again at the next start. */
    private static final long DRAIN_MS = 3_000;

    private static final Logger LOG = LoggerFactory.getLogger(OrderQueueVerticle.class);

    private final ServiceKit kit;
    private final OrderQueueConfig config;
    private final Broker venue;
    private final Prices prices;
    private PaperBroker broker;
    private OrderEndpoint endpoint;
    private MessageConsumer<Quotes> quotes;
    private long markTimer;

    private OrderQueueVerticle(ServiceKit kit, OrderQueueConfig config, Broker venue) {
        this.kit = kit;
        this.config = config;
        this.venue = venue;
        this.prices = new Prices(config.accountRules().days());
    }

    /** The service, wired; used by its own main and by all-in-one alike. */
    public static OrderQueueVerticle assemble(ServiceKit kit, OrderQueueConfig config) {
        return assemble(kit, config, null);
    }

    /** @param venue where orders are executed, {@code null} for the paper broker */
    static OrderQueueVerticle assemble(ServiceKit kit, OrderQueueConfig config, Broker venue) {
        return new OrderQueueVerticle(kit, config, venue);
    }

    @Override
    public Future<?> start() {
        Supplier<String> ids = timeOrderedIds();
        StateClient state = new StateClient(vertx.eventBus(), config.stateTimeout());
        broker = new PaperBroker(vertx, kit.clock(), ids, config.paperRules());
        DeskLimits limits = new DeskLimits(
                config.maxLane(),
                config.maxOpenPerAccount(),
                config.maxInFlight(),
                config.maxQueueDelay().toMillis(),
                config.marketCollar(),
                config.paper().cash(),
                config.accountRules());
        endpoint = new OrderEndpoint(
                vertx,
                state,
                venue == null ? broker : venue,
                limits,
                prices,
                config.accounts(),
                ids,
                kit.clock(),
                kit.instance(),
                kit.meters(),
                config.reconcileInterval(),
                config.reconcileGrace());
        kit.health().register("order-queue", "desks", this::health);
        kit.health().register("order-queue", "broker", this::brokerHealth);
        quotes = vertx.eventBus().consumer(Addresses.MARKET_QUOTES);
        quotes.handler(message -> onQuotes(message.body().quotes()));
        return quotes.completion()
                .compose(v -> storedQuotes(state))
                .compose(v -> endpoint.open())
                .compose(v -> new VenueHours(state, ids, kit.clock()).store(config.hours()))
                .onSuccess(
                        v -> markTimer = vertx.setPeriodic(config.markInterval().toMillis(), id -> endpoint.mark()));
    }

    @Override
    public Future<?> stop() {
        kit.health().unregister("order-queue");
        vertx.cancelTimer(markTimer);
        return endpoint.drain()
                .timeout(DRAIN_MS, TimeUnit.MILLISECONDS)
                .otherwise(failure -> {
                    LOG.warn("stopped before every decision was durable; the next start resumes from the log");
                    return null;
                })
                .eventually(quotes::unregister)
                .eventually(endpoint::close);
    }

    private void onQuotes(List<Quote> news) {
        prices.update(news);
        broker.onQuotes(news);
        endpoint.onQuotes();
    }

    /** The last quotes stored, so that instruments are known and open orders are worth something before the feed ticks. */
    private Future<Void> storedQuotes(StateClient state) {
        return state.read(ReadEntities.of(Domains.MARKET, Domains.MARKET_KEY, ReadEntities.MAX_LIMIT))
                .map(page -> {
                    prices.update(page.entities().stream()
                            .map(entity -> Quote.fromJson(entity.json()))
                            .filter(quote -> prices.quote(quote.symbol()) == null)
                            .toList());
                    return null;
                });
    }

    private Future<CheckResult> health() {
        long active = endpoint.activeDesks();
        CheckResult result = active == Partitions.COUNT
                ? CheckResult.up()
                : CheckResult.down((Partitions.COUNT - active) + " of " + Partitions.COUNT + " partitions are loading");
        return Future.succeededFuture(
                result.with("desks", active).with("symbols", prices.symbols().size()));
    }

    /** Orders are taken whatever it says, so that it is never worse than degraded. */
    private Future<CheckResult> brokerHealth() {
        String trouble = endpoint.trouble();
        return Future.succeededFuture(trouble == null ? CheckResult.up() : CheckResult.degraded(trouble));
    }

    /** UUIDv7: text order is time order, also within a millisecond. */
    private static Supplier<String> timeOrderedIds() {
        TimeBasedEpochGenerator generator = Generators.timeBasedEpochGenerator();
        return () -> generator.generate().toString();
    }
}
