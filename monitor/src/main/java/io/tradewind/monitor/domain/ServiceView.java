package io.tradewind.monitor.domain;

import java.util.Map;

/**
 * One service of one process, as the monitor sees it.
 *
 * @param instance the process; {@code null} when the service was never heard of
 * @param since when it came into its state, RFC 3339; {@code null} when unknown
 * @param ageMs time since it was heard of last, milliseconds; negative when it never was
 * @param details its health checks by name: plain JSON values
 * @param admin address of its admin server; {@code null} when there is none
 */
public record ServiceView(
        String name,
        String instance,
        ServiceState state,
        String since,
        long ageMs,
        Map<String, Object> details,
        String admin) {

    public static final long NEVER = -1;
}
