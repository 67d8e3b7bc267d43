package io.tradewind.servicekit.config;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as people write them: {@code 250ms}, {@code 5s}, {@code 1m}, {@code 2h}, {@code 7d}. Pure functions. */
public final class Durations {
    private static final Pattern HUMAN = Pattern.compile("(\\d{1,15})\\s*(ns|us|ms|s|m|h|d)");
    private static final long NANOS_PER_MICRO = 1_000L;
    private static final long NANOS_PER_MILLI = 1_000_000L;

    private Durations() {}

    /** Reads a number with a unit, or the ISO form such as {@code PT1M30S}; else an IllegalArgumentException. */
    public static Duration parse(String text) {
        String trimmed = text.trim();
        Matcher human = HUMAN.matcher(trimmed);
        try {
            if (human.matches()) {
                return of(Long.parseLong(human.group(1)), human.group(2));
            }
            if (trimmed.startsWith("P") || trimmed.startsWith("p")) {
                return Duration.parse(trimmed);
            }
        } catch (DateTimeParseException | ArithmeticException e) {
            throw new IllegalArgumentException("not a duration: " + text, e);
        }
        throw new IllegalArgumentException("not a duration: " + text);
    }

    private static Duration of(long amount, String unit) {
        return switch (unit) {
            case "ns" -> Duration.ofNanos(amount);
            case "us" -> Duration.ofNanos(Math.multiplyExact(amount, NANOS_PER_MICRO));
            case "ms" -> Duration.ofMillis(amount);
            case "s" -> Duration.ofSeconds(amount);
            case "m" -> Duration.ofMinutes(amount);
            case "h" -> Duration.ofHours(amount);
            default -> Duration.ofDays(amount);
        };
    }

    /** The shortest exact text that {@link #parse} reads back. */
    public static String format(Duration duration) {
        if (duration.isNegative()) {
            return duration.toString();
        }
        if (duration.getNano() % NANOS_PER_MICRO != 0) {
            return duration.getSeconds() == 0 ? duration.getNano() + "ns" : duration.toString();
        }
        if (duration.getNano() % NANOS_PER_MILLI != 0) {
            return duration.getSeconds() == 0 ? duration.getNano() / NANOS_PER_MICRO + "us" : duration.toString();
        }
        if (duration.getNano() != 0) {
            return duration.toMillis() + "ms";
        }
        long seconds = duration.getSeconds();
        if (seconds != 0 && seconds % 86_400 == 0) {
            return seconds / 86_400 + "d";
        }
        if (seconds != 0 && seconds % 3_600 == 0) {
            return seconds / 3_600 + "h";
        }
        return seconds != 0 && seconds % 60 == 0 ? seconds / 60 + "m" : seconds + "s";
    }
}
