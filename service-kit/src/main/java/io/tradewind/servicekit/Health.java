package io.tradewind.servicekit;

import io.vertx.core.Future;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * Answers whether this process and its services are well. Services register named checks; {@link Services} reports their
 * life cycle. Any thread may call; a check runs on the thread that asks for a report, so it must not block. A check that
 * throws, fails or takes too long counts as DOWN: nothing that cannot say it is well is taken for well.
 */
public final class Health {
    private final Clock clock;
    private final String instance;
    private final Duration checkTimeout;
    private final List<String> order = new ArrayList<>();
    private final Map<String, Life> lives = new ConcurrentHashMap<>();
    private final Map<String, Map<String, Supplier<Future<CheckResult>>>> checks = new ConcurrentHashMap<>();

    private record Life(ServiceState state, Instant since) {}

    Health(Clock clock, String instance, Duration checkTimeout) {
        this.clock = clock;
        this.instance = instance;
        this.checkTimeout = checkTimeout;
    }

    /** Adds a check, or replaces the one of that name. It is called at every heartbeat and every probe: keep it cheap. */
    public void register(String service, String check, Supplier<Future<CheckResult>> supplier) {
        checks.computeIfAbsent(service, name -> new ConcurrentSkipListMap<>()).put(check, supplier);
    }

    /** Removes all checks of a service, when it stops. */
    public void unregister(String service) {
        checks.remove(service);
    }

    /** The state of everything now; never fails, and takes no longer than the check timeout. */
    public Future<HealthReport> snapshot() {
        List<Future<HealthReport.ServiceHealth>> services =
                announced().stream().map(this::service).toList();
        return Future.join(services)
                .map(all -> new HealthReport(instance, Version.current(), clock.instant(), all.list()));
    }

    /** Makes a service part of the report from now on. */
    void announce(String service) {
        synchronized (order) {
            if (!order.contains(service)) {
                order.add(service);
            }
        }
        state(service, ServiceState.STARTING);
    }

    void state(String service, ServiceState state) {
        lives.compute(
                service,
                (name, life) -> life != null && life.state() == state ? life : new Life(state, clock.instant()));
    }

    ServiceState state(String service) {
        return lives.get(service).state();
    }

    Instant since(String service) {
        return lives.get(service).since();
    }

    private List<String> announced() {
        synchronized (order) {
            return List.copyOf(order);
        }
    }

    private Future<HealthReport.ServiceHealth> service(String name) {
        Life life = lives.get(name);
        Map<String, Supplier<Future<CheckResult>>> mine = checks.getOrDefault(name, Map.of());
        List<String> names = List.copyOf(mine.keySet());
        List<Future<CheckResult>> results =
                names.stream().map(check -> evaluate(mine.get(check))).toList();
        return Future.join(results).map(done -> {
            Map<String, CheckResult> byName = new TreeMap<>();
            for (int i = 0; i < names.size(); i++) {
                byName.put(names.get(i), results.get(i).result());
            }
            return new HealthReport.ServiceHealth(name, life.state(), life.since(), byName);
        });
    }

    private Future<CheckResult> evaluate(Supplier<Future<CheckResult>> check) {
        // A check may have been removed since its name was read, when its service stops just now.
        if (check == null) {
            return Future.succeededFuture(CheckResult.down("the service is stopping"));
        }
        Future<CheckResult> result;
        try {
            result = Objects.requireNonNull(check.get(), "the check answered null");
        } catch (RuntimeException e) {
            return Future.succeededFuture(CheckResult.down(e.toString()));
        }
        return Bounded.within(checkTimeout, result)
                .map(found -> found == null ? CheckResult.down("the check answered null") : found)
                .otherwise(failure -> CheckResult.down(
                        failure instanceof TimeoutException
                                ? "no answer within " + checkTimeout.toMillis() + " ms"
                                : failure.toString()));
    }
}
