package io.tradewind.dbsync.domain;

/** A document that does not fit its table. The message names column and value. */
public final class BadRowException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public BadRowException(String message) {
        super(message);
    }

    public BadRowException(String message, Throwable cause) {
        super(message, cause);
    }
}
