package io.tradewind.dbsync.postgres;

import io.vertx.pgclient.PgException;

/** What a failure of Postgres means for the batch. Pure functions. */
final class SqlState {

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
