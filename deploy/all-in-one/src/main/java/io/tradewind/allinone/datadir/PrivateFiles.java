package io.tradewind.allinone.datadir;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * Files and directories that only their owner may read, replaced as a whole: a reader sees the old or the new content,
 * after a power cut too. Blocking; any thread.
 */
public final class PrivateFiles {

    private static final Set<PosixFilePermission> FILE = PosixFilePermissions.fromString("rw-------");
    private static final Set<PosixFilePermission> DIRECTORY = PosixFilePermissions.fromString("rwx------");
    private static final Set<PosixFilePermission> PASSABLE = PosixFilePermissions.fromString("rwx--x--x");
    private static final int BUFFER_BYTES = 64 * 1024;
    private static final boolean POSIX =
            FileSystems.getDefault().supportedFileAttributeViews().contains("posix");

    private PrivateFiles() {}

    /** Creates the directory and its missing parents; one that exists keeps its permissions. */
    public static void createDirectories(Path directory) throws IOException {
        Files.createDirectories(directory, attributes(DIRECTORY));
    }

    /**
     * Creates a directory that another user may have to pass through, but not look into, when this one is root: some
     * servers refuse to run as root, and then run as somebody else on a directory of their own within.
     */
    static void createRoot(Path directory) throws IOException {
        boolean fresh = !Files.exists(directory);
        createDirectories(directory);
        if (fresh && POSIX && Integer.valueOf(0).equals(Files.getAttribute(directory, "unix:uid"))) {
            Files.setPosixFilePermissions(directory, PASSABLE);
        }
    }

    /** Writes {@code content} beside {@code file}, forces it to the disk and renames it onto {@code file}. */
    public static void replace(Path file, byte[] content) throws IOException {
        Path fresh = temporary(file);
        try {
            try (FileChannel channel = open(fresh)) {
                write(channel, ByteBuffer.wrap(content));
                channel.force(true);
            }
            rename(fresh, file);
        } finally {
            Files.deleteIfExists(fresh);
        }
    }

    /** A new, empty file beside {@code file}, to be renamed onto it. */
    public static Path temporary(Path file) throws IOException {
        return Files.createTempFile(
                file.toAbsolutePath().getParent(), file.getFileName() + ".", ".tmp", attributes(FILE));
    }

    /** Opens a file that is there, to be written. */
    public static FileChannel open(Path file) throws IOException {
        return FileChannel.open(file, StandardOpenOption.WRITE);
    }

    /** Puts {@code from} in the place of {@code to}, for good. */
    public static void rename(Path from, Path to) throws IOException {
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        forceDirectory(to.toAbsolutePath().getParent());
    }

    /** Writes all of {@code in} to a new file and forces it to the disk. */
    public static void copy(InputStream in, Path file) throws IOException {
        Files.createFile(file, attributes(FILE));
        try (FileChannel channel = open(file)) {
            byte[] buffer = new byte[BUFFER_BYTES];
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                write(channel, ByteBuffer.wrap(buffer, 0, read));
            }
            channel.force(true);
        }
        forceDirectory(file.toAbsolutePath().getParent());
    }

    private static void write(FileChannel channel, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    /** Why the file system refused something, in few words and without the path. */
    public static String reason(IOException failure) {
        if (failure instanceof AccessDeniedException) {
            return "permission denied";
        }
        if (failure instanceof FileAlreadyExistsException) {
            return "it is a file, not a directory";
        }
        if (failure instanceof NoSuchFileException) {
            return "there is no such file or folder";
        }
        if (failure instanceof FileSystemException fs && fs.getReason() != null) {
            return fs.getReason();
        }
        return failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage();
    }

    /** Takes the permissions of everybody else away; says whether there were any. */
    public static boolean restrict(Path file) throws IOException {
        if (!POSIX || Files.getPosixFilePermissions(file).equals(FILE)) {
            return false;
        }
        Files.setPosixFilePermissions(file, FILE);
        return true;
    }

    // A rename is durable only when the directory is.
    static void forceDirectory(Path directory) throws IOException {
        if (POSIX) {
            try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    }

    private static FileAttribute<?>[] attributes(Set<PosixFilePermission> permissions) {
        return POSIX
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(permissions)}
                : new FileAttribute<?>[0];
    }
}
