package io.tradewind.servicekit;

import io.tradewind.servicekit.config.Settings;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The life of a process with services in it: open, serve, wait for a signal, drain. Blocks its caller, the main thread,
 * from the first step to the last; a failed start closes what was opened before it reports.
 */
final class ServiceProcess {
    private static final Logger LOG = LoggerFactory.getLogger(ServiceProcess.class);
    /** Added to each bounded step, so that the step's own limit strikes first and says more. */
    private static final Duration GRACE = Duration.ofMillis(300);
    /** Joining a cluster is the longest part of opening. */
    private static final Duration OPEN_TIMEOUT = Duration.ofMinutes(1);

    private ServiceProcess() {}

    /** Runs until a signal; true when everything stopped cleanly and in time. */
    static boolean run(List<ServiceDefinition<?>> definitions, Settings settings, KitOptions options) throws Exception {
        LOG.debug("effective configuration:\n{}", settings.effective());
        CountDownLatch signal = new CountDownLatch(1);
        Signals.onTerminate(signal::countDown);

        ServiceKit kit = await(ServiceKit.open(settings, options), OPEN_TIMEOUT);
        try {
            await(AdminServer.start(kit), OPEN_TIMEOUT);
            Future<Void> started = kit.services().deployAll(definitions);
            started.onComplete(done -> {
                if (done.failed()) {
                    signal.countDown();
                }
            });
            // A signal must also end a start that takes long.
            started.onSuccess(done -> LOG.info("tradewind {} is ready as {}", Version.current(), kit.instance()));
            signal.await();
            if (started.failed()) {
                throw startFailure(started.cause());
            }
        } catch (Exception e) {
            drain(kit);
            throw e;
        }
        LOG.info("stopping");
        return drain(kit);
    }

    private static Exception startFailure(Throwable cause) {
        LOG.debug("start failed", cause);
        return cause instanceof Exception exception ? exception : new IllegalStateException(cause);
    }

    private static boolean drain(ServiceKit kit) throws InterruptedException {
        Duration stop = kit.settings().runtime().stopTimeout();
        boolean clean = false;
        try {
            clean = await(kit.services().stopAll(), stop.plus(GRACE));
            await(kit.close(kit.closeTimeout()), kit.closeTimeout().plus(GRACE));
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) {
            LOG.warn("not everything was closed in time", e);
            return false;
        }
        LOG.info("stopped");
        return clean;
    }

    private static <T> T await(Future<T> future, Duration limit) throws Exception {
        try {
            return future.toCompletionStage().toCompletableFuture().get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Exception exception ? exception : e;
        } catch (TimeoutException e) {
            throw new TimeoutException("not finished within " + limit.toMillis() + " ms");
        }
    }
}
