package io.tradewind.contracts;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;

/**
 * An immutable JSON document, held as the UTF-8 bytes that its writer encoded.
 *
 * <p>An entity is encoded once; every service that passes it on (log, event bus, HTTP, SSE, Postgres) carries these
 * bytes. The array handed in belongs to this object from then on, and {@link #bytes()} hands out the array itself:
 * nobody may write to it. Equality is equality of the bytes. Safe for any thread.
 */
public final class Json {

    private final byte[] bytes;

    private Json(byte[] bytes) {
        this.bytes = Objects.requireNonNull(bytes, "bytes");
    }

    /** Takes ownership of {@code utf8}; the caller must not change it afterwards. */
    public static Json ofBytes(byte[] utf8) {
        return new Json(utf8);
    }

    public static Json of(String text) {
        return new Json(text.getBytes(StandardCharsets.UTF_8));
    }

    /** The document itself, not a copy; read only. */
    public byte[] bytes() {
        return bytes;
    }

    /** Size in bytes. */
    public int size() {
        return bytes.length;
    }

    /** A buffer with a copy of the document. */
    public Buffer toBuffer() {
        return Buffer.buffer(bytes);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Json that && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    /** The document as text. */
    @Override
    public String toString() {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
