package io.tradewind.dbsync.postgres;

import io.vertx.pgclient.PgException;

/** What a failure of Postgres means for the batch. Pure functions. */
final class SqlState {

    private static final String SERIALIZATION_FAILURE = "40001";
    private static final String DEADLOCK_DETECTED = "40P01";

    private SqlState() {}

    /**
     * Whether a row is to blame: a value that its column cannot hold (class 22), a broken constraint (23), or one beyond a
     * limit of Postgres (54). Anything else is the fault of the server, the connection or the schema, and no row would
     * fare better.
     */
    static boolean isDataError(Throwable failure) {
        return failure instanceof PgException pg
                && pg.getSqlState() != null
                && (pg.getSqlState().startsWith("22")
                        || pg.getSqlState().startsWith("23")
                        || pg.getSqlState().startsWith("54"));
    }

    /** Whether two transactions could not both be: a serialization failure or a deadlock. This one was rolled back. */
    static boolean isConflict(Throwable failure) {
        return SERIALIZATION_FAILURE.equals(of(failure)) || DEADLOCK_DETECTED.equals(of(failure));
    }

    /** The five characters, or {@code null} when the failure is none of Postgres. */
    static String of(Throwable failure) {
        return failure instanceof PgException pg ? pg.getSqlState() : null;
    }

    /** What Postgres said, with the detail that names the value. */
    static String describe(Throwable failure) {
        if (failure instanceof PgException pg) {
            String detail = pg.getDetail();
            return detail == null ? pg.getErrorMessage() : pg.getErrorMessage() + " (" + detail + ")";
        }
        return failure.toString();
    }
}
