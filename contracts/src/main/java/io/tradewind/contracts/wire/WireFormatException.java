package io.tradewind.contracts.wire;

/** Bytes that are not what their format promises: damaged, truncated, or written by a version not known here. */
public final class WireFormatException extends RuntimeException {

    public WireFormatException(String message) {
        super(message);
    }

    public WireFormatException(String message, Throwable cause) {
        super(message, cause);
    }
}
