package io.tradewind.strategyexecutor.runner;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread of a strategy: runs one call at a time, in the order given. A daemon, so that a call without end
 * cannot keep the process alive. Ends after {@link #end()}, as soon as the call that runs has returned; there is no way
 * in Java to end it before.
 */
final class CallThread {

    private static final Logger LOG = LoggerFactory.getLogger(CallThread.class);

    /** Who gives the next call has seen the end of the one before. */
    private static final int MAX_WAITING = 1;

    private final BlockingQueue<Runnable> calls = new ArrayBlockingQueue<>(MAX_WAITING);
    private final Thread thread;
    private volatile boolean ended;

    CallThread(String name) {
        thread = new Thread(this::loop, name);
        thread.setDaemon(true);
        thread.start();
    }

    /** @throws IllegalStateException when a call is still waiting */
    void execute(Runnable call) {
        calls.add(call);
    }

    void interrupt() {
        thread.interrupt();
    }

    void end() {
        ended = true;
        thread.interrupt();
    }

    boolean isAlive() {
        return thread.isAlive();
    }

    boolean isCurrent() {
        return Thread.currentThread() == thread;
    }

    private void loop() {
        while (!ended) {
            try {
                Runnable call = calls.take();
                call.run();
            } catch (InterruptedException e) {
                // Meant for a call that had just ended, or for the end of this thread: the loop condition tells.
                LOG.trace("interrupted between two calls");
            } catch (RuntimeException e) {
                LOG.error("a call reported its end in vain", e);
            }
        }
    }
}
