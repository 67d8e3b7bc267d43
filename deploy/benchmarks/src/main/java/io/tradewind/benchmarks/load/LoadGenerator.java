package io.tradewind.benchmarks.load;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Sends the orders of one run over a fixed number of connections and notes what became of each.
 *
 * <p>Everything happens on one event loop of its own, without locks; {@link #run} may be called from any other thread,
 * once. A due order goes out on the connection that has been free the longest; when none is free it waits, and the wait
 * counts, since its latency begins at its planned time. What waits is not a queue but the distance between the next
 * order and the clock, so it costs nothing; its bound is {@link Settings#maxBehindMs}, after which sending stops and
 * the result says so. A lost connection is made again after {@link #RECONNECT_MS}; what it carried is unknown.
 */
public final class LoadGenerator implements Load {

    public static final int MAX_CONNECTIONS = 4096;
    public static final int MAX_PIPELINE = 128;

    /** Longer than any order request here, so that its buffer never grows. */
    static final int REQUEST_BYTES = 768;

    private static final int CONNECT_TIMEOUT_MS = 5_000;
    private static final int RECONNECT_MS = 100;
    private static final int WATCH_MS = 100;

    /** Due orders closer together than this leave together: each wake-up takes processor time from the server. */
    private static final long SHORTEST_SLEEP_NS = TimeUnit.MICROSECONDS.toNanos(50);

    /**
     * @param pipeline orders that one connection may have in flight; 1 is how clients behave
     * @param timeoutMs after which an order without an answer counts as unknown
     * @param maxBehindMs a server (or generator) that is this late will not catch up; what follows would only measure
     *     the backlog
     */
    public record Settings(int connections, int pipeline, long timeoutMs, long maxBehindMs) {}

    private final Target target;
    private final Pace pace;
    private final Settings settings;
    private final long maxBehindNs;
    private final Recorder recorder;
    private final List<LoadConnection> connections = new ArrayList<>();
    private final Queue<LoadConnection> free = new ArrayDeque<>();
    private final List<LoadConnection> unflushed = new ArrayList<>();
    private final CompletableFuture<LoadResult> done = new CompletableFuture<>();
    private final EventLoopGroup group;
    private final EventLoop loop;
    private volatile Progress progress = new Progress(0, 0, 0);

    private long beganNs;
    private boolean running;
    private boolean allSent;
    private int next;
    private boolean timerSet;
    private long worstDelayNs;
    private String behindSchedule;

    public LoadGenerator(Target target, Pace pace, RequestSource requests, Settings settings) {
        this.target = target;
        this.pace = pace;
        this.settings = settings;
        this.maxBehindNs = TimeUnit.MILLISECONDS.toNanos(settings.maxBehindMs());
        this.recorder = new Recorder(pace.warmupNs());
        this.group = new MultiThreadIoEventLoopGroup(
                1,
                new DefaultThreadFactory("load", true),
                Epoll.isAvailable() ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
        this.loop = group.next();
        for (int i = 0; i < settings.connections(); i++) {
            connections.add(new LoadConnection(this, requests, recorder, settings.pipeline()));
        }
    }

    /**
     * Connects, sends everything and waits for the answers. The future fails only when not even one of the first
     * connections could be made; it ends at the latest one timeout after the last order was sent.
     */
    @Override
    public CompletableFuture<LoadResult> run() {
        loop.execute(guarded(this::connectAll));
        return done.whenComplete((result, failure) -> shutDown());
    }

    @Override
    public Progress progress() {
        return progress;
    }

    /** The threads are daemons: nobody has to wait for them. */
    @SuppressWarnings("FutureReturnValueIgnored")
    private void shutDown() {
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }

    // Everything below runs on the event loop.

    /** A bug ends the run; on an event loop it would go unseen. */
    private Runnable guarded(Runnable action) {
        return () -> {
            try {
                action.run();
            } catch (RuntimeException e) {
                fail(e);
            }
        };
    }

    /** Ends the run for want of a way to go on. */
    void fail(Throwable cause) {
        done.completeExceptionally(cause);
    }

    /** What the task does not catch itself is caught by {@link #guarded}, so its future has nothing to tell. */
    @SuppressWarnings("FutureReturnValueIgnored")
    private void later(Runnable action, long delay, TimeUnit unit) {
        loop.schedule(guarded(action), delay, unit);
    }

    private void connectAll() {
        int[] open = {connections.size()};
        Throwable[] failure = {null};
        for (LoadConnection connection : connections) {
            connect(connection, cause -> {
                failure[0] = cause == null ? failure[0] : cause;
                if (--open[0] == 0) {
                    if (failure[0] != null) {
                        fail(failure[0]);
                    } else {
                        begin();
                    }
                }
            });
        }
    }

    /** @param then gets the failure, or {@code null} */
    @SuppressWarnings("FutureReturnValueIgnored")
    private void connect(LoadConnection connection, Consumer<Throwable> then) {
        bootstrap(connection).connect().addListener(connected -> guarded(() -> then.accept(connected.cause()))
                .run());
    }

    private Bootstrap bootstrap(LoadConnection connection) {
        return new Bootstrap()
                .group(loop)
                .channel(Epoll.isAvailable() ? EpollSocketChannel.class : NioSocketChannel.class)
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_TIMEOUT_MS)
                .remoteAddress(target.host(), target.port())
                .handler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline().addLast(connection.handler());
                    }
                });
    }

    private void begin() {
        beganNs = System.nanoTime();
        running = true;
        watch();
    }

    long elapsedNs() {
        return System.nanoTime() - beganNs;
    }

    /** {@code connection} can take one more. */
    void free(LoadConnection connection) {
        if (connection.isFree() && connection.enterQueue()) {
            free.add(connection);
        }
    }

    /** The channel of {@code connection} is gone. */
    void lost(LoadConnection connection) {
        if (!done.isDone()) {
            later(() -> reconnect(connection), RECONNECT_MS, TimeUnit.MILLISECONDS);
        }
    }

    private void reconnect(LoadConnection connection) {
        if (done.isDone()) {
            return;
        }
        connect(connection, failure -> {
            if (failure != null && !done.isDone()) {
                later(() -> reconnect(connection), RECONNECT_MS, TimeUnit.MILLISECONDS);
            }
        });
    }

    /** Sends whatever is due and has a connection; finds out when all is done. */
    void pump() {
        if (!running) {
            return;
        }
        while (!allSent) {
            long now = elapsedNs();
            long planned = pace.plannedNs(next, now);
            if (planned == Pace.NEVER) {
                allSent = true;
            } else if (planned > now) {
                wakeAfter(planned - now);
                break;
            } else if (now - planned > maxBehindNs) {
                stopBehind(now);
            } else {
                LoadConnection connection = nextFree();
                if (connection == null) {
                    break;
                }
                send(connection, planned, now);
            }
        }
        for (LoadConnection connection : unflushed) {
            connection.flush();
        }
        unflushed.clear();
        finishWhenAnswered();
    }

    private LoadConnection nextFree() {
        LoadConnection connection = free.poll();
        while (connection != null) {
            connection.leaveQueue();
            if (connection.isFree()) {
                return connection;
            }
            connection = free.poll();
        }
        return null;
    }

    private void send(LoadConnection connection, long planned, long now) {
        worstDelayNs = Math.max(worstDelayNs, now - planned);
        connection.send(next, planned, now);
        next++;
        unflushed.add(connection);
        free(connection);
    }

    private void stopBehind(long now) {
        allSent = true;
        behindSchedule = behind(now, settings.maxBehindMs(), next);
    }

    static String behind(long nowNs, long maxBehindMs, int sent) {
        return "behind schedule: " + TimeUnit.NANOSECONDS.toMillis(nowNs)
                + " ms into the run the next order was more than " + maxBehindMs
                + " ms late, so sending was stopped after " + sent
                + " orders; use a lower --rate, or --saturate to learn how much is taken";
    }

    private void wakeAfter(long ns) {
        if (!timerSet) {
            timerSet = true;
            later(
                    () -> {
                        timerSet = false;
                        pump();
                    },
                    Math.max(SHORTEST_SLEEP_NS, ns),
                    TimeUnit.NANOSECONDS);
        }
    }

    private void watch() {
        if (done.isDone()) {
            return;
        }
        long now = elapsedNs();
        progress = recorder.progress(now);
        long tooOld = now - TimeUnit.MILLISECONDS.toNanos(settings.timeoutMs());
        for (LoadConnection connection : connections) {
            if (connection.oldestIsOlderThan(tooOld)) {
                connection.drop("no answer within " + settings.timeoutMs() + " ms");
            }
        }
        pump();
        later(this::watch, WATCH_MS, TimeUnit.MILLISECONDS);
    }

    private void finishWhenAnswered() {
        if (!allSent || done.isDone()) {
            return;
        }
        for (LoadConnection connection : connections) {
            if (connection.waiting() > 0) {
                return;
            }
        }
        progress = recorder.progress(elapsedNs());
        done.complete(recorder.result(pace, worstDelayNs, behindSchedule, Epoll.isAvailable() ? "epoll" : "nio"));
    }
}
