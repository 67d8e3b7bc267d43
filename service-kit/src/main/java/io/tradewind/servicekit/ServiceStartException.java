package io.tradewind.servicekit;

/** A service could not be started; the message is one sentence for an operator, the cause is for the log. */
public final class ServiceStartException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ServiceStartException(String message, Throwable cause) {
        super(message, cause);
    }
}
