package io.tradewind.contracts.wire;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiConsumer;

/**
 * Writes the compact binary form of messages and log entries into a growing array.
 *
 * <pre>
 *   varint    1–10 bytes, 7 bits each, least significant first, high bit = more follows
 *   text      varint(length in bytes + 1), UTF-8 bytes; null is the single byte 0
 *   bytes     varint(length + 1), bytes; null is the single byte 0
 *   decimal   text in plain notation, at most 128 characters
 *   list      varint(count), then each element
 * </pre>
 *
 * Not thread safe. {@link WireReader} reads what this writes.
 */
public final class WireWriter {

    /** Longest decimal, in characters. */
    public static final int MAX_DECIMAL_CHARS = 128;

    /** Sign, point and a zero before the point. */
    private static final int DECIMAL_EXTRA_CHARS = 3;

    private static final int INITIAL_BYTES = 256;

    /** Up to here a character is one byte of UTF-8, itself. */
    private static final int MAX_ASCII = 0x7F;

    private byte[] out = new byte[INITIAL_BYTES];
    private int length;

    public WireWriter writeByte(int value) {
        reserve(1);
        out[length++] = (byte) value;
        return this;
    }

    public WireWriter writeBoolean(boolean value) {
        return writeByte(value ? 1 : 0);
    }

    /** A non-negative number costs least; a negative one takes ten bytes. */
    public WireWriter writeVarint(long value) {
        reserve(10);
        long rest = value;
        while ((rest & ~0x7FL) != 0) {
            out[length++] = (byte) ((rest & 0x7F) | 0x80);
            rest >>>= 7;
        }
        out[length++] = (byte) rest;
        return this;
    }

    /** {@code null} is kept apart from the empty text. */
    public WireWriter writeText(String value) {
        if (value == null) {
            return writeVarint(0);
        }
        int before = length;
        int chars = value.length();
        writeVarint(chars + 1L);
        reserve(chars);
        for (int i = 0; i < chars; i++) {
            char c = value.charAt(i);
            if (c > MAX_ASCII) {
                length = before;
                return writeBytes(value.getBytes(StandardCharsets.UTF_8));
            }
            out[length++] = (byte) c;
        }
        return this;
    }

    public WireWriter writeBytes(byte[] value) {
        if (value == null) {
            return writeVarint(0);
        }
        writeVarint(value.length + 1L);
        reserve(value.length);
        System.arraycopy(value, 0, out, length, value.length);
        length += value.length;
        return this;
    }

    /** @throws IllegalArgumentException when it takes more than {@link #MAX_DECIMAL_CHARS} written out */
    public WireWriter writeDecimal(BigDecimal value) {
        // Asked of the parts, because writing out 1E+999999999 to see its length would take a gigabyte.
        if (value != null
                && value.precision() + Math.abs((long) value.scale()) > MAX_DECIMAL_CHARS - DECIMAL_EXTRA_CHARS) {
            throw new IllegalArgumentException("decimal of " + value.precision() + " digits and scale " + value.scale()
                    + ": must take at most " + MAX_DECIMAL_CHARS + " characters");
        }
        return writeText(value == null ? null : value.toPlainString());
    }

    public WireWriter writeEnum(Enum<?> value) {
        return writeText(value == null ? null : value.name());
    }

    public <T> WireWriter writeList(List<T> values, BiConsumer<WireWriter, T> element) {
        writeVarint(values.size());
        for (T value : values) {
            element.accept(this, value);
        }
        return this;
    }

    public int length() {
        return length;
    }

    public byte[] toBytes() {
        return Arrays.copyOf(out, length);
    }

    /** What was written, without a copy: the first {@link #length} bytes, until the next write. */
    public byte[] buffer() {
        return out;
    }

    /** Begins anew in the same memory, unless more than {@code keepBytes} of it have gathered. */
    public void reset(int keepBytes) {
        length = 0;
        if (out.length > keepBytes) {
            out = new byte[INITIAL_BYTES];
        }
    }

    private void reserve(int more) {
        int needed = Math.addExact(length, more);
        if (needed > out.length) {
            out = Arrays.copyOf(out, Math.max(needed, out.length * 2));
        }
    }
}
