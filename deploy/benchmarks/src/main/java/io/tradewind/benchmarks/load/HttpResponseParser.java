package io.tradewind.benchmarks.load;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Reads the answers on one HTTP/1.1 connection: status line, content-length, whether the connection stays open, body.
 * Nothing else, because the generator shares its processor with the server that it measures. Chunked answers are
 * refused by name: the order endpoint does not send them.
 *
 * <p>One per connection, used on its event loop. Bytes may come in any portions.
 */
public final class HttpResponseParser {

    /** A longer head or body is not an answer to an order. */
    public static final int MAX_HEAD_BYTES = 16 * 1024;

    public static final int MAX_BODY_BYTES = 1024 * 1024;

    private static final int INITIAL_BYTES = 4096;
    private static final int SHORTEST_STATUS_LINE = "HTTP/1.1 200".length();
    private static final byte[] CONTENT_LENGTH = ascii("content-length:");
    private static final byte[] TRANSFER_ENCODING = ascii("transfer-encoding:");
    private static final byte[] CONNECTION = ascii("connection:");

    /** Gets each answer. The array is only lent for the call. */
    @FunctionalInterface
    public interface Listener {
        void onResponse(int status, byte[] bytes, int bodyAt, int bodyLength, boolean keepAlive);
    }

    private byte[] bytes = new byte[INITIAL_BYTES];
    private int begin;
    private int end;

    /** From where the end of the head is to be looked for; earlier bytes were searched already. */
    private int searchAt;

    private int status;
    private int bodyLength;
    private int bodyAt = -1;
    private boolean keepAlive;

    /** Takes all of {@code in}, and calls {@code listener} for every answer that is complete by now. */
    public void feed(ByteBuf in, Listener listener) {
        int length = in.readableBytes();
        makeRoom(length);
        in.readBytes(bytes, end, length);
        end += length;
        while (begin < end && next(listener)) {
            searchAt = begin;
        }
        if (begin == end) {
            begin = 0;
            end = 0;
            searchAt = 0;
        }
    }

    /** Forgets what was read, for a new connection. */
    public void reset() {
        begin = 0;
        end = 0;
        searchAt = 0;
        bodyAt = -1;
    }

    private boolean next(Listener listener) {
        if (bodyAt < 0 && !readHead()) {
            return false;
        }
        if (end - bodyAt < bodyLength) {
            return false;
        }
        int at = bodyAt;
        begin = at + bodyLength;
        bodyAt = -1;
        listener.onResponse(status, bytes, at, bodyLength, keepAlive);
        return true;
    }

    private boolean readHead() {
        int headEnd = endOfHead();
        if (headEnd < 0) {
            if (end - begin > MAX_HEAD_BYTES) {
                throw new HttpFormatException("an answer's head is longer than " + MAX_HEAD_BYTES + " bytes");
            }
            return false;
        }
        int line = lineEnd(begin);
        status = status(line);
        keepAlive = true;
        int length = -1;
        for (int at = line + 2; at < headEnd; at = line + 2) {
            line = lineEnd(at);
            if (startsWith(at, line, CONTENT_LENGTH)) {
                length = number(at + CONTENT_LENGTH.length, line);
            } else if (startsWith(at, line, TRANSFER_ENCODING)) {
                throw new HttpFormatException("transfer-encoding in an answer ("
                        + text(at, line)
                        + "): this load generator reads only answers with a content-length");
            } else if (startsWith(at, line, CONNECTION)) {
                keepAlive = !text(at + CONNECTION.length, line).trim().equalsIgnoreCase("close");
            }
        }
        if (length < 0 && status != 204 && status != 304) {
            throw new HttpFormatException(
                    "answer " + status + " without content-length: where it ends cannot be known");
        }
        bodyLength = Math.max(0, length);
        bodyAt = headEnd + 2;
        return true;
    }

    /** Where the empty line after the head begins, or -1. */
    private int endOfHead() {
        for (int i = Math.max(begin, searchAt); i + 3 < end; i++) {
            if (bytes[i] == '\r' && bytes[i + 1] == '\n' && bytes[i + 2] == '\r' && bytes[i + 3] == '\n') {
                return i + 2;
            }
        }
        searchAt = Math.max(begin, end - 3);
        return -1;
    }

    private int lineEnd(int from) {
        int at = from;
        while (bytes[at] != '\r' || bytes[at + 1] != '\n') {
            at++;
        }
        return at;
    }

    private int status(int lineEnd) {
        if (lineEnd - begin < SHORTEST_STATUS_LINE || !text(begin, begin + 7).equals("HTTP/1.")) {
            throw new HttpFormatException("not an HTTP/1.1 answer: '" + text(begin, lineEnd) + "'");
        }
        int value = number(begin + 9, begin + 12);
        if (value < 200 || value > 599) {
            throw new HttpFormatException("status " + value + " where 200..599 was expected");
        }
        return value;
    }

    private int number(int from, int to) {
        long value = 0;
        boolean digits = false;
        for (int i = from; i < to; i++) {
            int digit = bytes[i] - '0';
            if (digit >= 0 && digit <= 9) {
                value = value * 10 + digit;
                digits = true;
            } else if (bytes[i] != ' ') {
                digits = false;
                break;
            }
            if (value > MAX_BODY_BYTES) {
                throw new HttpFormatException(
                        "content-length " + text(from, to).trim() + ": must be at most " + MAX_BODY_BYTES);
            }
        }
        if (!digits) {
            throw new HttpFormatException("'" + text(from, to).trim() + "' where a number was expected");
        }
        return (int) value;
    }

    /** @param name lower case, with the colon */
    private boolean startsWith(int from, int to, byte[] name) {
        if (to - from < name.length) {
            return false;
        }
        for (int i = 0; i < name.length; i++) {
            int c = bytes[from + i];
            int lower = c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c;
            if (lower != name[i]) {
                return false;
            }
        }
        return true;
    }

    private void makeRoom(int length) {
        if (end + length <= bytes.length) {
            return;
        }
        int kept = end - begin;
        byte[] target = kept + length <= bytes.length ? bytes : Arrays.copyOf(bytes, roundUp(kept + length));
        System.arraycopy(bytes, begin, target, 0, kept);
        bytes = target;
        searchAt -= begin;
        if (bodyAt >= 0) {
            bodyAt -= begin;
        }
        begin = 0;
        end = kept;
    }

    private static int roundUp(int size) {
        return Integer.highestOneBit(size) * 2;
    }

    private String text(int from, int to) {
        return new String(bytes, from, Math.max(0, to - from), StandardCharsets.ISO_8859_1);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
