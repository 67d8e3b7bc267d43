package io.tradewind.embeddedservers;

/**
 * A server could not be unpacked, started or stopped. The message is meant for the person at the terminal: what failed,
 * for which directory or port, the tail of the server's own log where there is one, and what to do.
 */
public final class EmbeddedServerException extends RuntimeException {
    public EmbeddedServerException(String message) {
        super(message);
    }

    public EmbeddedServerException(String message, Throwable cause) {
        super(message, cause);
    }
}
