package io.tradewind.gateway.stream;

import io.tradewind.contracts.Addresses;
import io.tradewind.contracts.orders.FindOrders;
import io.tradewind.contracts.orders.FoundOrders;
import io.tradewind.contracts.state.Partitions;
import io.tradewind.contracts.state.StateClient;
import io.tradewind.gateway.GatewayConfig;
import io.tradewind.gateway.GatewayMeters;
import io.tradewind.gateway.domain.ApiCode;
import io.tradewind.gateway.domain.ApiError;
import io.tradewind.gateway.domain.ApiException;
import io.tradewind.gateway.domain.Frames;
import io.tradewind.gateway.domain.Position;
import io.tradewind.gateway.domain.StreamRequest;
import io.tradewind.gateway.domain.SubscriptionFilter;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.net.impl.ConnectionBase;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The event streams of one HTTP instance. Follows each partition once, however many clients want it, and not for long
 * when none does. Everything runs on the event loop of the instance, which opens and closes the hub. Nothing is kept: after a crash
 * the clients come back, here or elsewhere, with the cursor that they have.
 */
public final class StreamHub {

    private static final Logger LOG = LoggerFactory.getLogger(StreamHub.class);

    /** How soon a client whose connection broke comes back. */
    private static final long CLIENT_RETRY_MS = 1_000;

    /** How often slow clients are looked for; at least this many times within the time they are given. */
    private static final int PACE_CHECKS = 4;

    /** A partition that nobody follows is followed on for so long: who reloads a page comes back at once. */
    private static final long FEED_LINGER_MS = 30_000;

    private static final long MAX_PACE_CHECK_MS = 1_000;
    private static final long NANOS_PER_MS = 1_000_000;

    private final Context context;
    private final StateClient state;
    private final GatewayConfig config;
    private final GatewayMeters meters;
    private final Map<Integer, PartitionFeed> feeds = new HashMap<>();
    private final Map<SubscriptionFilter, Group> groups = new HashMap<>();
    private final Set<StreamClient> clients = new LinkedHashSet<>();
    private final List<Long> timers = new ArrayList<>();
    private boolean closed;

    public StreamHub(Context context, StateClient state, GatewayConfig config, GatewayMeters meters) {
        this.context = context;
        this.state = state;
        this.config = config;
        this.meters = meters;
    }

    public void start() {
        long slowAfterMs = config.streamSlowAfter().toMillis();
        long checkMs = Math.max(1, Math.min(MAX_PACE_CHECK_MS, slowAfterMs / PACE_CHECKS));
        timers.add(context.owner().setPeriodic(checkMs, timer -> {
            long now = System.nanoTime();
            List.copyOf(clients).forEach(client -> client.checkPace(now, slowAfterMs * NANOS_PER_MS));
        }));
        timers.add(context.owner().setPeriodic(config.streamHeartbeat().toMillis(), timer -> List.copyOf(clients)
                .forEach(StreamClient::heartbeat)));
    }

    /**
     * Opens a stream and keeps it until either side ends it.
     *
     * @param writeHead prepares the response; not called when the stream cannot be opened
     * @return completes when the stream is open, and fails when it cannot be, with the response untouched
     */
    public Future<Void> open(
            HttpServerRequest request, SubscriptionFilter filter, StreamRequest wanted, Runnable writeHead) {
        if (closed || clients.size() >= config.maxStreams()) {
            return Future.failedFuture(ApiError.of(
                            ApiCode.STREAMS_FULL, clients.size() + " event streams are open here, the limit; try again")
                    .retryAfter(ApiError.RETRY_AFTER_MS)
                    .exception());
        }
        Promise<Void> opened = Promise.promise();
        // Away from the context of the request: what is opened for it outlives it.
        context.runOnContext(
                turn -> openHere(request, filter, wanted, writeHead).onComplete(opened));
        return opened.future();
    }

    private Future<Void> openHere(
            HttpServerRequest request, SubscriptionFilter filter, StreamRequest wanted, Runnable writeHead) {
        HttpServerResponse response = request.response();
        SortedMap<Integer, PartitionFeed> used = new TreeMap<>();
        List<Future<Void>> opening = new ArrayList<>();
        for (int partition : filter.partitions()) {
            PartitionFeed feed = feeds.computeIfAbsent(partition, p -> new PartitionFeed(context, state, p));
            used.put(partition, feed);
            opening.add(feed.open());
        }
        long maxPending = config.streamMaxPending().bytes();
        StreamClient client = new StreamClient(
                context,
                response,
                filter,
                used,
                wanted.throttleMs(),
                maxPending,
                slow -> cutOff(slow, request.connection()));
        clients.add(client);
        meters.streams(1);
        return Future.all(opening)
                .recover(failure -> {
                    LOG.warn("an event stream cannot be opened: {}", failure.toString());
                    return Future.failedFuture(unavailable());
                })
                .compose(v -> begin(client, response, wanted, writeHead))
                .onFailure(failure -> remove(client));
    }

    private Future<Void> begin(
            StreamClient client, HttpServerResponse response, StreamRequest wanted, Runnable writeHead) {
        if (closed) {
            return Future.failedFuture(unavailable());
        }
        if (response.closed()) {
            remove(client);
            return Future.succeededFuture();
        }
        response.closeHandler(gone -> remove(client));
        response.exceptionHandler(failure -> LOG.debug("an event stream broke: {}", failure.toString()));
        writeHead.run();
        client.open(Frames.retry(CLIENT_RETRY_MS));

        CatchUp catchUp = new CatchUp(context, state, client);
        for (PartitionFeed feed : client.feeds()) {
            Position from = wanted.since() == null ? null : wanted.since().in(feed.partition());
            if (from == null) {
                catchUp.confirm(feed.partition());
            }
            client.startFrom(feed.partition(), from == null ? Position.behind(feed.version()) : from);
        }
        Future<Void> snapshot = wanted.snapshot()
                ? new SnapshotSender(state, client, config.streamSnapshotEntities(), this::openOrders).send()
                : Future.succeededFuture();
        snapshot.compose(v -> join(client, catchUp)).onFailure(failure -> {
            LOG.warn("an event stream is ended, its client will come back: {}", failure.toString());
            client.end();
            remove(client);
        });
        return Future.succeededFuture();
    }

    /** Lets the client share in the live changes, in the very step in which it is found level with the feeds. */
    private Future<Void> join(StreamClient client, CatchUp catchUp) {
        return catchUp.run().compose(v -> {
            if (client.isClosed()) {
                return Future.succeededFuture();
            }
            if (!catchUp.isLevel()) {
                return join(client, catchUp);
            }
            groups.computeIfAbsent(client.filter(), filter -> new Group(filter, feedsOf(client)))
                    .add(client);
            client.goLive();
            return Future.succeededFuture();
        });
    }

    private Future<List<String>> openOrders(String account) {
        int partition = Partitions.of(account);
        DeliveryOptions deadline =
                new DeliveryOptions().setSendTimeout(config.queryDeadline().toMillis());
        return context.owner()
                .eventBus()
                .<FoundOrders>request(
                        Addresses.ordersFind(partition), new FindOrders(partition, account, null), deadline)
                .map(found -> found.body().orderIds());
    }

    private static ApiException unavailable() {
        return ApiError.unavailable("events cannot be followed right now; try again")
                .exception();
    }

    /**
     * Closes the connection at once. Closing it the usual way would wait until everything before was sent, which for a
     * client that takes nothing is never; only the part of Vert.x behind its API can do without.
     */
    private void cutOff(StreamClient client, HttpConnection connection) {
        remove(client);
        meters.cut();
        if (connection instanceof ConnectionBase base) {
            base.channel().unsafe().close(base.channel().newPromise());
        } else {
            connection.close();
        }
    }

    private static SortedMap<Integer, PartitionFeed> feedsOf(StreamClient client) {
        SortedMap<Integer, PartitionFeed> used = new TreeMap<>();
        client.feeds().forEach(feed -> used.put(feed.partition(), feed));
        return used;
    }

    private void remove(StreamClient client) {
        if (!clients.remove(client)) {
            return;
        }
        client.close();
        meters.streams(-1);
        Group group = groups.get(client.filter());
        if (group != null && group.remove(client)) {
            groups.remove(client.filter());
        }
        for (PartitionFeed feed : client.feeds()) {
            feed.release();
            if (feed.hasFailed() || closed) {
                drop(feed);
            } else if (!feed.isUsed()) {
                context.owner().setTimer(FEED_LINGER_MS, timer -> drop(feed));
            }
        }
    }

    private void drop(PartitionFeed feed) {
        if (!feed.isUsed() && feeds.remove(feed.partition(), feed)) {
            feed.close();
        }
    }

    /** Ends all streams; none can be opened any more. */
    public void close() {
        closed = true;
        timers.forEach(context.owner()::cancelTimer);
        List.copyOf(clients).forEach(client -> {
            client.end();
            remove(client);
        });
        List.copyOf(feeds.values()).forEach(this::drop);
    }
}
