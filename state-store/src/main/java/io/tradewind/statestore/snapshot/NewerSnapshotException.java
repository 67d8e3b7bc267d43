package io.tradewind.statestore.snapshot;

/** A snapshot in a format that only a newer program knows: of no use to this one, and not to be set aside by it. */
public final class NewerSnapshotException extends DamagedSnapshotException {

    private static final long serialVersionUID = 1L;

    public NewerSnapshotException(String message) {
        super(message);
    }
}
