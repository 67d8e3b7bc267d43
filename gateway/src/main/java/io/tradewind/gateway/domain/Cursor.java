package io.tradewind.gateway.domain;

import io.tradewind.contracts.state.Partitions;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Where a stream stands in each partition that it follows. As text, which clients carry without looking into it:
 *
 * <pre>
 *   partition ":" version "." index, joined by "~"        such as 3:1042.0~7:88.2
 * </pre>
 *
 * Immutable.
 */
public record Cursor(SortedMap<Integer, Position> positions) {

    private static final int MAX_LENGTH = 1024;
    private static final int MAX_VERSION_DIGITS = 18;
    private static final int MAX_INDEX_DIGITS = 9;

    public Cursor {
        positions = java.util.Collections.unmodifiableSortedMap(new TreeMap<>(positions));
    }

    public static Cursor of(Map<Integer, Position> positions) {
        return new Cursor(new TreeMap<>(positions));
    }

    /** @throws IllegalArgumentException when {@code text} is not what {@link #text} wrote */
    public static Cursor parse(String text) {
        if (text.isEmpty() || text.length() > MAX_LENGTH) {
            throw malformed();
        }
        SortedMap<Integer, Position> positions = new TreeMap<>();
        for (String piece : text.split("~", -1)) {
            int colon = piece.indexOf(':');
            int point = piece.indexOf('.', colon + 1);
            if (colon < 0 || point < 0) {
                throw malformed();
            }
            int partition = (int) number(piece.substring(0, colon), 2);
            if (partition >= Partitions.COUNT) {
                throw malformed();
            }
            long version = number(piece.substring(colon + 1, point), MAX_VERSION_DIGITS);
            int index = (int) number(piece.substring(point + 1), MAX_INDEX_DIGITS);
            if (positions.put(partition, new Position(version, index)) != null) {
                throw malformed();
            }
        }
        return new Cursor(positions);
    }

    /** @return the position in {@code partition}, or {@code null} when the cursor says nothing about it */
    public Position in(int partition) {
        return positions.get(partition);
    }

    public String text() {
        StringBuilder text = new StringBuilder(positions.size() * 16);
        positions.forEach((partition, position) -> text.append(text.isEmpty() ? "" : "~")
                .append(partition.intValue())
                .append(':')
                .append(position.version())
                .append('.')
                .append(position.index()));
        return text.toString();
    }

    private static long number(String digits, int maxDigits) {
        if (digits.isEmpty() || digits.length() > maxDigits || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw malformed();
        }
        return Long.parseLong(digits);
    }

    private static IllegalArgumentException malformed() {
        return new IllegalArgumentException("the cursor is not one that an event stream sent as its id");
    }
}
