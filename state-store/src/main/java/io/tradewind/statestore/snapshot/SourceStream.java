package io.tradewind.statestore.snapshot;

import java.io.IOException;
import java.io.InputStream;

/**
 * The stored bytes of a snapshot on their way to a decoder. Whatever fails below it leaves as a {@link Failure}, so
 * that bytes that could not be fetched now are never taken for bytes that are wrong: decompressors report both as
 * {@link IOException}. Counts what was read. The source is closed by whoever opened it.
 */
final class SourceStream extends InputStream {

    /** The source failed; what it holds may be fine. */
    static final class Failure extends IOException {

        private static final long serialVersionUID = 1L;

        Failure(IOException cause) {
            super(cause.getMessage(), cause);
        }

        @Override
        public synchronized IOException getCause() {
            return (IOException) super.getCause();
        }
    }

    private final InputStream in;
    private long position;

    SourceStream(InputStream in) {
        this.in = in;
    }

    /** Bytes read so far. */
    long position() {
        return position;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        try {
            int read = in.read(bytes, offset, length);
            position += Math.max(0, read);
            return read;
        } catch (IOException e) {
            throw new Failure(e);
        }
    }
}
