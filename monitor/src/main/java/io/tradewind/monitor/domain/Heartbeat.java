package io.tradewind.monitor.domain;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a service says of itself at intervals.
 *
 * @param instance the process that it runs in
 * @param state as it sees itself: {@code up, degraded, starting, stopping, down}
 * @param since when it came into that state, RFC 3339
 * @param details its health checks by name: plain JSON values
 * @param admin address of the admin server of its process; {@code null} when there is none
 */
public record Heartbeat(
        String service, String instance, String state, String since, Map<String, Object> details, String admin) {

    public Heartbeat {
        details = Collections.unmodifiableMap(new LinkedHashMap<>(details));
    }
}
