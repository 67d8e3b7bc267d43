package io.tradewind.orderqueue.endpoint;

import io.tradewind.contracts.Failure;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.eventbus.impl.MessageConsumerImpl;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The addresses on which a worker hears. They are registered on its event loop, and can be given up from another thread
 * when that loop is stuck: what is sent there afterwards goes to its successor. Any thread.
 */
final class Consumers {

    private final EventBus bus;
    private final Set<MessageConsumer<?>> registered = ConcurrentHashMap.newKeySet();
    private volatile boolean silenced;

    Consumers(EventBus bus) {
        this.bus = bus;
    }

    /** Hears on an address, on the event loop of the caller. */
    <T> MessageConsumer<T> add(String address, Handler<Message<T>> handler) {
        MessageConsumer<T> consumer = bus.consumer(address, handler);
        // What was on its way when a consumer is given up would be dropped, and its sender left waiting.
        ((MessageConsumerImpl<T>) consumer)
                .discardHandler(message ->
                        message.fail(Failure.UNAVAILABLE.code(), "another worker takes over; nothing was done"));
        registered.add(consumer);
        if (silenced) {
            consumer.unregister();
        }
        return consumer;
    }

    Future<Void> remove(Collection<MessageConsumer<?>> consumers) {
        registered.removeAll(consumers);
        return Future.join(consumers.stream().map(MessageConsumer::unregister).toList())
                .mapEmpty();
    }

    Future<Void> removeAll() {
        return remove(List.copyOf(registered));
    }

    /** From now on nothing is heard, whatever is added. */
    void silence() {
        silenced = true;
        registered.forEach(MessageConsumer::unregister);
    }
}
