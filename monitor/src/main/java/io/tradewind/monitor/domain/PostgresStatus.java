package io.tradewind.monitor.domain;

/**
 * How Postgres is.
 *
 * @param error why it cannot be asked; {@code null} when it can
 * @param queryMs time of one SELECT 1, milliseconds
 * @param facts what it says of itself; {@code null} when it cannot be asked
 */
public record PostgresStatus(String error, double queryMs, Facts facts) {

    /** What Postgres says of itself; sizes in bytes. */
    public record Facts(
            String version,
            String synchronousCommit,
            String fsync,
            long databaseBytes,
            long connections,
            long maxConnections,
            long uptimeS) {}

    public static PostgresStatus down(String error) {
        return new PostgresStatus(error, 0, null);
    }

    public static PostgresStatus up(double queryMs, Facts facts) {
        return new PostgresStatus(null, queryMs, facts);
    }

    public boolean isUp() {
        return error == null;
    }
}
