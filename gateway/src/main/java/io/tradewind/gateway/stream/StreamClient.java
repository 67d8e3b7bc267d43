package io.tradewind.gateway.stream;

import io.tradewind.contracts.state.EntityKey;
import io.tradewind.gateway.domain.Conflation;
import io.tradewind.gateway.domain.Cursor;
import io.tradewind.gateway.domain.Frames;
import io.tradewind.gateway.domain.Position;
import io.tradewind.gateway.domain.StreamEvent;
import io.tradewind.gateway.domain.SubscriptionFilter;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One event stream. It knows where its client stands in each partition, holds changes back for a client that wants to be
 * throttled, and watches how fast the client takes what it is sent: one that is too slow is cut, because its unsent bytes
 * would pile up here, and it resumes where it was. On the event loop of the hub; gone with its connection.
 */
final class StreamClient {

    private static final Logger LOG = LoggerFactory.getLogger(StreamClient.class);
    private static final long NOT_FULL = 0;

    private final Context context;
    private final HttpServerResponse response;
    private final SortedMap<Integer, PartitionFeed> feeds;
    private final int throttleMs;
    private final long maxPendingBytes;
    private final SubscriptionFilter filter;
    private final Consumer<StreamClient> onCut;
    private final Conflation heldBack = new Conflation();
    /** Up to where the client was offered changes; what of them is held back, it does not have yet. */
    private final SortedMap<Integer, Position> taken = new TreeMap<>();
    /** Up to where the client has everything: its cursor. */
    private final SortedMap<Integer, Position> sent = new TreeMap<>();

    private final Map<EntityKey, Long> fromSnapshot = new HashMap<>();
    private long pendingBytes;
    private long fullSinceNanos = NOT_FULL;
    private long flushTimer = -1;
    private boolean open;
    private boolean live;
    private boolean inStep;
    private boolean closed;

    StreamClient(
            Context context,
            HttpServerResponse response,
            SubscriptionFilter filter,
            SortedMap<Integer, PartitionFeed> feeds,
            int throttleMs,
            long maxPendingBytes,
            Consumer<StreamClient> onCut) {
        this.context = context;
        this.filter = filter;
        this.response = response;
        this.feeds = feeds;
        this.throttleMs = throttleMs;
        this.maxPendingBytes = maxPendingBytes;
        this.onCut = onCut;
    }

    SubscriptionFilter filter() {
        return filter;
    }

    Collection<PartitionFeed> feeds() {
        return feeds.values();
    }

    /** The response is set up: from now on it may be written to. */
    void open(byte[] first) {
        open = true;
        write(Buffer.buffer(first));
    }

    /** Up to where it was offered changes. */
    Position position(int partition) {
        return taken.get(partition);
    }

    /** The client starts from here. */
    void startFrom(int partition, Position position) {
        taken.put(partition, position);
        sent.put(partition, position);
    }

    /** There is nothing for the client up to here but what it was offered. */
    void passed(int partition, Position position) {
        taken.merge(partition, position, Position::max);
        settle();
    }

    /** The snapshot had the entity at this version; changes up to it are old news. */
    void rememberFromSnapshot(EntityKey key, long version) {
        fromSnapshot.put(key, version);
    }

    /** What is behind the snapshot's version of every partition need not be compared with it. */
    void forgetOldSnapshot() {
        fromSnapshot
                .entrySet()
                .removeIf(entry -> entry.getValue()
                        <= taken.get(entry.getKey().partition()).version());
    }

    /** From now on the client is offered live changes. */
    void goLive() {
        live = true;
        settle();
    }

    /** Whether it takes every change as it comes and stands where the feeds are, so that it shares their frames. */
    boolean isInStep() {
        return inStep;
    }

    boolean isClosed() {
        return closed;
    }

    /** Sends what the client does not have yet, at once or when its throttle allows. */
    void offer(List<StreamEvent> events) {
        Buffer frames = Buffer.buffer();
        for (StreamEvent event : events) {
            if (isNews(event)) {
                if (throttleMs == 0) {
                    append(frames, event);
                } else {
                    holdBack(frames, event);
                }
            }
        }
        write(frames);
        settle();
    }

    private boolean isNews(StreamEvent event) {
        if (!taken.get(event.partition()).isBefore(event.position())) {
            return false;
        }
        taken.put(event.partition(), event.position());
        Long known = fromSnapshot.isEmpty() ? null : fromSnapshot.get(event.key());
        return known == null || event.version() > known;
    }

    private void holdBack(Buffer frames, StreamEvent event) {
        if (event.isCritical()) {
            // What it overtakes goes before it: the cursor of this event says that the client has all of it.
            heldBack.take(event.partition()).forEach(earlier -> append(frames, earlier));
            append(frames, event);
        } else if (heldBack.hold(event)) {
            heldBack.takeAll().forEach(earlier -> append(frames, earlier));
        } else if (flushTimer < 0) {
            flushTimer = context.owner().setTimer(throttleMs, timer -> {
                flushTimer = -1;
                flush();
            });
        }
    }

    private void flush() {
        Buffer frames = Buffer.buffer();
        heldBack.takeAll().forEach(event -> append(frames, event));
        write(frames);
        settle();
    }

    private void append(Buffer frames, StreamEvent event) {
        sent.put(event.partition(), event.position());
        frames.appendBytes(Frames.id(cursor())).appendBytes(event.body());
    }

    /**
     * Notes that a live client has been offered all that the feeds have seen, and has it, unless something is held back.
     * Not to be called while changes are being offered.
     */
    private void settle() {
        boolean level = live;
        if (live) {
            for (PartitionFeed feed : feeds.values()) {
                Position seen = Position.behind(feed.version());
                level &= !seen.isBefore(taken.get(feed.partition()));
                taken.merge(feed.partition(), seen, Position::max);
            }
            if (!fromSnapshot.isEmpty()) {
                forgetOldSnapshot();
            }
        }
        if (heldBack.isEmpty()) {
            sent.putAll(taken);
        }
        inStep = level && throttleMs == 0 && fromSnapshot.isEmpty();
    }

    private Cursor cursor() {
        return Cursor.of(sent);
    }

    /** Changes were lost: the client starts over from here. */
    void reset(int partition, long headVersion) {
        heldBack.take(partition);
        // Not the greater of both: a partition that was set back to a lower version goes on from there.
        startFrom(partition, Position.behind(headVersion));
        fromSnapshot.keySet().removeIf(key -> key.partition() == partition);
        write(Buffer.buffer(Frames.id(cursor())).appendBytes(Frames.reset()));
    }

    void ready(byte[] frame) {
        write(Buffer.buffer(Frames.id(cursor())).appendBytes(frame));
    }

    void heartbeat() {
        if (live) {
            settle();
            write(Buffer.buffer(Frames.heartbeat(cursor())));
        } else {
            write(Buffer.buffer(Frames.heartbeat()));
        }
    }

    void write(Buffer frames) {
        if (!open || closed || frames.length() == 0) {
            return;
        }
        if (live && pendingBytes > maxPendingBytes) {
            cut(pendingBytes + " bytes wait to be sent, over the limit of " + maxPendingBytes);
            return;
        }
        int bytes = frames.length();
        pendingBytes += bytes;
        response.write(frames).onComplete(done -> pendingBytes -= bytes);
    }

    /** Completes when the client has taken so much that more may be sent. */
    Future<Void> writable() {
        if (closed || !response.writeQueueFull()) {
            return Future.succeededFuture();
        }
        Promise<Void> drained = Promise.promise();
        response.drainHandler(v -> {
            response.drainHandler(null);
            drained.complete();
        });
        return drained.future();
    }

    /** Called now and then: cuts a client that has taken nothing for too long. */
    void checkPace(long nowNanos, long slowAfterNanos) {
        if (!open || closed || !response.writeQueueFull()) {
            fullSinceNanos = NOT_FULL;
        } else if (fullSinceNanos == NOT_FULL) {
            fullSinceNanos = nowNanos;
        } else if (nowNanos - fullSinceNanos > slowAfterNanos) {
            cut("it has taken nothing for " + (nowNanos - fullSinceNanos) / 1_000_000 + " ms");
        }
    }

    private void cut(String why) {
        LOG.info("an event stream is cut: {}", why);
        close();
        onCut.accept(this);
    }

    /** Sends what is held back and ends the stream in order. */
    void end() {
        if (open && !closed) {
            flush();
            close();
            response.end();
        }
    }

    /** Nothing is sent any more. */
    void close() {
        closed = true;
        context.owner().cancelTimer(flushTimer);
    }
}
