package io.tradewind.gateway.domain;

/**
 * How far somebody has read a partition: every transaction up to {@code version}, and of the next one the first
 * {@code index} changes.
 */
public record Position(long version, int index) implements Comparable<Position> {

    public Position {
        if (version < 0 || index < 0) {
            throw new IllegalArgumentException("position " + version + "." + index + ": must not be negative");
        }
    }

    /** Everything up to and with {@code version}. */
    public static Position behind(long version) {
        return new Position(version, 0);
    }

    public boolean isBefore(Position other) {
        return compareTo(other) < 0;
    }

    public Position max(Position other) {
        return isBefore(other) ? other : this;
    }

    @Override
    public int compareTo(Position other) {
        int byVersion = Long.compare(version, other.version);
        return byVersion != 0 ? byVersion : Integer.compare(index, other.index);
    }
}
