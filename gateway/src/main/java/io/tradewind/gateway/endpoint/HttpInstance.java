package io.tradewind.gateway.endpoint;

import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.tradewind.contracts.orders.Denial;
import io.tradewind.contracts.orders.DenialCode;
import io.tradewind.contracts.state.StateClient;
import io.tradewind.gateway.GatewayConfig;
import io.tradewind.gateway.GatewayMeters;
import io.tradewind.gateway.domain.ApiCode;
import io.tradewind.gateway.domain.ApiError;
import io.tradewind.gateway.postgres.HistoryPool;
import io.tradewind.gateway.stream.StreamHub;
import io.tradewind.servicekit.config.PostgresConfig;
import io.tradewind.servicekit.config.Settings;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.security.SecureRandom;
import java.util.SplittableRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One HTTP server on one event loop; those of a process share the port. Opens and closes what serves requests and lets
 * them in. When it stops, new requests are refused with 503, streams end, and what is in progress may finish within a
 * bound; then the connections are closed.
 */
public final class HttpInstance extends VerticleBase {

    private static final Logger LOG = LoggerFactory.getLogger(HttpInstance.class);
    private static final String ORDERS = "/v2/orders";
    private static final String BATCH = "/v2/orders/batch";
    private static final int MAX_REQUEST_LINE = 8 * 1024;
    private static final int MAX_HEADERS = 16 * 1024;
    private static final int ACCEPT_BACKLOG = 1024;
    private static final long DRAIN_CHECK_MS = 10;

    private final Shared shared;
    private final GatewayConfig config;
    private OrderIntake orders;
    private OrderBatchIntake batches;
    private Dispatcher dispatcher;
    private StreamHub hub;
    private HistoryPool past;
    private HttpServer server;
    private int inProgress;
    private boolean draining;

    public HttpInstance(Shared shared) {
        this.shared = shared;
        this.config = shared.config();
    }

    @Override
    public Future<?> start() {
        GatewayMeters meters = shared.meters();
        SplittableRandom random = new SplittableRandom(new SecureRandom().nextLong());
        RequestIds requestIds = new RequestIds(random.nextLong());
        Authenticator authenticator = new Authenticator(
                shared.keys(), shared.usedTickets(), shared.kit().clock());
        int maxBody = config.maxBody().intBytes();

        OrderBatcher batcher = new OrderBatcher(context, config.commandDeadline(), config.maxOrdersPerBatch(), meters);
        StateClient state = new StateClient(vertx.eventBus(), config.queryDeadline());
        Services services = new Services(vertx.eventBus(), state, config);
        RefusalReports refusals = new RefusalReports(context, meters);
        orders = new OrderIntake(
                authenticator,
                batcher,
                services,
                refusals,
                meters,
                random,
                requestIds,
                maxBody,
                config.maxOrdersInFlight());
        batches = new OrderBatchIntake(context, authenticator, orders, requestIds, maxBody);
        hub = new StreamHub(context, state, config, meters);
        dispatcher = new Dispatcher(vertx, authenticator, requestIds, meters, maxBody);
        if (config.pastOrders()) {
            Settings settings = shared.kit().settings();
            past = new HistoryPool(vertx, settings.section(PostgresConfig.SECTION, PostgresConfig.class));
        }
        Api.addTo(
                dispatcher,
                shared,
                vertx,
                authenticator,
                state,
                hub,
                past,
                new OrderReplaces(services, refusals, meters));

        server = vertx.createHttpServer(options())
                .requestHandler(this::onRequest)
                .invalidRequestHandler(HttpInstance::refuseInvalid)
                .exceptionHandler(failure -> LOG.debug("a connection failed", failure));
        return server.listen(shared.port(), config.host()).onSuccess(listening -> hub.start());
    }

    private HttpServerOptions options() {
        return new HttpServerOptions()
                .setIdleTimeout((int) config.idleTimeout().toSeconds())
                .setMaxInitialLineLength(MAX_REQUEST_LINE)
                .setMaxHeaderSize(MAX_HEADERS)
                .setAcceptBacklog(ACCEPT_BACKLOG)
                .setTcpNoDelay(true)
                .setSendBufferSize(config.sendBuffer().intBytes())
                .setHandle100ContinueAutomatically(true)
                // Bodies are small; the time is better spent on orders.
                .setCompressionSupported(false)
                .setHttp2ClearTextEnabled(false);
    }

    private void onRequest(HttpServerRequest request) {
        inProgress++;
        request.response().endHandler(end -> inProgress--);
        if (draining && !request.path().equals(Api.HEALTH)) {
            refuseDraining(request);
        } else if (HttpMethod.POST.equals(request.method()) && ORDERS.equals(request.path())) {
            orders.handle(request);
        } else if (HttpMethod.POST.equals(request.method()) && BATCH.equals(request.path())) {
            batches.handle(request);
        } else {
            dispatcher.handle(request);
        }
    }

    private static void refuseDraining(HttpServerRequest request) {
        ApiError error = ApiError.of(new Denial(
                DenialCode.SERVICE_DRAINING,
                "this server is stopping; nothing was done, try again",
                null,
                ApiError.RETRY_AFTER_MS));
        // Without the header the client would go on using a connection that is about to close.
        Answer.error(error).with("connection", "close").send(request.response());
    }

    /** What is not HTTP, or too long to be read. */
    private static void refuseInvalid(HttpServerRequest request) {
        Throwable cause = request.decoderResult().cause();
        ApiError error;
        if (cause instanceof TooLongHttpLineException) {
            error = ApiError.of(
                    ApiCode.REQUEST_LINE_TOO_LONG, "the request line is longer than " + MAX_REQUEST_LINE + " bytes");
        } else if (cause instanceof TooLongHttpHeaderException) {
            error = ApiError.of(
                    ApiCode.REQUEST_HEADERS_TOO_LARGE, "the headers are larger than " + MAX_HEADERS + " bytes");
        } else {
            error = ApiError.of(DenialCode.REQUEST_MALFORMED, "the request is not valid HTTP", null);
        }
        Answer.error(error).with("connection", "close").send(request.response());
    }

    @Override
    public Future<?> stop() {
        draining = true;
        hub.close();
        Promise<Void> drained = Promise.promise();
        long deadline = System.nanoTime() + config.drainTimeout().toNanos();
        drainOn(drained, deadline);
        return drained.future()
                .compose(done -> server.close())
                .eventually(() -> past == null ? Future.succeededFuture() : past.close());
    }

    private void drainOn(Promise<Void> drained, long deadlineNanos) {
        if (inProgress == 0) {
            drained.complete();
        } else if (System.nanoTime() >= deadlineNanos) {
            LOG.warn("{} requests did not finish within drain-timeout and are cut off", inProgress);
            drained.complete();
        } else {
            vertx.setTimer(DRAIN_CHECK_MS, timer -> drainOn(drained, deadlineNanos));
        }
    }
}
