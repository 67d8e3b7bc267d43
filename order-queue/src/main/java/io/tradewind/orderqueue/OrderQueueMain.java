package io.tradewind.orderqueue;

import io.tradewind.contracts.MessageCodecs;
import io.tradewind.servicekit.ServiceDefinition;
import io.tradewind.servicekit.ServiceMain;

/** The order-queue as a process of its own. */
public final class OrderQueueMain {

    public static final ServiceDefinition<OrderQueueConfig> SERVICE =
            new ServiceDefinition<>("order-queue", OrderQueueConfig.class, OrderQueueVerticle::assemble);

    private OrderQueueMain() {}

    public static void main(String[] args) {
        ServiceMain.run(SERVICE, vertx -> MessageCodecs.registerAll(vertx.eventBus()), args);
    }
}
