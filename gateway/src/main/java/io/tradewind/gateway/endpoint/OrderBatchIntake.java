package io.tradewind.gateway.endpoint;

import io.tradewind.gateway.domain.ApiCode;
import io.tradewind.gateway.domain.ApiError;
import io.tradewind.gateway.domain.ApiException;
import io.tradewind.gateway.domain.ApiKey;
import io.tradewind.gateway.domain.Scope;
import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;

/**
 * {@code POST /v2/orders/batch}: an order per line in, a result per line out, in the same order. The orders of one read
 * from the connection go on together and become durable in one commit; their results are written as soon as those of all
 * lines before are. A result is the order as it is stored, or an error with its {@code code}; a line that is wrong says
 * nothing about the others.
 *
 * <p>One per HTTP instance, on its event loop. A request is read no faster than its orders are decided on. Its results do
 * not wait for the client to read: one that sends all before it reads must not wait for itself. So they may gather here,
 * at most {@link #MAX_LINES} of them.
 */
final class OrderBatchIntake {

    /** Orders of one request; the lines after them are not read. */
    static final int MAX_LINES = 10_000;

    /** Orders of one request without a result; beyond that reading pauses. */
    static final int WINDOW = 4_096;

    /** Results gathered before they are written, in bytes. */
    private static final int WRITE_BYTES = 64 * 1024;

    private static final String NDJSON = "application/x-ndjson";
    private static final byte NEWLINE = '\n';

    private final Context context;
    private final Authenticator authenticator;
    private final OrderIntake intake;
    private final RequestIds requestIds;
    private final int maxLine;

    /** @param maxLine bytes of one line */
    OrderBatchIntake(
            Context context, Authenticator authenticator, OrderIntake intake, RequestIds requestIds, int maxLine) {
        this.context = context;
        this.authenticator = authenticator;
        this.intake = intake;
        this.requestIds = requestIds;
        this.maxLine = maxLine;
    }

    void handle(HttpServerRequest request) {
        String requestId = requestIds.next();
        request.response().putHeader(RequestIds.HEADER, requestId);
        try {
            ApiKey key = authenticator.authorize(request, Scope.TRADE);
            new Batch(request, key, requestId).begin();
        } catch (ApiException e) {
            BodyReader.read(
                    request,
                    maxLine,
                    body -> Answer.error(e.error()).send(request.response()),
                    tooLarge -> Answer.error(e.error()).send(request.response()));
        }
    }

    /** One request. */
    private final class Batch {

        private final HttpServerRequest request;
        private final HttpServerResponse response;
        private final ApiKey key;
        private final String requestId;
        /** Lines in their order, from the first without a written result on. */
        private final Deque<Line> lines = new ArrayDeque<>();

        /** The beginning of a line whose end has not come yet. */
        private byte[] partial = new byte[1_024];

        private int partialLength;
        private int count;
        private boolean skipping;
        private boolean ended;
        private boolean paused;
        private boolean closed;
        private boolean scheduled;

        Batch(HttpServerRequest request, ApiKey key, String requestId) {
            this.request = request;
            this.response = request.response();
            this.key = key;
            this.requestId = requestId;
        }

        void begin() {
            response.setChunked(true);
            Answer.secure(response);
            response.putHeader(HttpHeaders.CONTENT_TYPE, NDJSON);
            // What was passed on goes its way; the sender asks by client order id.
            response.closeHandler(v -> closed = true);
            request.handler(this::read);
            request.endHandler(v -> {
                ended = true;
                endLine();
                proceed();
            });
        }

        private void read(Buffer chunk) {
            byte[] bytes = chunk.getBytes();
            int from = 0;
            for (int at = 0; at < bytes.length; at++) {
                if (bytes[at] == NEWLINE) {
                    append(bytes, from, at);
                    endLine();
                    from = at + 1;
                }
            }
            append(bytes, from, bytes.length);
            proceed();
        }

        private void append(byte[] bytes, int from, int to) {
            int length = to - from;
            if (skipping || length == 0) {
                return;
            }
            if (partialLength + length > maxLine) {
                skipping = true;
                return;
            }
            if (partialLength + length > partial.length) {
                partial = Arrays.copyOf(partial, Math.max(partialLength + length, partial.length * 2));
            }
            System.arraycopy(bytes, from, partial, partialLength, length);
            partialLength += length;
        }

        private void endLine() {
            if (count <= MAX_LINES && (skipping || !isBlank())) {
                Line line = new Line();
                lines.addLast(line);
                if (++count > MAX_LINES) {
                    line.refused(
                            ApiCode.REQUEST_TOO_LARGE,
                            "the request has more than the " + MAX_LINES
                                    + " orders allowed; nothing was done for this one and those behind it");
                } else if (skipping) {
                    line.refused(
                            ApiCode.REQUEST_TOO_LARGE,
                            "the line is longer than the " + maxLine + " bytes allowed; nothing was done for it");
                } else {
                    intake.place(key, partial, partialLength, requestId, line);
                }
            }
            skipping = false;
            partialLength = 0;
        }

        private boolean isBlank() {
            for (int i = 0; i < partialLength; i++) {
                if (partial[i] > ' ' || partial[i] < 0) {
                    return false;
                }
            }
            return true;
        }

        /** Writes what can be written, and reads on or pauses. */
        private void proceed() {
            if (closed) {
                return;
            }
            write();
            boolean full = lines.size() >= WINDOW || !intake.hasRoom(WINDOW);
            if (full && !paused && !lines.isEmpty()) {
                paused = true;
                request.pause();
            } else if (paused && (!full || lines.isEmpty())) {
                paused = false;
                request.resume();
            }
            if (ended && lines.isEmpty() && !response.ended()) {
                response.end();
            }
        }

        private void write() {
            while (isWritable()) {
                Buffer out = Buffer.buffer(WRITE_BYTES);
                while (isWritable() && out.length() < WRITE_BYTES) {
                    out.appendBytes(lines.removeFirst().result).appendByte(NEWLINE);
                }
                response.write(out);
            }
        }

        private boolean isWritable() {
            return !lines.isEmpty() && lines.peekFirst().result != null;
        }

        /** One order and its result. */
        private final class Line implements OrderIntake.Sink {

            private byte[] result;

            @Override
            public void placed(byte[] stored) {
                tell(stored);
            }

            @Override
            public void refused(String clientOrderId, ApiError error) {
                tell(error.toJson(clientOrderId).bytes());
            }

            void refused(ApiCode code, String message) {
                refused(null, ApiError.of(code, message));
            }

            private void tell(byte[] json) {
                result = json;
                // What stands behind a line without a result cannot be written yet.
                if (lines.peekFirst() == this) {
                    scheduleWrite();
                }
            }
        }

        /** Once per turn of the event loop, when all of a group are there. */
        private void scheduleWrite() {
            if (!scheduled) {
                scheduled = true;
                context.runOnContext(v -> {
                    scheduled = false;
                    proceed();
                });
            }
        }
    }
}
