package io.tradewind.allinone.datadir;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystems;
import java.nio.file.Files;
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
        Path directory = file.toAbsolutePath().getParent();
        Path fresh = Files.createTempFile(directory, file.getFileName() + ".", ".tmp", attributes(FILE));
        try {
            try (FileChannel channel = FileChannel.open(fresh, StandardOpenOption.WRITE)) {
                ByteBuffer bytes = ByteBuffer.wrap(content);
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
                channel.force(true);
            }
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(fresh);
        }
        forceDirectory(directory);
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
    private static void forceDirectory(Path directory) throws IOException {
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
