package io.tradewind.monitor.redis;

import io.tradewind.monitor.domain.RedisStatus;
import java.util.HashMap;
import java.util.Map;

/** Reads the answer to INFO: lines of {@code name:value}, with headings and empty lines between. Pure functions. */
final class RedisInfo {

    static final String APPEND_ONLY = "appendonly";
    static final String APPEND_FSYNC = "appendfsync";

    private RedisInfo() {}

    static Map<String, String> parse(String text) {
        Map<String, String> fields = new HashMap<>();
        text.lines().forEach(line -> {
            int colon = line.indexOf(':');
            if (colon > 0 && line.charAt(0) != '#') {
                fields.put(line.substring(0, colon), line.substring(colon + 1).trim());
            }
        });
        return fields;
    }

    /** @param settings what CONFIG says of {@link #APPEND_ONLY} and {@link #APPEND_FSYNC} */
    static RedisStatus.Facts facts(Map<String, String> info, Map<String, String> settings) {
        return new RedisStatus.Facts(
                text(info, "redis_version"),
                number(info, "uptime_in_seconds"),
                number(info, "connected_clients"),
                number(info, "instantaneous_ops_per_sec"),
                number(info, "used_memory"),
                number(info, "maxmemory"),
                text(info, "maxmemory_policy"),
                appendOnly(info, settings),
                settings.getOrDefault(APPEND_FSYNC, RedisStatus.UNKNOWN),
                text(info, "aof_last_write_status"),
                number(info, "aof_current_size"));
    }

    // Where CONFIG is forbidden, INFO still tells whether there is a file.
    private static String appendOnly(Map<String, String> info, Map<String, String> settings) {
        String setting = settings.getOrDefault(APPEND_ONLY, RedisStatus.UNKNOWN);
        if (!setting.equals(RedisStatus.UNKNOWN) || !info.containsKey("aof_enabled")) {
            return setting;
        }
        return info.get("aof_enabled").equals("1") ? "yes" : "no";
    }

    private static String text(Map<String, String> info, String name) {
        return info.getOrDefault(name, RedisStatus.UNKNOWN);
    }

    private static long number(Map<String, String> info, String name) {
        try {
            return Long.parseLong(info.getOrDefault(name, "0"));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("INFO of Redis says " + name + ":" + info.get(name), e);
        }
    }
}
