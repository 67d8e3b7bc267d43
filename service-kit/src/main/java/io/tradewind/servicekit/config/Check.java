package io.tradewind.servicekit.config;

import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;

/**
 * Defaults and limits for the compact constructors of configuration records. The key is the component's name as the
 * user writes it, in kebab-case; {@link Settings} puts the section before it. Pure functions.
 */
public final class Check {
    /** Lower ports belong to the system and need privileges. */
    public static final int MIN_PORT = 1024;

    public static final int MAX_PORT = 65535;

    private Check() {}

    /** The value, or the default when the key was not given. */
    public static <T> T orDefault(T value, T defaultValue) {
        return value == null ? defaultValue : value;
    }

    /** The value if it lies within the two limits, both allowed; else a {@link ConfigException}. */
    public static int inRange(String key, int value, int min, int max) {
        return (int) inRange(key, (long) value, min, max);
    }

    /** The value if it lies within the two limits, both allowed; else a {@link ConfigException}. */
    public static long inRange(String key, long value, long min, long max) {
        if (value < min || value > max) {
            throw new ConfigException(key, value, "must be within " + min + ".." + max);
        }
        return value;
    }

    /** The value if it lies within the two limits, both allowed; else a {@link ConfigException}. */
    public static double inRange(String key, double value, double min, double max) {
        // Written so that NaN fails, too.
        if (!(value >= min && value <= max)) {
            throw new ConfigException(key, value, "must be within " + min + ".." + max);
        }
        return value;
    }

    /** The value if it lies within the two limits, both allowed; else a {@link ConfigException}. */
    public static Duration inRange(String key, Duration value, Duration min, Duration max) {
        if (value.compareTo(min) < 0 || value.compareTo(max) > 0) {
            throw new ConfigException(
                    key,
                    Durations.format(value),
                    "must be within " + Durations.format(min) + ".." + Durations.format(max));
        }
        return value;
    }

    /** The value if it lies within the two limits, both allowed; else a {@link ConfigException}. */
    public static DataSize inRange(String key, DataSize value, DataSize min, DataSize max) {
        if (value.compareTo(min) < 0 || value.compareTo(max) > 0) {
            throw new ConfigException(key, value, "must be within " + min + ".." + max);
        }
        return value;
    }

    /** A TCP port a user may choose: {@value #MIN_PORT}..{@value #MAX_PORT}, or 0 for any free one. */
    public static int port(String key, int value) {
        return value == 0 ? 0 : inRange(key, value, MIN_PORT, MAX_PORT);
    }

    /** The value if it is one of the allowed; else a {@link ConfigException} that lists them. */
    public static String oneOf(String key, String value, String... allowed) {
        return oneOf(key, value, Arrays.asList(allowed));
    }

    /** The value if it is one of the allowed; else a {@link ConfigException} that lists them. */
    public static <T> T oneOf(String key, T value, Collection<? extends T> allowed) {
        if (!allowed.contains(value)) {
            throw new ConfigException(key, value, "must be one of " + allowed);
        }
        return value;
    }

    /** The text if it has a visible character; else a {@link ConfigException}. */
    public static String notBlank(String key, String value) {
        if (value.isBlank()) {
            throw new ConfigException(key, "\"" + value + "\"", "must not be empty");
        }
        return value;
    }

    /** Fails with the rule unless the condition holds; for rules that tie several keys together. */
    public static void that(boolean holds, String key, Object value, String rule) {
        if (!holds) {
            throw new ConfigException(key, value, rule);
        }
    }
}
