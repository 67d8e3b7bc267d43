package io.tradewind.servicekit;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What one health check found.
 *
 * @param status only UP, DEGRADED or DOWN
 * @param details what an operator wants to see: text, numbers and booleans; anything else becomes text
 */
public record CheckResult(Status status, Map<String, Object> details) {
    /** How well the checked thing is. */
    public enum Status {
        UP,
        DEGRADED,
        DOWN
    }

    public CheckResult {
        Map<String, Object> plain = new LinkedHashMap<>();
        details.forEach((name, value) -> plain.put(name, isPlain(value) ? value : value.toString()));
        details = Collections.unmodifiableMap(plain);
    }

    public static CheckResult up() {
        return up(Map.of());
    }

    public static CheckResult up(Map<String, Object> details) {
        return new CheckResult(Status.UP, details);
    }

    public static CheckResult degraded(String reason) {
        return new CheckResult(Status.DEGRADED, Map.of("reason", reason));
    }

    public static CheckResult down(String reason) {
        return new CheckResult(Status.DOWN, Map.of("reason", reason));
    }

    /** The same result with one more detail. */
    public CheckResult with(String name, Object value) {
        Map<String, Object> more = new LinkedHashMap<>(details);
        more.put(name, value);
        return new CheckResult(status, more);
    }

    // Anything else could not travel over the event bus and would silence the whole heartbeat.
    private static boolean isPlain(Object value) {
        return value == null || value instanceof String || value instanceof Number || value instanceof Boolean;
    }

    ServiceState asState() {
        return ServiceState.valueOf(status.name());
    }
}
