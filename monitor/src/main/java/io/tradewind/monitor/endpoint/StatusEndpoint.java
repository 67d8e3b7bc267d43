package io.tradewind.monitor.endpoint;

import io.tradewind.contracts.Addresses;
import io.tradewind.contracts.Failure;
import io.tradewind.contracts.Json;
import io.tradewind.contracts.control.StatusQuery;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageConsumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers what the state of the system is, from what is known already: it asks nobody, so that it answers at once also
 * when everything else hangs. Belongs to the event loop that it was opened on; closed by whoever opened it.
 */
public final class StatusEndpoint {

    private static final Logger LOG = LoggerFactory.getLogger(StatusEndpoint.class);

    private final Vertx vertx;
    private final Supplier<Json> status;
    private MessageConsumer<StatusQuery> consumer;

    public StatusEndpoint(Vertx vertx, Supplier<Json> status) {
        this.vertx = vertx;
        this.status = status;
    }

    public Future<Void> open() {
        consumer = vertx.eventBus().consumer(Addresses.MONITOR_STATUS);
        consumer.handler(this::onQuery);
        return consumer.completion();
    }

    public Future<Void> close() {
        return consumer == null ? Future.succeededFuture() : consumer.unregister();
    }

    private void onQuery(Message<StatusQuery> message) {
        try {
            message.reply(status.get());
        } catch (RuntimeException e) {
            LOG.error("the status cannot be put together", e);
            message.fail(Failure.INTERNAL.code(), "the status cannot be put together: " + e);
        }
    }
}
