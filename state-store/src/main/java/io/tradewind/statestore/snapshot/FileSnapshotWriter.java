package io.tradewind.statestore.snapshot;

import io.tradewind.statestore.domain.EntityBatch;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;

/** Writes a snapshot into a file with another name, which gets its right one when it is whole and on the disk. */
final class FileSnapshotWriter implements SnapshotWriter {

    private static final FileAttribute<?> FILE_MODE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    /** The JDK copies what it writes into native memory that it keeps: so never much at once. */
    private static final int MAX_WRITE_BYTES = 64 * 1024;

    /** One step of writing. */
    @FunctionalInterface
    private interface Step {
        void run() throws IOException;
    }

    private final SnapshotInfo info;
    private final Path tmp;
    private final Path file;
    private final FileChannel channel;
    private final SnapshotEncoder encoder;
    private boolean failed;
    private boolean complete;
    private boolean closed;

    FileSnapshotWriter(SnapshotInfo info, Path tmp, Path file) throws IOException {
        this.info = info;
        this.tmp = tmp;
        this.file = file;
        try {
            channel = newFile(tmp, StandardOpenOption.CREATE_NEW);
        } catch (IOException e) {
            throw explained(e);
        }
        SnapshotEncoder made = null;
        try {
            made = new SnapshotEncoder(info, new ChannelStream(channel));
        } catch (IOException e) {
            throw explained(e);
        } finally {
            if (made == null) {
                channel.close();
                Files.deleteIfExists(tmp);
            }
        }
        encoder = made;
    }

    @Override
    public void writeEntities(EntityBatch batch) throws IOException {
        step(() -> encoder.entities(batch));
    }

    @Override
    public void writeTransactions(List<String> ids, long[] versions) throws IOException {
        step(() -> encoder.transactions(ids, versions));
    }

    @Override
    public SnapshotId complete() throws IOException {
        step(() -> {
            encoder.finish();
            channel.force(true);
        });
        long bytes = channel.size();
        channel.close();
        step(() -> Files.move(tmp, file, StandardCopyOption.ATOMIC_MOVE));
        complete = true;
        try {
            DirectorySnapshotStore.sync(file.getParent());
        } catch (IOException e) {
            throw new IOException(
                    "snapshot " + file + " is written, but a power cut may take it away: its directory "
                            + "cannot be fsynced: " + reasonOf(e),
                    e);
        }
        return new SnapshotId(
                info.partition(), info.version(), file.getFileName().toString(), bytes);
    }

    /** After a failure the end of the file is not known, so that nothing may be written behind it. */
    private void step(Step step) throws IOException {
        if (failed || closed) {
            throw new IOException("snapshot " + file + " cannot be written any more: it was closed or failed before");
        }
        failed = true;
        try {
            step.run();
        } catch (IOException e) {
            throw explained(e);
        }
        failed = false;
    }

    private IOException explained(IOException cause) {
        return new IOException(
                "snapshot " + file + " cannot be written: " + reasonOf(cause)
                        + "; is there space on the disk, and may this user write there? Nothing of it is kept",
                cause);
    }

    /** The message of a file system exception repeats the path, its reason does not. */
    private static String reasonOf(IOException cause) {
        if (cause instanceof FileSystemException e && e.getReason() != null) {
            return e.getReason();
        }
        return cause.toString();
    }

    @Override
    public void close() throws IOException {
        if (closed) {
            return;
        }
        closed = true;
        encoder.close();
        try {
            channel.close();
        } finally {
            if (!complete) {
                Files.deleteIfExists(tmp);
            }
        }
    }

    static FileChannel newFile(Path path, OpenOption mode) throws IOException {
        return FileChannel.open(path, Set.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE, mode), FILE_MODE);
    }

    static void writeFully(FileChannel channel, byte[] bytes) throws IOException {
        new ChannelStream(channel).write(bytes, 0, bytes.length);
    }

    /** Slices what is written. */
    private static final class ChannelStream extends OutputStream {

        private final FileChannel channel;

        ChannelStream(FileChannel channel) {
            this.channel = channel;
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            ByteBuffer left = ByteBuffer.wrap(bytes, offset, length);
            int end = left.limit();
            while (left.position() < end) {
                left.limit(Math.min(end, left.position() + MAX_WRITE_BYTES));
                channel.write(left);
            }
        }
    }
}
