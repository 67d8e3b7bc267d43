package io.tradewind.contracts.wire;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.MessageCodec;
import java.util.function.BiConsumer;
import java.util.function.Function;

/**
 * The event-bus codec of one message type. Between verticles of one JVM the record itself is passed, which is safe
 * because messages are immutable; between JVMs it travels as
 *
 * <pre>
 *   byte      format version of this message type
 *   int32     length of the body, big endian
 *   bytes     body, as the type's writer wrote it
 * </pre>
 *
 * Called by Vert.x: {@link #transform} on the sender's thread, {@link #encodeToWire} on the sender's and
 * {@link #decodeFromWire} on the receiving side, where whatever does not make a valid message is a
 * {@link WireFormatException}. Stateless, safe for any thread.
 */
public final class WireCodec<T> implements MessageCodec<T, T> {

    private static final int HEADER_BYTES = 5;

    private final Class<T> type;
    private final int version;
    private final BiConsumer<WireWriter, T> writer;
    private final Function<WireReader, T> reader;

    public WireCodec(Class<T> type, int version, BiConsumer<WireWriter, T> writer, Function<WireReader, T> reader) {
        this.type = type;
        this.version = version;
        this.writer = writer;
        this.reader = reader;
    }

    public Class<T> type() {
        return type;
    }

    /** The format version that is written, and the only one that is read. */
    public int version() {
        return version;
    }

    @Override
    public void encodeToWire(Buffer buffer, T message) {
        WireWriter out = new WireWriter();
        writer.accept(out, message);
        byte[] body = out.toBytes();
        buffer.appendByte((byte) version).appendInt(body.length).appendBytes(body);
    }

    @Override
    public T decodeFromWire(int position, Buffer buffer) {
        int left = buffer.length() - position - HEADER_BYTES;
        if (left < 0) {
            throw new WireFormatException(name() + " ends within its header of " + HEADER_BYTES + " bytes");
        }
        int found = buffer.getByte(position);
        if (found != version) {
            throw new WireFormatException(type.getSimpleName() + " in format " + found + "; this program reads format "
                    + version + ": run the same release on every member");
        }
        int length = buffer.getInt(position + 1);
        if (length < 0 || length > left) {
            throw new WireFormatException(name() + " of " + length + " bytes where " + left + " are left");
        }
        int start = position + HEADER_BYTES;
        try {
            WireReader in = new WireReader(buffer.getBytes(start, start + length));
            T message = reader.apply(in);
            in.expectEnd();
            return message;
        } catch (WireFormatException e) {
            throw e;
        } catch (RuntimeException e) {
            // Well-formed bytes, but the message refuses what they say, such as partition 99 or no account.
            throw new WireFormatException(name() + " is not valid: " + e.getMessage(), e);
        }
    }

    @Override
    public T transform(T message) {
        return message;
    }

    @Override
    public String name() {
        return "tradewind." + type.getSimpleName();
    }

    @Override
    public byte systemCodecID() {
        return -1;
    }
}
