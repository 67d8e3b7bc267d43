package io.tradewind.orderqueue.endpoint;

import io.netty.channel.EventLoopGroup;
import io.vertx.core.ThreadingModel;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.VertxInternal;
import io.vertx.core.spi.VertxThreadFactory;
import io.vertx.core.spi.transport.Transport;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An event loop with a thread that nobody else uses. The loops of Vert.x are shared: whatever blocks one of them holds up
 * every service that happens to live there, and one that is made in its place may be given the same thread. This one can
 * be given up alone. Its kind is that of the other loops, so that sockets can be used on it.
 *
 * <p>Any thread. Its thread is a daemon: one that hangs for ever does not keep the process alive.
 */
final class WorkerThread {

    /** What the other loops of Vert.x use: as much time for tasks as for sockets. */
    private static final int IO_RATIO = 50;

    /** Of a stack trace that is logged. */
    private static final int MAX_FRAMES = 100;

    private static final Logger LOG = LoggerFactory.getLogger(WorkerThread.class);

    private final VertxInternal vertx;
    private final EventLoopGroup group;
    private final Loop loop;
    private volatile Thread thread;

    WorkerThread(Vertx vertx, String name) {
        this.vertx = (VertxInternal) vertx;
        this.group = this.vertx
                .transport()
                .eventLoopGroup(Transport.IO_EVENT_LOOP_GROUP, 1, task -> thread(task, name), IO_RATIO);
        ContextInternal context = this.vertx
                .contextBuilder()
                .withThreadingModel(ThreadingModel.EVENT_LOOP)
                .withEventLoop(group.next())
                .build();
        this.loop = new Loop(vertx, context);
        this.vertx.addCloseHook(closed -> {
            shutDown();
            closed.succeed();
        });
    }

    private Thread thread(Runnable task, String name) {
        Thread made =
                VertxThreadFactory.INSTANCE.newVertxThread(task, name, false, Long.MAX_VALUE, TimeUnit.NANOSECONDS);
        made.setDaemon(true);
        thread = made;
        return made;
    }

    Loop loop() {
        return loop;
    }

    /** What the thread does at this moment, for people. */
    String dump() {
        Thread running = thread;
        if (running == null) {
            return "it was never started";
        }
        ThreadInfo info = ManagementFactory.getThreadMXBean().getThreadInfo(running.getId(), MAX_FRAMES);
        if (info == null) {
            return "it has ended";
        }
        StringBuilder text =
                new StringBuilder().append(info.getThreadName()).append(' ').append(info.getThreadState());
        if (info.getLockName() != null) {
            text.append(" on ").append(info.getLockName());
        }
        if (info.getLockOwnerName() != null) {
            text.append(" held by ").append(info.getLockOwnerName());
        }
        for (StackTraceElement frame : info.getStackTrace()) {
            text.append("\n    at ").append(frame);
        }
        return text.toString();
    }

    /**
     * Ends the thread when nothing can arrive any more.
     *
     * @param lingerMs how long answers may still be on their way: whoever sends one to a loop that is gone gets an error
     */
    void close(long lingerMs) {
        vertx.setTimer(lingerMs, id -> shutDown());
    }

    private void shutDown() {
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).addListener(over -> {
            if (!over.isSuccess()) {
                LOG.warn("an event loop of the order-queue did not end", over.cause());
            }
        });
    }
}
