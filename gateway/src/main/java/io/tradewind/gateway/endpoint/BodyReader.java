package io.tradewind.gateway.endpoint;

import io.tradewind.gateway.domain.ApiCode;
import io.tradewind.gateway.domain.ApiError;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.util.function.Consumer;

/**
 * Reads one request body within a bound. When it is too large the caller is told at once, so that it can answer, and the
 * rest is read and thrown away: the client gets to read the answer, and the connection lives on. Only a client that
 * sends on and on is disconnected. On the event loop of the request; gone with it.
 */
final class BodyReader {

    /** How much of a refused body is thrown away before the connection is closed instead, in bytes. */
    static final int MAX_DISCARDED_BYTES = 16 * 1024 * 1024;

    private final HttpServerRequest request;
    private final int maxBytes;
    private final Consumer<Buffer> done;
    private final Consumer<ApiError> refused;
    private Buffer body = Buffer.buffer();
    private boolean owned;
    private long discarded;

    private BodyReader(HttpServerRequest request, int maxBytes, Consumer<Buffer> done, Consumer<ApiError> refused) {
        this.request = request;
        this.maxBytes = maxBytes;
        this.done = done;
        this.refused = refused;
    }

    /** Calls one of the two, or neither when the client goes away before its body is whole. */
    static void read(HttpServerRequest request, int maxBytes, Consumer<Buffer> done, Consumer<ApiError> refused) {
        BodyReader reader = new BodyReader(request, maxBytes, done, refused);
        request.handler(reader::chunk);
        request.endHandler(end -> reader.end());
        if (declaredBytes(request) > maxBytes) {
            reader.refuse();
        }
    }

    private static long declaredBytes(HttpServerRequest request) {
        String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
        try {
            return length == null ? 0 : Long.parseLong(length);
        } catch (NumberFormatException e) {
            return 0; // What comes is counted in any case.
        }
    }

    private void chunk(Buffer chunk) {
        if (body == null) {
            discard(chunk);
        } else if (body.length() + chunk.length() > maxBytes) {
            refuse();
            discard(chunk);
        } else if (body.length() == 0) {
            body = chunk; // Nearly every body comes in one piece.
        } else {
            if (!owned) {
                body = Buffer.buffer(2 * (body.length() + chunk.length())).appendBuffer(body);
                owned = true;
            }
            body.appendBuffer(chunk);
        }
    }

    private void refuse() {
        body = null;
        refused.accept(
                ApiError.of(ApiCode.REQUEST_TOO_LARGE, "the body is larger than the " + maxBytes + " bytes allowed"));
    }

    private void discard(Buffer chunk) {
        discarded += chunk.length();
        if (discarded > MAX_DISCARDED_BYTES) {
            request.connection().close();
        }
    }

    private void end() {
        if (body != null) {
            done.accept(body);
        }
    }
}
