package io.tradewind.embeddedservers;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * Just enough of the Redis protocol (RESP2, inline commands) to ask a server how it is. One thread; closed by whoever opened it.
 */
final class RedisWire implements AutoCloseable {
    private static final int MAX_LINE_CHARS = 4_096;
    private static final int MAX_BULK_BYTES = 1 << 20;

    private final Socket socket;
    private final InputStream in;

    private RedisWire(Socket socket) throws IOException {
        this.socket = socket;
        this.in = new BufferedInputStream(socket.getInputStream());
    }

    /** @param timeout for connecting, and for each answer */
    static RedisWire connect(int port, Duration timeout) throws IOException {
        Socket socket = new Socket();
        try {
            socket.connect(new InetSocketAddress(FreePort.loopback(), port), (int) timeout.toMillis());
            socket.setSoTimeout((int) timeout.toMillis());
            return new RedisWire(socket);
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    /**
     * @param command words without spaces in them, such as {@code INFO server}
     * @return a simple or bulk string as it is, an integer as its digits, an error with its leading {@code -}, nil as ""
     */
    String send(String command) throws IOException {
        socket.getOutputStream().write((command + "\r\n").getBytes(StandardCharsets.US_ASCII));
        String line = line();
        if (line.isEmpty()) {
            throw new IOException("empty answer from Redis to " + command);
        }
        return switch (line.charAt(0)) {
            case '+', ':' -> line.substring(1);
            case '-' -> line;
            case '$' -> bulk(Integer.parseInt(line.substring(1)));
            default -> throw new IOException("unexpected answer from Redis to " + command + ": " + line);
        };
    }

    /** One field of what {@code INFO section} tells, "" if it is not there. */
    String info(String section, String field) throws IOException {
        return field(send("INFO " + section), field);
    }

    static String field(String info, String field) {
        for (String line : info.lines().toList()) {
            if (line.startsWith(field + ":")) {
                return line.substring(field.length() + 1);
            }
        }
        return "";
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw new EOFException("Redis closed the connection");
            }
            if (line.length() == MAX_LINE_CHARS) {
                throw new IOException("answer from Redis has a line longer than " + MAX_LINE_CHARS + " characters");
            }
            line.append((char) c);
        }
        return line.toString().strip();
    }

    private String bulk(int length) throws IOException {
        if (length < 0) {
            return "";
        }
        if (length > MAX_BULK_BYTES) {
            throw new IOException("answer from Redis of " + length + " bytes is larger than " + MAX_BULK_BYTES);
        }
        byte[] bytes = in.readNBytes(length + 2);
        if (bytes.length < length + 2) {
            throw new EOFException("Redis closed the connection within an answer");
        }
        return new String(bytes, 0, length, StandardCharsets.UTF_8);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
