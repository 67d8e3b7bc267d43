package io.tradewind.servicekit.config;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An amount of bytes as people write it: {@code 512B}, {@code 64KiB}, {@code 1MiB}, {@code 2GiB}. Binary units only, so
 * that nobody has to guess what a kilobyte is.
 *
 * @param bytes the amount, 0 or more
 */
public record DataSize(long bytes) implements Comparable<DataSize> {
    private static final Pattern TEXT = Pattern.compile("(\\d{1,18})\\s*(B|KiB|MiB|GiB|TiB)");
    private static final String[] UNITS = {"B", "KiB", "MiB", "GiB", "TiB"};

    public DataSize {
        if (bytes < 0) {
            throw new IllegalArgumentException("a data size cannot be negative: " + bytes);
        }
    }

    public static DataSize ofKiB(long amount) {
        return new DataSize(Math.multiplyExact(amount, 1L << 10));
    }

    public static DataSize ofMiB(long amount) {
        return new DataSize(Math.multiplyExact(amount, 1L << 20));
    }

    public static DataSize ofGiB(long amount) {
        return new DataSize(Math.multiplyExact(amount, 1L << 30));
    }

    /** Reads a number with a binary unit; else an IllegalArgumentException. */
    public static DataSize parse(String text) {
        Matcher matcher = TEXT.matcher(text.trim());
        if (!matcher.matches()) {
            throw new IllegalArgumentException("not a data size: " + text);
        }
        int unit = 0;
        while (!UNITS[unit].equals(matcher.group(2))) {
            unit++;
        }
        try {
            return new DataSize(Math.multiplyExact(Long.parseLong(matcher.group(1)), 1L << (10 * unit)));
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException("data size too large: " + text, e);
        }
    }

    /** The bytes as an int, for Vert.x options that take no long; larger sizes become {@link Integer#MAX_VALUE}. */
    public int intBytes() {
        return (int) Math.min(bytes, Integer.MAX_VALUE);
    }

    @Override
    public int compareTo(DataSize other) {
        return Long.compare(bytes, other.bytes);
    }

    /** The shortest exact text that {@link #parse} reads back. */
    @Override
    public String toString() {
        int unit = 0;
        long amount = bytes;
        while (amount != 0 && amount % 1024 == 0 && unit < UNITS.length - 1) {
            amount /= 1024;
            unit++;
        }
        return amount + UNITS[unit];
    }
}
