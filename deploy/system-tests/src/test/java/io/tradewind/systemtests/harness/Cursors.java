package io.tradewind.systemtests.harness;

import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;

/**
 * Compares the ids of events. To clients they are opaque; the tests look inside to see that they advance. Pure.
 *
 * <pre>
 *   partition ":" version "." index, joined by "~"
 * </pre>
 */
public final class Cursors {

    private record Position(long version, long index) {}

    private static final Comparator<Position> ORDER =
            Comparator.comparingLong(Position::version).thenComparingLong(Position::index);

    private Cursors() {}

    /** Whether {@code later} is ahead of {@code earlier} in some partition, and behind it in none. */
    public static boolean advances(String earlier, String later) {
        Map<String, Position> from = parse(earlier);
        Map<String, Position> to = parse(later);
        boolean ahead = false;
        for (Map.Entry<String, Position> entry : from.entrySet()) {
            Position reached = to.get(entry.getKey());
            int order = reached == null ? -1 : ORDER.compare(reached, entry.getValue());
            if (order < 0) {
                return false;
            }
            ahead |= order > 0;
        }
        return ahead || to.size() > from.size();
    }

    private static Map<String, Position> parse(String cursor) {
        Map<String, Position> positions = new TreeMap<>();
        for (String piece : cursor.split("~", -1)) {
            int colon = piece.indexOf(':');
            int point = piece.indexOf('.', colon);
            positions.put(
                    piece.substring(0, colon),
                    new Position(
                            Long.parseLong(piece.substring(colon + 1, point)),
                            Long.parseLong(piece.substring(point + 1))));
        }
        return positions;
    }
}
