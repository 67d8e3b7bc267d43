package io.tradewind.monitor.domain;

/**
 * How Redis is.
 *
 * @param error why it cannot be asked; {@code null} when it can
 * @param pingMs time of one PING, milliseconds
 * @param facts what it says of itself; {@code null} when it cannot be asked
 */
public record RedisStatus(String error, double pingMs, Facts facts) {

    /** What Redis does not tell, or forbids to ask, is {@link #UNKNOWN}. */
    public static final String UNKNOWN = "unknown";

    /**
     * What Redis says of itself.
     *
     * @param maxMemoryBytes 0 for no limit
     * @param lastWriteStatus of the append-only file: {@code ok} or {@code err}
     */
    public record Facts(
            String version,
            long uptimeS,
            long clients,
            long operationsPerS,
            long usedMemoryBytes,
            long maxMemoryBytes,
            String evictionPolicy,
            String appendOnly,
            String appendFsync,
            String lastWriteStatus,
            long appendOnlyFileBytes) {}

    public static RedisStatus down(String error) {
        return new RedisStatus(error, 0, null);
    }

    public static RedisStatus up(double pingMs, Facts facts) {
        return new RedisStatus(null, pingMs, facts);
    }

    public boolean isUp() {
        return error == null;
    }
}
