package io.tradewind.embeddedservers;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** Checks of the options that both servers have. */
final class Checks {
    private Checks() {}

    /** A copy in the given order; a name or value that would break out of its line is refused. */
    static Map<String, String> settings(Map<String, String> settings) {
        settings.forEach((key, value) -> {
            if (!key.matches("[A-Za-z0-9_.-]+") || value.indexOf('\n') >= 0 || value.indexOf('\0') >= 0) {
                throw new IllegalArgumentException("setting '" + key + "' = '" + value
                        + "': a name has letters, digits, '-', '_', '.', a value is one line");
            }
        });
        return Collections.unmodifiableMap(new LinkedHashMap<>(settings));
    }

    static Map<String, String> plus(Map<String, String> settings, String key, String value) {
        Map<String, String> more = new LinkedHashMap<>(settings);
        more.put(key, value);
        return more;
    }
}
