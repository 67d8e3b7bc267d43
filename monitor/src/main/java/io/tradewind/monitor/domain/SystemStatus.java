package io.tradewind.monitor.domain;

import java.util.List;

/**
 * The whole system at one moment. Pure.
 *
 * @param machine {@code null} when its resources were not read yet, or cannot be read
 * @param redis {@code null} when it was not asked yet
 * @param postgres {@code null} when it was not asked yet
 */
public record SystemStatus(
        ServiceState status,
        long timeMs,
        List<ServiceView> services,
        MachineSample machine,
        RedisStatus redis,
        PostgresStatus postgres,
        Score score) {

    public SystemStatus {
        services = List.copyOf(services);
    }

    /**
     * Puts the parts together. The system is down when a service runs nowhere or Redis does not answer, since then
     * orders are not taken; it is degraded when anything else is found.
     */
    public static SystemStatus of(
            long timeMs,
            List<ServiceView> services,
            MachineSample machine,
            String machineError,
            RedisStatus redis,
            PostgresStatus postgres,
            Limits limits) {
        Score score = Score.of(services, machine, machineError, redis, postgres, limits);
        return new SystemStatus(overall(score), timeMs, services, machine, redis, postgres, score);
    }

    private static ServiceState overall(Score score) {
        boolean down = score.findings().stream()
                .anyMatch(finding ->
                        finding.code().equals("service_down") || finding.code().equals("redis_down"));
        if (down) {
            return ServiceState.DOWN;
        }
        return score.findings().isEmpty() ? ServiceState.UP : ServiceState.DEGRADED;
    }
}
