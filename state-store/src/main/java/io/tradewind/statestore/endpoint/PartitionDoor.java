package io.tradewind.statestore.endpoint;

import io.tradewind.contracts.Failure;
import io.tradewind.servicekit.Membership;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageConsumer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The event-bus addresses of one partition: registered while this process owns it, and only then, because the bus would
 * deal out requests in turn among all who register. After the door is shut, those who have not heard of it yet are told
 * to try again; without that their requests would be dropped and they would wait for the whole deadline.
 *
 * <p>On the event loop of the state-store. After a crash the cluster forgets the registrations of the process.
 */
final class PartitionDoor {

    /** How long unregistering may take while the cluster is busy with itself; latecomers are answered meanwhile. */
    private static final long SHUT_MS = 1_000;

    private static final Logger LOG = LoggerFactory.getLogger(PartitionDoor.class);

    private final Vertx vertx;
    private final Membership membership;
    private final int number;
    private final Map<String, Handler<Message<Object>>> handlers = new LinkedHashMap<>();
    private final List<MessageConsumer<Object>> consumers = new ArrayList<>();
    private final List<MessageConsumer<Object>> latecomers = new ArrayList<>();
    private boolean open;

    PartitionDoor(Vertx vertx, Membership membership, int number) {
        this.vertx = vertx;
        this.membership = membership;
        this.number = number;
    }

    /** Who answers at {@code address} while the door is open. */
    @SuppressWarnings("unchecked") // an address carries one type, see Addresses
    <T> void at(String address, Handler<Message<T>> handler) {
        handlers.put(address, message -> handler.handle((Message<T>) message));
    }

    /** Completes when everyone in the cluster can find the partition here. */
    Future<Void> open() {
        handlers.forEach((address, handler) -> consumers.add(vertx.eventBus().consumer(address, handler)));
        List<MessageConsumer<Object>> opened = List.copyOf(consumers);
        return Future.all(opened.stream().map(MessageConsumer::completion).toList())
                .onSuccess(done -> {
                    if (consumers.equals(opened)) {
                        open = true;
                        forgetLatecomers();
                    }
                })
                .mapEmpty();
    }

    /** Whether everyone in the cluster can find the partition here. */
    boolean isOpen() {
        return open;
    }

    /** Nobody is to send here any more; completes when that is known, or after a moment. */
    Future<Void> shut() {
        if (consumers.isEmpty()) {
            return Future.succeededFuture();
        }
        if (latecomers.isEmpty()) {
            handlers.keySet()
                    .forEach(address ->
                            membership.latecomers(address, this::onLatecomer).ifPresent(latecomers::add));
        }
        List<MessageConsumer<Object>> closing = List.copyOf(consumers);
        consumers.clear();
        open = false;
        return Future.join(closing.stream().map(MessageConsumer::unregister).toList())
                .timeout(SHUT_MS, TimeUnit.MILLISECONDS)
                .onFailure(failure ->
                        LOG.warn("partition {}: not yet unregistered everywhere: {}", number, failure.getMessage()))
                .<Void>mapEmpty()
                .otherwiseEmpty();
    }

    /** Shuts the door for good. */
    Future<Void> close() {
        return shut().onComplete(done -> forgetLatecomers());
    }

    private void onLatecomer(Message<Object> message) {
        message.fail(
                Failure.UNAVAILABLE.code(), "partition " + number + " is now served by another process: try again");
    }

    private void forgetLatecomers() {
        latecomers.forEach(MessageConsumer::unregister);
        latecomers.clear();
    }
}
