package io.tradewind.servicekit;

/** A port that must be used is in use by someone else. */
public final class PortTakenException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int port;

    PortTakenException(String message, int port) {
        super(message);
        this.port = port;
    }

    public int port() {
        return port;
    }
}
