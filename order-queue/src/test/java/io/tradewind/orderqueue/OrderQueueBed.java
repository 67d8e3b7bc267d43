package io.tradewind.orderqueue;

import static io.tradewind.orderqueue.Waiting.LIMIT_MS;
import static io.tradewind.orderqueue.Waiting.await;
import static io.tradewind.orderqueue.Waiting.until;
import static io.tradewind.orderqueue.domain.Samples.AAPL;
import static io.tradewind.orderqueue.domain.Samples.quote;

import io.tradewind.contracts.Addresses;
import io.tradewind.contracts.MessageCodecs;
import io.tradewind.contracts.market.Quotes;
import io.tradewind.contracts.orders.Order;
import io.tradewind.contracts.orders.OrderStatus;
import io.tradewind.contracts.state.Domains;
import io.tradewind.contracts.state.Partitions;
import io.tradewind.orderqueue.domain.Samples;
import io.tradewind.servicekit.KitOptions;
import io.tradewind.servicekit.ServiceDefinition;
import io.tradewind.servicekit.ServiceKit;
import io.tradewind.servicekit.config.Settings;
import io.vertx.core.Future;
import io.vertx.core.eventbus.DeliveryOptions;
import java.util.List;
import org.junit.jupiter.api.AfterEach;

/** The whole service on one Vert.x, over a state-store and, if wanted, a broker that do what the test says. */
abstract class OrderQueueBed {

    static final String ACCOUNT = Samples.ACCOUNT;
    static final int PARTITION = Partitions.of(ACCOUNT);

    final FakeStateStore store = new FakeStateStore();
    final StubBroker broker = new StubBroker();

    /** With {@link #broker}. */
    final ServiceDefinition<OrderQueueConfig> stubbed = new ServiceDefinition<>(
            "order-queue",
            OrderQueueConfig.class,
            (kit, config) -> OrderQueueVerticle.assemble(kit, config, broker::session));

    ServiceKit kit;

    /** How many event loops share the partitions. */
    int workers() {
        return 1;
    }

    /** @param overrides of the configuration: a key, its value, and so on */
    final void start(ServiceDefinition<OrderQueueConfig> service, String... overrides) throws Exception {
        Settings.Builder settings = Settings.builder()
                .section("order-queue", OrderQueueConfig.class)
                .override("order-queue.paper.cash", "10000")
                .override("order-queue.workers", Integer.toString(workers()));
        for (int i = 0; i < overrides.length; i += 2) {
            settings.override(overrides[i], overrides[i + 1]);
        }
        kit = await(ServiceKit.open(settings.build(), KitOptions.local()));
        MessageCodecs.registerAll(kit.vertx().eventBus());
        await(store.open(kit.vertx()));
        await(kit.services().deploy(service));
        quotes("99", "100");
    }

    @AfterEach
    final void stop() throws Exception {
        await(kit.services().stopAll());
        await(kit.close());
    }

    // ---- what the tests do

    final void quotes(String bid, String ask) {
        kit.vertx().eventBus().publish(Addresses.MARKET_QUOTES, new Quotes(List.of(quote(AAPL, bid, ask))));
    }

    final <T> T request(String address, Object message, Class<T> reply) throws Exception {
        return await(requestAsync(address, message, reply));
    }

    final <T> Future<T> requestAsync(String address, Object message, Class<T> reply) {
        return kit.vertx()
                .eventBus()
                .request(address, message, new DeliveryOptions().setSendTimeout(LIMIT_MS))
                .map(answer -> reply.cast(answer.body()));
    }

    // ---- what they look at

    final String health() throws Exception {
        return await(kit.health().snapshot()).toJson().encode();
    }

    final List<Order> orders() {
        return store.look(ACCOUNT, at -> at.all(Domains.ORDER).stream()
                .map(entity -> Order.fromJson(entity.json()))
                .toList());
    }

    final Order order(String id) {
        return orders().stream()
                .filter(order -> order.id().equals(id))
                .findFirst()
                .orElseThrow();
    }

    final void untilStatus(String orderId, OrderStatus status) throws Exception {
        until("order is " + status, () -> order(orderId).status() == status);
    }
}
