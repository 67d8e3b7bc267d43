package io.tradewind.benchmarks.instance;

import io.tradewind.benchmarks.Await;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Counts the fills of a run in the event stream, as one subscriber sees them. Reads on a thread of the HTTP client; the
 * counts may be read from any thread. Closing it cuts the stream. A stream that the gateway cuts is not taken up again:
 * the report then says that it ended.
 */
public final class StreamFollower implements AutoCloseable {

    private static final long OPEN_TIMEOUT_MS = 30_000;
    private static final String DATA = "data:";
    private static final String FILLED = "\"status\":\"filled\"";

    private final String id;
    private final AtomicInteger filled = new AtomicInteger();
    private final CompletableFuture<Void> opened = new CompletableFuture<>();
    private final CompletableFuture<?> stream;
    private volatile boolean closed;
    private volatile String ended;

    /**
     * Subscribes, and waits until the gateway has taken the subscription: what is filled before that would be missed.
     *
     * @param idPrefix of the client order ids to count
     * @throws io.tradewind.benchmarks.BenchException when the gateway does not answer
     */
    public static StreamFollower open(Instance instance, String idPrefix) {
        StreamFollower follower = new StreamFollower(instance, idPrefix);
        Await.get(follower.opened, OPEN_TIMEOUT_MS, "opening the event stream");
        return follower;
    }

    private StreamFollower(Instance instance, String idPrefix) {
        this.id = "\"client_order_id\":\"" + idPrefix;
        HttpRequest request = HttpRequest.newBuilder(URI.create(instance.gateway() + "/v2/events?topics=orders"))
                .header("accept", "text/event-stream")
                .header("APCA-API-KEY-ID", instance.keyId())
                .header("APCA-API-SECRET-KEY", instance.secretKey())
                .build();
        stream = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .build()
                .sendAsync(request, BodyHandlers.fromLineSubscriber(new Lines()))
                .whenComplete((response, failure) -> {
                    if (!closed) {
                        ended = failure != null ? failure.toString() : "answered with " + response.statusCode();
                    }
                    if (failure != null) {
                        opened.completeExceptionally(failure);
                    }
                });
    }

    /** Fills seen so far. */
    public int filled() {
        return filled.get();
    }

    /** Why the stream ended before it was closed here; {@code null} when it did not. */
    public String ended() {
        return ended;
    }

    @Override
    public void close() {
        closed = true;
        stream.cancel(true);
    }

    private final class Lines implements Flow.Subscriber<String> {

        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            subscription.request(Long.MAX_VALUE);
            opened.complete(null);
        }

        @Override
        public void onNext(String line) {
            if (line.startsWith(DATA) && line.contains(id) && line.contains(FILLED)) {
                filled.incrementAndGet();
            }
        }

        @Override
        public void onError(Throwable failure) {
            if (!closed) {
                ended = failure.toString();
            }
        }

        @Override
        public void onComplete() {
            if (!closed) {
                ended = "closed by the gateway";
            }
        }
    }
}
