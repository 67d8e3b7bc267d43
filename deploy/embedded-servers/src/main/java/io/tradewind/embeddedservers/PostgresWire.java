package io.tradewind.embeddedservers;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * Just enough of the Postgres protocol (version 3, trusted logins, simple queries) to ask a server how it is and to create a database
 * without a driver. One thread; closed by whoever opened it.
 */
final class PostgresWire implements AutoCloseable {
    private static final int PROTOCOL_3_0 = 196_608;
    private static final int MAX_MESSAGE_BYTES = 1 << 20;

    /** The server said no. */
    static final class Refused extends IOException {
        private final String sqlState;

        Refused(String sqlState, String message) {
            super(message + " (" + sqlState + ")");
            this.sqlState = sqlState;
        }

        /** It is starting, recovering or shutting down. */
        boolean cannotConnectNow() {
            return sqlState.equals("57P03");
        }
    }

    private final Socket socket;
    private final DataInputStream in;
    private final DataOutputStream out;

    private PostgresWire(Socket socket) throws IOException {
        this.socket = socket;
        this.in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
        this.out = new DataOutputStream(new BufferedOutputStream(socket.getOutputStream()));
    }

    /** @param timeout for connecting, and for each part of an answer */
    static PostgresWire connect(int port, String user, String database, Duration timeout) throws IOException {
        Socket socket = new Socket();
        try {
            socket.connect(new InetSocketAddress(FreePort.loopback(), port), (int) timeout.toMillis());
            socket.setSoTimeout((int) timeout.toMillis());
            PostgresWire wire = new PostgresWire(socket);
            byte[] body = ("user\0" + user + "\0database\0" + database + "\0\0").getBytes(StandardCharsets.UTF_8);
            wire.out.writeInt(8 + body.length);
            wire.out.writeInt(PROTOCOL_3_0);
            wire.out.write(body);
            wire.out.flush();
            wire.untilReady();
            return wire;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    /** @return the first column of the last row as text, "" if there is none */
    String query(String sql) throws IOException {
        byte[] body = (sql + '\0').getBytes(StandardCharsets.UTF_8);
        out.writeByte('Q');
        out.writeInt(4 + body.length);
        out.write(body);
        out.flush();
        return untilReady();
    }

    private String untilReady() throws IOException {
        String value = "";
        Refused refused = null;
        while (true) {
            int type = in.read();
            if (type < 0) {
                // After a refused login no ready message follows: the server closes the connection.
                throw refused != null ? refused : new EOFException("Postgres closed the connection");
            }
            byte[] body = body();
            switch (type) {
                case 'R' -> requireTrusted(body);
                case 'D' -> value = firstColumn(body);
                case 'E' -> refused = refusal(body);
                case 'Z' -> {
                    if (refused != null) {
                        throw refused;
                    }
                    return value;
                }
                default -> {
                    // Parameters, notices and row descriptions are of no interest here.
                }
            }
        }
    }

    private byte[] body() throws IOException {
        int length = in.readInt() - 4;
        if (length < 0 || length > MAX_MESSAGE_BYTES) {
            throw new IOException(
                    "message of " + length + " bytes is not one of Postgres; another server on this port?");
        }
        byte[] body = in.readNBytes(length);
        if (body.length < length) {
            throw new EOFException("Postgres closed the connection within an answer");
        }
        return body;
    }

    private static void requireTrusted(byte[] body) throws IOException {
        if (ByteBuffer.wrap(body).getInt() != 0) {
            throw new Refused("28000", "the server asks for a password, which an embedded one never does");
        }
    }

    private static String firstColumn(byte[] body) {
        ByteBuffer row = ByteBuffer.wrap(body);
        int columns = row.getShort();
        int length = columns == 0 ? -1 : row.getInt();
        return length < 0 ? "" : new String(body, row.position(), length, StandardCharsets.UTF_8);
    }

    private static Refused refusal(byte[] body) {
        String sqlState = "";
        String message = "";
        int at = 0;
        while (at < body.length && body[at] != 0) {
            char field = (char) body[at++];
            ByteArrayOutputStream text = new ByteArrayOutputStream();
            while (body[at] != 0) {
                text.write(body[at++]);
            }
            at++;
            if (field == 'C') {
                sqlState = text.toString(StandardCharsets.UTF_8);
            } else if (field == 'M') {
                message = text.toString(StandardCharsets.UTF_8);
            }
        }
        return new Refused(sqlState, message);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
