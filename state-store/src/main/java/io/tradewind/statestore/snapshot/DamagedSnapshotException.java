package io.tradewind.statestore.snapshot;

/** A snapshot cannot be used, now or later; an older one may. */
public class DamagedSnapshotException extends Exception {

    private static final long serialVersionUID = 1L;

    public DamagedSnapshotException(String message) {
        super(message);
    }

    public DamagedSnapshotException(String message, Throwable cause) {
        super(message, cause);
    }
}
