package io.tradewind.statestore.snapshot;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import java.util.zip.ZipException;

/**
 * Reads gzip members (RFC 1952), one behind the other, to the last byte. The JDK's own stream takes whatever follows a
 * member and does not look like another one for the end; damaged that way, a file would lose its later members in
 * silence. Here it is an error. Closes what it reads from; not thread safe.
 */
final class GzipStream extends InputStream {

    private static final int BUFFER_BYTES = 64 * 1024;
    private static final int MAGIC = 0x1F8B;
    private static final int DEFLATE = 8;
    private static final int FLAG_HEADER_CRC = 2;
    private static final int FLAG_EXTRA = 4;
    private static final int FLAG_NAME = 8;
    private static final int FLAG_COMMENT = 16;
    private static final int RESERVED_FLAGS = 0xE0;

    /** Of modification time, extra flags and operating system, which nobody asks for. */
    private static final int IGNORED_BYTES = 6;

    private final InputStream in;
    private final Inflater inflater = new Inflater(true);
    private final CRC32 crc = new CRC32();
    private final byte[] input = new byte[BUFFER_BYTES];
    private int next;
    private int end;
    private boolean finished;

    /** Reads the first header. */
    GzipStream(InputStream in) throws IOException {
        this.in = in;
        try {
            readHeader(readByte());
        } catch (IOException e) {
            inflater.end();
            throw e;
        }
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        while (!finished) {
            int read = inflate(bytes, offset, length);
            if (read > 0) {
                crc.update(bytes, offset, read);
                return read;
            }
            if (inflater.finished()) {
                endMember();
            }
        }
        return -1;
    }

    private int inflate(byte[] bytes, int offset, int length) throws IOException {
        if (inflater.needsInput()) {
            if (next == end) {
                need();
            }
            inflater.setInput(input, next, end - next);
            next = end;
        }
        try {
            int read = inflater.inflate(bytes, offset, length);
            if (inflater.needsDictionary()) {
                throw new ZipException("gzip member with a dictionary");
            }
            return read;
        } catch (DataFormatException e) {
            throw new ZipException("gzip member that cannot be inflated: " + e.getMessage());
        }
    }

    private void endMember() throws IOException {
        next = end - inflater.getRemaining();
        long sum = readLittleEndian();
        long length = readLittleEndian();
        if (sum != crc.getValue() || length != (inflater.getBytesWritten() & 0xFFFFFFFFL)) {
            throw new ZipException("gzip member with checksum " + Long.toHexString(crc.getValue()) + " over "
                    + inflater.getBytesWritten() + " bytes where " + Long.toHexString(sum) + " over " + length
                    + " was written");
        }
        finished = next == end && !fill();
        if (!finished) {
            inflater.reset();
            crc.reset();
            readHeader(readByte());
        }
    }

    private void readHeader(int first) throws IOException {
        int magic = first << 8 | readByte();
        if (magic != MAGIC) {
            throw new ZipException("no gzip member where one should begin: " + Integer.toHexString(magic));
        }
        int method = readByte();
        int flags = readByte();
        if (method != DEFLATE || (flags & RESERVED_FLAGS) != 0) {
            throw new ZipException("gzip member of unknown method " + method + " or flags " + flags);
        }
        skip(IGNORED_BYTES);
        if ((flags & FLAG_EXTRA) != 0) {
            skip(readByte() | readByte() << 8);
        }
        if ((flags & FLAG_NAME) != 0) {
            skipText();
        }
        if ((flags & FLAG_COMMENT) != 0) {
            skipText();
        }
        if ((flags & FLAG_HEADER_CRC) != 0) {
            skip(2);
        }
    }

    private void skip(int bytes) throws IOException {
        for (int i = 0; i < bytes; i++) {
            readByte();
        }
    }

    private void skipText() throws IOException {
        while (readByte() != 0) {
            // To its zero byte; a text without one ends with the file.
        }
    }

    private long readLittleEndian() throws IOException {
        long value = 0;
        for (int shift = 0; shift < Integer.SIZE; shift += Byte.SIZE) {
            value |= (long) readByte() << shift;
        }
        return value;
    }

    private int readByte() throws IOException {
        if (next == end) {
            need();
        }
        return input[next++] & 0xFF;
    }

    private void need() throws IOException {
        if (!fill()) {
            throw new EOFException("it ends within a gzip member");
        }
    }

    private boolean fill() throws IOException {
        next = 0;
        end = Math.max(0, in.read(input));
        return end > 0;
    }

    @Override
    public void close() throws IOException {
        inflater.end();
        in.close();
    }
}
