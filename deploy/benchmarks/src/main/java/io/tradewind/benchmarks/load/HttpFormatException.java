package io.tradewind.benchmarks.load;

/** An answer that the load generator cannot read; its connection is of no more use. */
public final class HttpFormatException extends RuntimeException {

    public HttpFormatException(String message) {
        super(message);
    }
}
