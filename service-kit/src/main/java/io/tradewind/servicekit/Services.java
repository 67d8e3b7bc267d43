package io.tradewind.servicekit;

import io.tradewind.servicekit.config.Durations;
import io.vertx.core.Deployable;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deploys the services of a process in order, stops them in reverse, restarts single ones, and publishes their
 * heartbeats. Obtained from {@link ServiceKit#services()}; the program stops it before it closes the kit. Any thread; a
 * service whose start or stop hangs is given up after the configured time, so neither can hang a process.
 */
public final class Services {
    private static final Logger LOG = LoggerFactory.getLogger(Services.class);

    private final ServiceKit kit;
    private final Map<String, Deployed> byName = Collections.synchronizedMap(new LinkedHashMap<>());
    private final AtomicBoolean beating = new AtomicBoolean();
    private final AtomicBoolean stopping = new AtomicBoolean();
    private volatile long heartbeatTimer = -1;

    /** One service and how it fared; replaced as a whole when it changes. */
    private record Deployed(
            ServiceDefinition<?> definition, String deploymentId, Duration startDuration, String failure) {}

    Services(ServiceKit kit) {
        this.kit = kit;
    }

    /** Makes services part of the health report before any is started, so that none is ready until all are. */
    public void announce(List<ServiceDefinition<?>> definitions) {
        definitions.forEach(definition -> {
            byName.putIfAbsent(definition.name(), new Deployed(definition, null, null, null));
            kit.health().announce(definition.name());
        });
    }

    /** Announces all, then starts one after the other; stops at the first that fails. */
    public Future<Void> deployAll(List<ServiceDefinition<?>> definitions) {
        announce(definitions);
        Future<Void> last = Future.succeededFuture();
        for (ServiceDefinition<?> definition : definitions) {
            last = last.compose(done -> deploy(definition));
        }
        return last;
    }

    /** Starts one service; fails with a {@link ServiceStartException} that says which and why. */
    public Future<Void> deploy(ServiceDefinition<?> definition) {
        String name = definition.name();
        Deployed present = byName.get(name);
        if (present != null && present.deploymentId() != null) {
            return Future.failedFuture(new IllegalStateException("service " + name + " is deployed already"));
        }
        if (stopping.get()) {
            return Future.failedFuture(
                    new ServiceStartException("service " + name + " is not started: stopping", null));
        }
        announce(List.of(definition));
        startBeating();
        return start(definition);
    }

    private Future<Void> start(ServiceDefinition<?> definition) {
        String name = definition.name();
        enter(name, ServiceState.STARTING);
        Duration limit = kit.settings().runtime().startTimeout();
        long begun = System.nanoTime();
        Future<String> deployment;
        try {
            deployment = kit.vertx().deployVerticle(assemble(definition));
        } catch (RuntimeException e) {
            deployment = Future.failedFuture(e);
        }
        Future<String> late = deployment;
        return Bounded.within(limit, deployment)
                .compose(id -> {
                    Duration took = Duration.ofNanos(System.nanoTime() - begun);
                    byName.put(name, new Deployed(definition, id, took, null));
                    enter(name, ServiceState.UP);
                    LOG.info("service {} is up after {} ms", name, took.toMillis());
                    return Future.<Void>succeededFuture();
                })
                .recover(failure -> {
                    if (failure instanceof TimeoutException) {
                        // It may still come up behind our back; nobody would stop it then.
                        late.onSuccess(kit.vertx()::undeploy);
                    }
                    return notStarted(definition, failure, limit);
                });
    }

    private <C extends Record> Deployable assemble(ServiceDefinition<C> definition) {
        C config = kit.settings().section(definition.name(), definition.configType());
        return definition.assembly().assemble(kit, config);
    }

    private Future<Void> notStarted(ServiceDefinition<?> definition, Throwable failure, Duration limit) {
        String reason = failure instanceof TimeoutException
                ? "it took longer than runtime.start-timeout = " + Durations.format(limit)
                : reason(failure);
        byName.put(definition.name(), new Deployed(definition, null, null, reason));
        kit.health().unregister(definition.name());
        enter(definition.name(), ServiceState.DOWN);
        return Future.failedFuture(
                new ServiceStartException("service " + definition.name() + " did not start: " + reason, failure));
    }

    private static String reason(Throwable failure) {
        String message = failure.getMessage();
        return message == null || message.isBlank() ? failure.toString() : message;
    }

    /** Stops a service, if it runs, and starts it again from its definition; for one that failed. */
    public Future<Void> restart(String name) {
        Deployed deployed = byName.get(name);
        if (deployed == null) {
            return Future.failedFuture(
                    new IllegalArgumentException("service " + name + " is unknown; there are " + byName.keySet()));
        }
        ServiceState state = kit.health().state(name);
        if (stopping.get() || (state == ServiceState.STARTING || state == ServiceState.STOPPING)) {
            return Future.failedFuture(new IllegalStateException("service " + name + " is "
                    + HealthReport.text(stopping.get() ? ServiceState.STOPPING : state) + " already"));
        }
        LOG.info("service {} is restarted", name);
        return stop(name, kit.settings().runtime().stopTimeout()).compose(done -> start(deployed.definition()));
    }

    /**
     * Stops all services, last started first. Takes at most {@code runtime.stop-timeout} for all together: one that hangs
     * uses up what is left, the others are then only told. Never fails; what went wrong is in the log and the result.
     *
     * @return true when every service stopped in time and without failure
     */
    public Future<Boolean> stopAll() {
        stopping.set(true);
        kit.vertx().cancelTimer(heartbeatTimer);
        List<String> names;
        synchronized (byName) {
            names = new ArrayList<>(byName.keySet());
        }
        Collections.reverse(names);
        long deadline =
                System.nanoTime() + kit.settings().runtime().stopTimeout().toNanos();
        Future<Boolean> clean = Future.succeededFuture(true);
        for (String name : names) {
            clean = clean.compose(before -> stop(name, Duration.ofNanos(Math.max(0, deadline - System.nanoTime())))
                    .map(mine -> before && mine));
        }
        return clean;
    }

    private Future<Boolean> stop(String name, Duration limit) {
        Deployed deployed = byName.get(name);
        if (deployed.deploymentId() == null) {
            return Future.succeededFuture(true);
        }
        enter(name, ServiceState.STOPPING);
        return Bounded.within(limit, kit.vertx().undeploy(deployed.deploymentId()))
                .map(true)
                .recover(failure -> {
                    LOG.warn("service {} did not stop cleanly within {} ms", name, limit.toMillis(), failure);
                    return Future.succeededFuture(false);
                })
                .onSuccess(done -> {
                    byName.put(name, new Deployed(deployed.definition(), null, null, "stopped"));
                    kit.health().unregister(name);
                    enter(name, ServiceState.DOWN);
                    LOG.info("service {} has stopped", name);
                });
    }

    /** Every service's state, in the order of deployment. */
    public List<ServiceStatus> states() {
        synchronized (byName) {
            return byName.entrySet().stream()
                    .map(entry -> {
                        String name = entry.getKey();
                        ServiceState state = kit.health().state(name);
                        Instant since = kit.health().since(name);
                        Deployed deployed = entry.getValue();
                        return new ServiceStatus(name, state, since, deployed.startDuration(), deployed.failure());
                    })
                    .toList();
        }
    }

    private void enter(String name, ServiceState state) {
        kit.health().state(name, state);
        beat();
    }

    private void startBeating() {
        synchronized (beating) {
            if (heartbeatTimer < 0) {
                long everyMs = kit.settings().runtime().heartbeat().toMillis();
                heartbeatTimer = kit.vertx().setPeriodic(everyMs, tick -> beat());
            }
        }
    }

    // One at a time: when checks are slow, heartbeats are skipped, not queued.
    private void beat() {
        if (!beating.compareAndSet(false, true)) {
            return;
        }
        kit.health()
                .snapshot()
                .onComplete(report -> beating.set(false))
                .onSuccess(report -> report.services().forEach(service -> {
                    JsonObject heartbeat =
                            Heartbeats.of(service, kit.instance(), Version.current(), kit.adminAddress());
                    kit.vertx().eventBus().publish(Heartbeats.ADDRESS, heartbeat);
                }))
                .onFailure(failure -> LOG.error("no heartbeat could be made", failure));
    }
}
