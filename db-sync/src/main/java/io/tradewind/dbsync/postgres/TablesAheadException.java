package io.tradewind.dbsync.postgres;

/** The tables are beyond the version at which the state was read; nothing was written. Read the state again. */
public final class TablesAheadException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    TablesAheadException(int partition, long offset, long readAt) {
        super("partition " + partition + ": Postgres has version " + offset + " already, the state was read at "
                + readAt);
    }
}
