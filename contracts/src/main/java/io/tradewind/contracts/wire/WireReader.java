package io.tradewind.contracts.wire;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/**
 * Reads what {@link WireWriter} wrote. Every length is checked against what is left before anything is allocated, and
 * only the form that the writer gives a value is taken, so that damaged or hostile input ends in a
 * {@link WireFormatException}, never in a huge array or a value that would be written differently.
 */
public final class WireReader {

    /** A list starts with room for so many at most: its count is a claim until its elements were read. */
    private static final int MAX_INITIAL_CAPACITY = 1024;

    private static final char REPLACEMENT = '\uFFFD';

    private final byte[] in;
    private final int end;
    private int position;

    public WireReader(byte[] in) {
        this(in, 0, in.length);
    }

    public WireReader(byte[] in, int from, int end) {
        if (from < 0 || end > in.length || from > end) {
            throw new WireFormatException("range " + from + ".." + end + " is outside of " + in.length + " bytes");
        }
        this.in = in;
        this.position = from;
        this.end = end;
    }

    public int readByte() {
        need(1);
        return in[position++] & 0xFF;
    }

    public boolean readBoolean() {
        int value = readByte();
        if (value > 1) {
            throw new WireFormatException("boolean " + value + " at byte " + (position - 1) + ": must be 0 or 1");
        }
        return value == 1;
    }

    public long readVarint() {
        long value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            int next = readByte();
            if (shift == 63 && next > 1) {
                break;
            }
            value |= (long) (next & 0x7F) << shift;
            if (next < 0x80) {
                if (next == 0 && shift > 0) {
                    throw new WireFormatException("varint with a needless zero at byte " + (position - 1));
                }
                return value;
            }
        }
        throw new WireFormatException("varint over 64 bits at byte " + (position - 1));
    }

    /** A varint that must fit a count or a small number. */
    public int readInt() {
        long value = readVarint();
        if (value < 0 || value > Integer.MAX_VALUE) {
            throw new WireFormatException("number " + value + " at byte " + position + ": must fit 31 bits");
        }
        return (int) value;
    }

    public String readText() {
        int length = readLength();
        if (length < 0) {
            return null;
        }
        String text = new String(in, position, length, StandardCharsets.UTF_8);
        // Decoding puts this character where the bytes are not UTF-8; seldom is it meant.
        if (text.indexOf(REPLACEMENT) >= 0) {
            byte[] again = text.getBytes(StandardCharsets.UTF_8);
            if (!Arrays.equals(again, 0, again.length, in, position, position + length)) {
                throw new WireFormatException("text of " + length + " bytes at byte " + position + " is not UTF-8");
            }
        }
        position += length;
        return text;
    }

    public byte[] readBytes() {
        int length = readLength();
        if (length < 0) {
            return null;
        }
        byte[] bytes = Arrays.copyOfRange(in, position, position + length);
        position += length;
        return bytes;
    }

    public BigDecimal readDecimal() {
        String text = readText();
        if (text == null) {
            return null;
        }
        // Checked first: an exponent makes a number of a gigabyte, and parsing takes the square of the digits.
        if (text.length() > WireWriter.MAX_DECIMAL_CHARS) {
            throw new WireFormatException(
                    "decimal of " + text.length() + " characters: must be at most " + WireWriter.MAX_DECIMAL_CHARS);
        }
        if (!text.chars().allMatch(c -> (c >= '0' && c <= '9') || c == '.' || c == '-')) {
            throw new WireFormatException("'" + text + "' is not a decimal in plain notation");
        }
        try {
            return new BigDecimal(text);
        } catch (NumberFormatException e) {
            throw new WireFormatException("'" + text + "' is not a decimal", e);
        }
    }

    public <E extends Enum<E>> E readEnum(Class<E> type) {
        String name = readText();
        try {
            return name == null ? null : Enum.valueOf(type, name);
        } catch (IllegalArgumentException e) {
            throw new WireFormatException("'" + name + "' is not a " + type.getSimpleName(), e);
        }
    }

    public <T> List<T> readList(Function<WireReader, T> element) {
        int count = readInt();
        // An element takes at least one byte: a larger count is damage, found before anything is read.
        if (count > end - position) {
            throw new WireFormatException("list of " + count + " in " + (end - position) + " bytes");
        }
        List<T> values = new ArrayList<>(Math.min(count, MAX_INITIAL_CAPACITY));
        for (int i = 0; i < count; i++) {
            values.add(element.apply(this));
        }
        return values;
    }

    /** Everything that has not been read yet. */
    public byte[] readRest() {
        byte[] rest = Arrays.copyOfRange(in, position, end);
        position = end;
        return rest;
    }

    /** Throws unless everything was read: what is left over would be damage. */
    public void expectEnd() {
        if (position != end) {
            throw new WireFormatException((end - position) + " bytes left over");
        }
    }

    private int readLength() {
        long length = readVarint() - 1;
        if (length < -1 || length > end - position) {
            throw new WireFormatException("length " + length + " with " + (end - position) + " bytes left");
        }
        return (int) length;
    }

    private void need(int bytes) {
        if (end - position < bytes) {
            throw new WireFormatException("ends at byte " + end + " where more was expected");
        }
    }
}
