package io.tradewind.servicekit;

import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The health of a process at one moment.
 *
 * @param instance the process
 * @param version the program
 * @param at when it was asked
 * @param services every service that was announced, in order of deployment
 */
public record HealthReport(String instance, String version, Instant at, List<ServiceHealth> services) {
    /**
     * The health of one service.
     *
     * @param lifecycle what its deployment says
     * @param since when it entered that state
     * @param checks what its checks say, by name
     */
    public record ServiceHealth(
            String service, ServiceState lifecycle, Instant since, Map<String, CheckResult> checks) {
        /** The worse of its life cycle and its checks. */
        public ServiceState state() {
            return checks.values().stream().map(CheckResult::asState).reduce(lifecycle, HealthReport::worse);
        }

        JsonObject checksJson() {
            JsonObject json = new JsonObject();
            checks.forEach((name, result) -> {
                JsonObject check = new JsonObject().put("status", text(result.status()));
                if (!result.details().isEmpty()) {
                    check.put("details", new JsonObject(result.details()));
                }
                json.put(name, check);
            });
            return json;
        }

        JsonObject toJson() {
            return new JsonObject()
                    .put("service", service)
                    .put("state", text(state()))
                    .put("since", since.toString())
                    .put("checks", checksJson());
        }
    }

    public HealthReport {
        services = List.copyOf(services);
    }

    /** The worst state of any service; STARTING while none was announced. */
    public ServiceState state() {
        return services.stream()
                .map(ServiceHealth::state)
                .reduce(HealthReport::worse)
                .orElse(ServiceState.STARTING);
    }

    /** Whether every announced service has finished starting and none has begun to stop. */
    public boolean ready() {
        return !services.isEmpty()
                && services.stream().allMatch(s -> s.lifecycle().isStarted());
    }

    /** False when a service failed to start or to restart: then only a new process helps. Checks do not count. */
    public boolean live() {
        return services.stream().noneMatch(s -> s.lifecycle() == ServiceState.DOWN);
    }

    public Optional<ServiceHealth> service(String name) {
        return services.stream().filter(s -> s.service().equals(name)).findFirst();
    }

    /** The body of {@code /health}. */
    public JsonObject toJson() {
        JsonObject byName = new JsonObject();
        services.forEach(service -> byName.put(service.service(), service.toJson()));
        return new JsonObject()
                .put("status", text(state()))
                .put("ready", ready())
                .put("live", live())
                .put("instance", instance)
                .put("version", version)
                .put("at", at.toString())
                .put("services", byName);
    }

    static ServiceState worse(ServiceState a, ServiceState b) {
        return a.compareTo(b) >= 0 ? a : b;
    }

    static String text(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
