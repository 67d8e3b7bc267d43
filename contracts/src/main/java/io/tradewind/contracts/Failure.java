package io.tradewind.contracts;

import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;

/**
 * How a request over the event bus can fail, as far as the caller can know. A service fails a message with one of
 * these through {@link #code()}.
 */
public enum Failure {

    /** Nothing was done, and nothing will be: try again later. */
    UNAVAILABLE(503),

    /** It may or may not have been done: ask, or try again with the same ids. A lost reply is this, never a failure. */
    UNKNOWN(504),

    /** The request is wrong, trying again does not help. */
    INVALID(400),

    /** A bug or a broken part of the answering service; nothing is known about what was done. */
    INTERNAL(500);

    private final int code;

    Failure(int code) {
        this.code = code;
    }

    /** The failure code on the event bus. */
    public int code() {
        return code;
    }

    /** A failure to answer a message with. */
    public ReplyException exception(String message) {
        return new ReplyException(ReplyFailure.RECIPIENT_FAILURE, code, message);
    }

    /** What {@code failure}, from an event-bus request, says about the request. */
    public static Failure of(Throwable failure) {
        if (!(failure instanceof ReplyException reply)) {
            return INTERNAL;
        }
        return switch (reply.failureType()) {
            case NO_HANDLERS -> UNAVAILABLE;
            case TIMEOUT, ERROR -> UNKNOWN;
            case RECIPIENT_FAILURE -> ofCode(reply.failureCode());
        };
    }

    private static Failure ofCode(int code) {
        for (Failure failure : values()) {
            if (failure.code == code) {
                return failure;
            }
        }
        return INTERNAL;
    }
}
