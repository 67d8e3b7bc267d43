package io.tradewind.systemtests.harness;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * One HTTP/1.1 connection of which every byte is known: several requests over it, right and wrong ones. Understands
 * answers with a content-length. Blocking; the caller closes it.
 */
public final class RawHttp implements AutoCloseable {

    private static final int TIMEOUT_MS = 60_000;

    private final Socket socket = new Socket();
    private final InputStream in;
    private final String credentials;

    /** An answer. */
    public record Reply(int status, Map<String, String> headers, String body) {}

    private RawHttp(URI server, String credentials) throws IOException {
        socket.connect(new InetSocketAddress(server.getHost(), server.getPort()), TIMEOUT_MS);
        socket.setSoTimeout(TIMEOUT_MS);
        this.in = new BufferedInputStream(socket.getInputStream());
        this.credentials = credentials;
    }

    public static RawHttp open(TradewindProcess program) throws IOException {
        return new RawHttp(
                program.gateway(),
                "APCA-API-KEY-ID: " + program.credential("key_id") + "\r\nAPCA-API-SECRET-KEY: "
                        + program.credential("secret_key") + "\r\n");
    }

    /** Sends a request with our key. */
    public Reply send(String method, String path, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        String head = method + " " + path + " HTTP/1.1\r\nHost: localhost\r\n" + credentials + "Content-Length: "
                + bytes.length + "\r\n\r\n";
        return sendBytes(head + body);
    }

    /** Sends just this. */
    public Reply sendBytes(String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
        socket.getOutputStream().flush();
        int status = Integer.parseInt(line().split(" ", 3)[1]);
        Map<String, String> headers = new TreeMap<>();
        for (String line = line(); !line.isEmpty(); line = line()) {
            int colon = line.indexOf(':');
            headers.put(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).trim());
        }
        byte[] body = in.readNBytes(Integer.parseInt(headers.getOrDefault("content-length", "0")));
        return new Reply(status, headers, new String(body, StandardCharsets.UTF_8));
    }

    private String line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw new EOFException("the server closed the connection");
            }
            line.write(c);
        }
        return line.toString(StandardCharsets.US_ASCII).stripTrailing();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
