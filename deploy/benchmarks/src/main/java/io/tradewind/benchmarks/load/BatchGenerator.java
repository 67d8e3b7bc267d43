package io.tradewind.benchmarks.load;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Sends orders many in one request, the next request of a connection when the results of the one before are there and
 * its last order is due. The time of an order counts from then to its result. On one event loop of its own.
 */
public final class BatchGenerator implements Load {

    private static final String PATH = "/v2/orders/batch";
    private static final byte NEWLINE = '\n';
    private static final int OK = 200;

    /** How a line begins that is no order. */
    private static final byte[] ERROR = "{\"code\":".getBytes(StandardCharsets.US_ASCII);

    /** Digits of a code before its HTTP status ends. */
    private static final int STATUS_DIGITS = 3;

    private final Target target;
    private final Pace pace;
    private final OrderRequests requests;
    private final int connections;
    private final int batch;
    private final long timeoutMs;
    private final long maxBehindNs;
    private final Recorder recorder;
    private final Vertx vertx =
            Vertx.vertx(new VertxOptions().setPreferNativeTransport(true).setEventLoopPoolSize(1));
    private volatile Progress progress = new Progress(0, 0, 0);
    private HttpClient client;
    private long beganNs;
    private int next;
    private long worstDelayNs;
    private String behindSchedule;

    /**
     * @param batch orders in one request
     * @param maxBehindMs as in {@link LoadGenerator.Settings}
     */
    public BatchGenerator(
            Target target,
            Pace pace,
            OrderRequests requests,
            int connections,
            int batch,
            long timeoutMs,
            long maxBehindMs) {
        this.target = target;
        this.pace = pace;
        this.requests = requests;
        this.connections = connections;
        this.batch = batch;
        this.timeoutMs = timeoutMs;
        this.maxBehindNs = TimeUnit.MILLISECONDS.toNanos(maxBehindMs);
        this.recorder = new Recorder(pace.warmupNs());
    }

    @Override
    public CompletableFuture<LoadResult> run() {
        CompletableFuture<LoadResult> done = new CompletableFuture<>();
        Context context = vertx.getOrCreateContext();
        context.runOnContext(v -> {
            client = vertx.createHttpClient(
                    new HttpClientOptions().setDefaultHost(target.host()).setDefaultPort(target.port()),
                    new PoolOptions().setHttp1MaxSize(connections).setEventLoopSize(1));
            beganNs = System.nanoTime();
            List<Future<?>> senders = new ArrayList<>();
            for (int i = 0; i < connections; i++) {
                senders.add(sendOn());
            }
            Future.join(senders).onComplete(all -> {
                if (all.succeeded()) {
                    done.complete(recorder.result(
                            pace, worstDelayNs, behindSchedule, vertx.isNativeTransportEnabled() ? "epoll" : "nio"));
                } else {
                    done.completeExceptionally(all.cause());
                }
            });
        });
        return done.whenComplete((result, failure) -> vertx.close());
    }

    @Override
    public Progress progress() {
        return progress;
    }

    /** Sends one request after the other until the time is over, each when the last of its orders is due. */
    private Future<?> sendOn() {
        int from = next;
        long nowNs = System.nanoTime() - beganNs;
        long plannedNs = pace.plannedNs(from + batch - 1, nowNs);
        if (plannedNs == Pace.NEVER || behindSchedule != null) {
            return Future.succeededFuture();
        }
        next += batch;
        if (nowNs >= plannedNs) {
            return send(from, plannedNs, nowNs);
        }
        // Whole milliseconds, as the timers of the event loop are; never too early.
        long waitMs = TimeUnit.NANOSECONDS.toMillis(plannedNs - nowNs) + 1;
        return vertx.timer(waitMs, TimeUnit.MILLISECONDS)
                .compose(due -> send(from, plannedNs, System.nanoTime() - beganNs));
    }

    private Future<?> send(int from, long plannedNs, long nowNs) {
        worstDelayNs = Math.max(worstDelayNs, nowNs - plannedNs);
        if (nowNs - plannedNs > maxBehindNs) {
            behindSchedule = LoadGenerator.behind(nowNs, TimeUnit.NANOSECONDS.toMillis(maxBehindNs), from);
            return Future.succeededFuture();
        }
        Request request = new Request(from, plannedNs, nowNs);
        return client.request(HttpMethod.POST, PATH)
                .compose(opened -> send(opened, request))
                .timeout(timeoutMs, TimeUnit.MILLISECONDS)
                .otherwise(failure -> {
                    request.lost(String.valueOf(failure.getMessage()));
                    return null;
                })
                .compose(v -> sendOn());
    }

    private Future<Void> send(HttpClientRequest opened, Request request) {
        opened.putHeader("content-type", "application/x-ndjson");
        requests.keys().forEach(opened::putHeader);
        return opened.send(Buffer.buffer(request.body())).compose(request::read);
    }

    /** The orders of one request, and how many of them have their result. */
    private final class Request {

        private final int from;
        private final long plannedNs;
        private final long sentNs;
        private int answered;
        private Buffer partial = Buffer.buffer();

        Request(int from, long plannedNs, long sentNs) {
            this.from = from;
            this.plannedNs = plannedNs;
            this.sentNs = sentNs;
        }

        byte[] body() {
            ByteBuf out = ByteBufAllocator.DEFAULT.heapBuffer(batch * LoadGenerator.REQUEST_BYTES / 2);
            try {
                for (int i = 0; i < batch; i++) {
                    recorder.sent(from + i, plannedNs);
                    requests.writeBody(from + i, out);
                    out.writeByte(NEWLINE);
                }
                byte[] bytes = new byte[out.readableBytes()];
                out.readBytes(bytes);
                return bytes;
            } finally {
                out.release();
            }
        }

        Future<Void> read(HttpClientResponse response) {
            if (response.statusCode() != OK) {
                return response.body().map(body -> {
                    lost("HTTP " + response.statusCode() + " for the batch: " + body);
                    return null;
                });
            }
            response.handler(this::read);
            return response.end().map(v -> {
                lost("the batch was answered without it");
                return null;
            });
        }

        private void read(Buffer chunk) {
            partial.appendBuffer(chunk);
            byte[] bytes = partial.getBytes();
            int start = 0;
            for (int at = 0; at < bytes.length; at++) {
                if (bytes[at] == NEWLINE) {
                    result(bytes, start, at - start);
                    start = at + 1;
                }
            }
            partial = Buffer.buffer().appendBytes(bytes, start, bytes.length - start);
            progress = recorder.progress(System.nanoTime() - beganNs);
        }

        private void result(byte[] bytes, int at, int length) {
            int seq = from + answered++;
            recorder.answered(
                    seq, plannedNs, sentNs, System.nanoTime() - beganNs, status(bytes, at), bytes, at, length);
        }

        private static int status(byte[] bytes, int at) {
            for (int i = 0; i < ERROR.length; i++) {
                if (at + i >= bytes.length || bytes[at + i] != ERROR[i]) {
                    return OK;
                }
            }
            int status = 0;
            for (int i = 0; i < STATUS_DIGITS; i++) {
                status = status * 10 + bytes[at + ERROR.length + i] - '0';
            }
            return status;
        }

        /** Nothing more comes for the orders without a result. */
        void lost(String why) {
            for (; answered < batch; answered++) {
                recorder.lost(from + answered, plannedNs, why);
            }
        }
    }
}
