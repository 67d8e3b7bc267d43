package io.tradewind.monitor.endpoint;

import io.tradewind.monitor.domain.Heartbeat;
import io.tradewind.servicekit.Heartbeats;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.json.JsonObject;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes heartbeats off the bus. One that cannot be read, from another version of the program for instance, is logged and
 * left out. Belongs to the event loop that it was opened on; closed by whoever opened it.
 */
public final class HeartbeatListener {

    private static final Logger LOG = LoggerFactory.getLogger(HeartbeatListener.class);

    private final Vertx vertx;
    private final Consumer<Heartbeat> listener;
    private MessageConsumer<JsonObject> consumer;

    public HeartbeatListener(Vertx vertx, Consumer<Heartbeat> listener) {
        this.vertx = vertx;
        this.listener = listener;
    }

    public Future<Void> open() {
        consumer = vertx.eventBus().consumer(Heartbeats.ADDRESS);
        consumer.handler(this::onMessage);
        return consumer.completion();
    }

    public Future<Void> close() {
        return consumer == null ? Future.succeededFuture() : consumer.unregister();
    }

    private void onMessage(Message<JsonObject> message) {
        JsonObject json = message.body();
        String service;
        Heartbeat heartbeat;
        try {
            service = json.getString("service");
            heartbeat = new Heartbeat(
                    service,
                    json.getString("instance"),
                    json.getString("state"),
                    json.getString("since"),
                    json.getJsonObject("details", new JsonObject()).getMap(),
                    json.getString("admin"));
        } catch (ClassCastException e) {
            LOG.warn("a heartbeat cannot be read: {}", json, e);
            return;
        }
        if (service == null || heartbeat.instance() == null) {
            LOG.warn("a heartbeat without service or instance: {}", json);
            return;
        }
        listener.accept(heartbeat);
    }
}
