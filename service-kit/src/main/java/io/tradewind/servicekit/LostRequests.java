package io.tradewind.servicekit;

import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryContext;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Requests of this process over the event bus that are not answered yet, and fail at once when whoever was asked has
 * left the cluster. Without this, each waits for its whole deadline, though nobody is there who could answer. They fail
 * as {@link ReplyFailure#ERROR}: the member may have done what it was asked for before it died.
 *
 * <p>Any thread. Only in a cluster; a request that stays in this process is not looked at.
 */
final class LostRequests {

    /** A request that was not answered for so long has met its own deadline, or has one that is no concern of ours. */
    static final long FORGET_MS = 60_000;

    /** Failure code of a request whose addressee has left; nothing but the type of the failure tells callers apart. */
    static final int LEFT = -2;

    private static final DeliveryOptions HERE = new DeliveryOptions().setLocalOnly(true);

    private static final Logger LOG = LoggerFactory.getLogger(LostRequests.class);

    private final Vertx vertx;
    private final Registrations registrations;
    private final List<String> here;
    private final Map<String, Pending> pending = new ConcurrentHashMap<>();
    private final long forgetTimer;

    /** @param consumers whoever could have been chosen; empty when that was not known yet */
    private record Pending(String address, List<String> consumers, long sentNs) {}

    LostRequests(Vertx vertx, Registrations registrations, String self) {
        this.vertx = vertx;
        this.registrations = registrations;
        this.here = List.of(self);
        vertx.eventBus().addOutboundInterceptor(this::onSent);
        vertx.eventBus().addInboundInterceptor(this::onReceived);
        forgetTimer = vertx.setPeriodic(FORGET_MS, id -> forget());
    }

    void close() {
        vertx.cancelTimer(forgetTimer);
    }

    /**
     * Fails what waits for an answer of members that have left. After {@link Registrations#members}: whoever repeats a
     * request at once must not reach the same member again.
     */
    void fail(Set<String> departed) {
        List<Map.Entry<String, Pending>> lost = pending.entrySet().stream()
                .filter(entry -> isLost(entry.getValue(), departed))
                .toList();
        lost.forEach(entry -> fail(entry.getKey(), entry.getValue()));
        if (!lost.isEmpty()) {
            LOG.debug("{} requests to members that have left are given up: their outcome is unknown", lost.size());
        }
    }

    private boolean isLost(Pending request, Set<String> departed) {
        List<String> asked =
                request.consumers().isEmpty() ? registrations.consumers(request.address()) : request.consumers();
        // Of several that could have been chosen one may have been that still answers.
        return !asked.isEmpty() && departed.containsAll(asked);
    }

    private void fail(String replyAddress, Pending request) {
        if (pending.remove(replyAddress, request)) {
            String sentence = "the member that was asked at " + request.address()
                    + " left the cluster before it answered; it may have done it or not";
            vertx.eventBus().send(replyAddress, new ReplyException(ReplyFailure.ERROR, LEFT, sentence), HERE);
        }
    }

    private <T> void onSent(DeliveryContext<T> delivery) {
        Message<T> message = delivery.message();
        if (delivery.send() && message.replyAddress() != null) {
            List<String> consumers = registrations.consumers(message.address());
            if (!registrations.areGone(consumers) && !consumers.equals(here)) {
                pending.put(message.replyAddress(), new Pending(message.address(), consumers, System.nanoTime()));
            }
        }
        delivery.next();
    }

    private <T> void onReceived(DeliveryContext<T> delivery) {
        // Nearly every message is no reply, or one to a request that never left this process.
        if (!pending.isEmpty()) {
            pending.remove(delivery.message().address());
        }
        delivery.next();
    }

    private void forget() {
        long limitNs = System.nanoTime() - TimeUnit.MILLISECONDS.toNanos(FORGET_MS);
        pending.values().removeIf(request -> request.sentNs() - limitNs < 0);
    }
}
