package io.tradewind.systemtests.harness;

import io.tradewind.contracts.state.CommittedTransaction;
import io.tradewind.contracts.state.LogCodec;
import io.tradewind.contracts.state.LogKeys;
import io.tradewind.contracts.state.Partitions;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Reads the partition logs from Redis over a connection of its own and checks that they are whole. It shares nothing
 * with the program but {@link LogCodec} and {@link LogKeys}, the format itself. Blocking; the caller closes it.
 */
public final class PartitionLogs implements AutoCloseable {

    private static final int PAGE_ENTRIES = 500;
    private static final int TIMEOUT_MS = 60_000;

    private final Socket socket = new Socket();
    private final DataInputStream in;

    private PartitionLogs(URI redis) throws IOException {
        socket.connect(new InetSocketAddress(redis.getHost(), redis.getPort()), TIMEOUT_MS);
        socket.setSoTimeout(TIMEOUT_MS);
        in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
    }

    public static PartitionLogs open(URI redis) throws IOException {
        return new PartitionLogs(redis);
    }

    /** The last version of each partition, as its head says. */
    public long[] heads() throws IOException {
        long[] heads = new long[Partitions.COUNT];
        for (int p = 0; p < heads.length; p++) {
            byte[] version = (byte[]) command("HGET", LogKeys.head(p), "version");
            heads[p] = version == null ? 0 : Long.parseLong(text(version));
        }
        return heads;
    }

    /** The member that owns a partition, as its head says; empty when nobody does. */
    public String owner(int partition) throws IOException {
        byte[] owner = (byte[]) command("HGET", LogKeys.head(partition), LogKeys.HEAD_OWNER);
        return owner == null ? "" : text(owner);
    }

    /**
     * Every transaction of a partition from the first to the last.
     *
     * @throws AssertionError when a version is missing or double, or the head says something else
     */
    public void replay(int partition, Consumer<CommittedTransaction> consumer) throws IOException {
        long reached = 0;
        try (LogCodec codec = new LogCodec()) {
            while (true) {
                List<?> page = (List<?>) command(
                        "XRANGE",
                        LogKeys.log(partition),
                        LogKeys.entryId(reached + 1),
                        "+",
                        "COUNT",
                        Integer.toString(PAGE_ENTRIES));
                if (page.isEmpty()) {
                    break;
                }
                for (Object entry : page) {
                    reached = replayEntry(partition, reached, (List<?>) entry, codec, consumer);
                }
            }
        }
        long head = heads()[partition];
        if (head < reached) {
            throw new AssertionError("partition " + partition + ": head " + head + " is behind the log at " + reached);
        }
    }

    private static long replayEntry(
            int partition, long before, List<?> entry, LogCodec codec, Consumer<CommittedTransaction> consumer) {
        String id = text((byte[]) entry.get(0));
        long reached = before;
        for (CommittedTransaction transaction : codec.decode(body((List<?>) entry.get(1)))) {
            if (transaction.version() != reached + 1) {
                throw new AssertionError("partition " + partition + ", entry " + id + ": version "
                        + transaction.version() + " follows " + reached);
            }
            consumer.accept(transaction);
            reached = transaction.version();
        }
        if (LogKeys.version(id) != reached) {
            throw new AssertionError("partition " + partition + ": entry " + id + " ends at version " + reached);
        }
        return reached;
    }

    private static byte[] body(List<?> fields) {
        for (int i = 0; i + 1 < fields.size(); i += 2) {
            if (text((byte[]) fields.get(i)).equals(LogKeys.FIELD_BODY)) {
                return (byte[]) fields.get(i + 1);
            }
        }
        throw new AssertionError("entry without field " + LogKeys.FIELD_BODY);
    }

    /** Takes the entries up to a version out of a log, as trimming would in time. All of it must be in Postgres. */
    public void trim(int partition, long version) throws IOException {
        command("XTRIM", LogKeys.log(partition), "MINID", LogKeys.entryId(version + 1));
    }

    private Object command(String... parts) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(("*" + parts.length + "\r\n").getBytes(StandardCharsets.US_ASCII));
        for (String part : parts) {
            byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
            out.writeBytes(("$" + bytes.length + "\r\n").getBytes(StandardCharsets.US_ASCII));
            out.writeBytes(bytes);
            out.writeBytes(new byte[] {'\r', '\n'});
        }
        socket.getOutputStream().write(out.toByteArray());
        return reply();
    }

    /** A reply of RESP2: byte[], Long, List or null. */
    private Object reply() throws IOException {
        String line = line();
        String rest = line.substring(1);
        return switch (line.charAt(0)) {
            case '+' -> rest.getBytes(StandardCharsets.UTF_8);
            case ':' -> Long.valueOf(rest);
            case '$' -> bulk(Integer.parseInt(rest));
            case '*' -> array(Integer.parseInt(rest));
            default -> throw new IOException("Redis says " + line);
        };
    }

    private byte[] bulk(int length) throws IOException {
        if (length < 0) {
            return null;
        }
        byte[] bytes = new byte[length];
        in.readFully(bytes);
        in.readFully(new byte[2]);
        return bytes;
    }

    private List<Object> array(int length) throws IOException {
        List<Object> items = new ArrayList<>();
        for (int i = 0; i < length; i++) {
            items.add(reply());
        }
        return items;
    }

    private String line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int c = in.read(); c != '\r'; c = in.read()) {
            if (c < 0) {
                throw new EOFException("Redis closed the connection");
            }
            line.write(c);
        }
        in.readFully(new byte[1]);
        return line.toString(StandardCharsets.UTF_8);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
