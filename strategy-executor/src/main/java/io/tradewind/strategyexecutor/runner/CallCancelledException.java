package io.tradewind.strategyexecutor.runner;

/** Thrown into a strategy whose call has overrun its deadline, or which is no longer wanted. */
public final class CallCancelledException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    CallCancelledException(String message) {
        super(message);
    }
}
