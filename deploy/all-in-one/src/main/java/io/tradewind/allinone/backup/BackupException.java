package io.tradewind.allinone.backup;

/** A backup cannot be made, read or restored; the message is one sentence for the user. */
public final class BackupException extends Exception {
    private static final long serialVersionUID = 1L;

    public BackupException(String message) {
        super(message);
    }

    public BackupException(String message, Throwable cause) {
        super(message, cause);
    }
}
