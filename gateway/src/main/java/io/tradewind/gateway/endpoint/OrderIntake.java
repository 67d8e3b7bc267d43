package io.tradewind.gateway.endpoint;

import io.tradewind.contracts.Failure;
import io.tradewind.contracts.Json;
import io.tradewind.contracts.orders.Denial;
import io.tradewind.contracts.orders.DenialCode;
import io.tradewind.contracts.orders.OrderClass;
import io.tradewind.contracts.orders.PlaceOrder;
import io.tradewind.contracts.orders.PlaceResult;
import io.tradewind.contracts.state.Partitions;
import io.tradewind.gateway.GatewayMeters;
import io.tradewind.gateway.domain.ApiError;
import io.tradewind.gateway.domain.ApiException;
import io.tradewind.gateway.domain.ApiKey;
import io.tradewind.gateway.domain.OrderParser;
import io.tradewind.gateway.domain.Scope;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.List;
import java.util.UUID;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code POST /v2/orders}, the one call that has to be fast: authorise, read, parse, pass on, answer with the stored
 * bytes. It has a way of its own past the routes. One per HTTP instance, on its event loop.
 *
 * <p>The answer always names the client order id, ours if the sender gave none: with it the sender can ask what became
 * of the order, or send it again, without danger of a second one.
 */
final class OrderIntake {

    /** Who is told what became of one order, once; on the event loop. */
    interface Sink {

        /** It is durable: the order as it is stored. */
        void placed(byte[] stored);

        /** @param clientOrderId with which to ask or to try again; {@code null} when it could not be read */
        void refused(String clientOrderId, ApiError error);
    }

    private static final Logger LOG = LoggerFactory.getLogger(OrderIntake.class);
    private static final int OK = 200;

    /** A client that ran into a full gateway comes back after this. */
    private static final long FULL_RETRY_AFTER_MS = 1_000;

    private final Authenticator authenticator;
    private final OrderBatcher batcher;
    private final Services services;
    private final RefusalReports refusals;
    private final GatewayMeters meters;
    private final RandomGenerator random;
    private final RequestIds requestIds;
    private final int maxBody;
    private final int maxInFlight;
    private int inFlight;

    OrderIntake(
            Authenticator authenticator,
            OrderBatcher batcher,
            Services services,
            RefusalReports refusals,
            GatewayMeters meters,
            RandomGenerator random,
            RequestIds requestIds,
            int maxBody,
            int maxInFlight) {
        this.authenticator = authenticator;
        this.batcher = batcher;
        this.services = services;
        this.refusals = refusals;
        this.meters = meters;
        this.random = random;
        this.requestIds = requestIds;
        this.maxBody = maxBody;
        this.maxInFlight = maxInFlight;
    }

    void handle(HttpServerRequest request) {
        String requestId = requestIds.next();
        request.response().putHeader(RequestIds.HEADER, requestId);
        ApiKey key;
        try {
            key = authenticator.authorize(request, Scope.TRADE);
        } catch (ApiException e) {
            // The body is read all the same, so that the connection can serve the next request.
            BodyReader.read(
                    request,
                    maxBody,
                    body -> refuse(request.response(), null, e.error()),
                    tooLarge -> refuse(request.response(), null, e.error()));
            return;
        }
        BodyReader.read(
                request,
                maxBody,
                body -> place(request, key, body, requestId),
                tooLarge -> refuse(request.response(), null, tooLarge));
    }

    private void place(HttpServerRequest request, ApiKey key, Buffer body, String requestId) {
        byte[] bytes = body.getBytes();
        place(key, bytes, bytes.length, requestId, new Reply(request.response()));
    }

    /** Whether {@link #place} has room for {@code more} orders now. */
    boolean hasRoom(int more) {
        return inFlight + more <= maxInFlight;
    }

    /**
     * Reads one order and passes it on.
     *
     * @param body JSON, of which {@code length} bytes count
     */
    void place(ApiKey key, byte[] body, int length, String requestId, Sink sink) {
        try {
            OrderParser.Result parsed = OrderParser.parse(body, length);
            if (parsed.denial() != null) {
                refusals.orderRefused(key, parsed.clientOrderId(), parsed.denial(), requestId);
                deny(sink, parsed.clientOrderId(), parsed.denial());
                return;
            }
            String clientOrderId = parsed.clientOrderId() == null ? newClientOrderId() : parsed.clientOrderId();
            if (inFlight >= maxInFlight) {
                String message =
                        inFlight + " orders wait for their answer here, the limit; nothing was done, try again";
                Denial full = new Denial(DenialCode.QUEUE_LANE_FULL, message, null, FULL_RETRY_AFTER_MS);
                refusals.orderRefused(key, clientOrderId, full, requestId);
                deny(sink, clientOrderId, full);
                return;
            }
            PlaceOrder order = parsed.form().toCommand(key.account(), clientOrderId, key.keyId(), requestId);
            inFlight++;
            meters.ordersInFlight(1);
            batcher.add(Partitions.of(key.account()), new Placing(sink, order));
        } catch (RuntimeException e) {
            LOG.error("an order could not be handled", e);
            meters.failure();
            sink.refused(null, ApiError.internal());
        }
    }

    private String newClientOrderId() {
        // A random UUID, version 4.
        long high = (random.nextLong() & ~0xf000L) | 0x4000L;
        long low = (random.nextLong() >>> 2) | Long.MIN_VALUE;
        return new UUID(high, low).toString();
    }

    private void deny(Sink sink, String clientOrderId, Denial denial) {
        meters.denied(denial.code().name());
        sink.refused(clientOrderId, ApiError.of(denial));
    }

    private static void refuse(HttpServerResponse response, String clientOrderId, ApiError error) {
        if (!response.headWritten()) {
            error.headers().forEach(response::putHeader);
        }
        Answer.send(response, error.status(), error.toJson(clientOrderId).bytes());
    }

    /** The answer to a request for one order. */
    private record Reply(HttpServerResponse response) implements Sink {

        @Override
        public void placed(byte[] stored) {
            Answer.send(response, OK, stored);
        }

        @Override
        public void refused(String clientOrderId, ApiError error) {
            refuse(response, clientOrderId, error);
        }
    }

    /** An order that was passed on and waits for its answer. */
    private final class Placing implements OrderBatcher.Waiting {

        private final Sink sink;
        private final PlaceOrder order;
        private final long sinceNanos = System.nanoTime();

        Placing(Sink sink, PlaceOrder order) {
            this.sink = sink;
            this.order = order;
        }

        @Override
        public PlaceOrder order() {
            return order;
        }

        @Override
        public void placed(PlaceResult result) {
            done();
            if (result instanceof PlaceResult.Accepted accepted) {
                meters.accepted();
                answer(accepted.order());
            } else if (result instanceof PlaceResult.Existing existing) {
                meters.repeated();
                answer(existing.order());
            } else if (result instanceof PlaceResult.Denied denied) {
                deny(sink, order.clientOrderId(), denied.denial());
            } else if (result instanceof PlaceResult.Unknown unknown) {
                LOG.warn("outcome of order {} unknown: {}", order.clientOrderId(), unknown.reason());
                outcomeUnknown();
            }
        }

        /** An order that brought others with it is answered with them; if they cannot be read, with their ids alone. */
        private void answer(Json stored) {
            if (order.terms().exits().orderClass() == OrderClass.SIMPLE) {
                sink.placed(stored.bytes());
                return;
            }
            new OrderNesting(services, order.accountId())
                    .nest(List.of(stored))
                    .map(nested -> nested.get(0))
                    .otherwise(stored)
                    .onSuccess(answer -> sink.placed(answer.bytes()));
        }

        @Override
        public void failed(Throwable failure) {
            done();
            switch (Failure.of(failure)) {
                case UNAVAILABLE ->
                    deny(
                            sink,
                            order.clientOrderId(),
                            new Denial(
                                    DenialCode.SERVICE_UNAVAILABLE,
                                    "orders cannot be taken right now; nothing was done, try again",
                                    null,
                                    ApiError.RETRY_AFTER_MS));
                case INVALID ->
                    deny(
                            sink,
                            order.clientOrderId(),
                            Denial.of(DenialCode.REQUEST_FIELD_INVALID, failure.getMessage(), null));
                case UNKNOWN, INTERNAL -> outcomeUnknown();
            }
        }

        private void done() {
            inFlight--;
            meters.ordersInFlight(-1);
            meters.latency(System.nanoTime() - sinceNanos);
        }

        private void outcomeUnknown() {
            meters.unknown();
            String message = "it is not known whether the order was taken: ask"
                    + " GET /v2/orders:by_client_order_id?client_order_id=" + order.clientOrderId()
                    + " or send the same request again with this client_order_id, which never makes a second order";
            sink.refused(order.clientOrderId(), ApiError.of(DenialCode.OUTCOME_UNKNOWN, message, null));
        }
    }
}
