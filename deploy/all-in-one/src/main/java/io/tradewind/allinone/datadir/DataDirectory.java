package io.tradewind.allinone.datadir;

import io.tradewind.contracts.state.Partitions;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.stream.Stream;

/**
 * One Tradewind's place on the disk, held by one process at a time.
 *
 * <pre>
 *   DIR/VERSION           format and number of partitions, fixed when the directory is created
 *   DIR/tradewind.lock    locked while a process runs on it; holds that process's id
 *   DIR/credentials.json  the generated key and its secret, 0600
 *   DIR/keys.json         the keys that the gateway knows, secrets hashed, 0600
 *   DIR/endpoints.json    where the running process answers; only while it is ready
 *   DIR/redis  DIR/postgres  DIR/snapshots  DIR/logs
 *   DIR/RESTORING         there while the state is exchanged for that of a backup, see {@link #beginExchange}
 * </pre>
 *
 * The operating system drops the lock with the process, so a crash leaves nothing to clean up. Blocking; opened and
 * closed by {@code up}'s main thread.
 */
public final class DataDirectory implements AutoCloseable {

    /** Layout that this program reads and writes. */
    static final int FORMAT = 1;

    private static final String VERSION_FILE = "VERSION";
    private static final String LOCK_FILE = "tradewind.lock";
    private static final String REDIS = "redis";
    private static final String POSTGRES = "postgres";
    private static final String SNAPSHOTS = "snapshots";
    private static final String LOGS = "logs";
    private static final String RESTORING = "RESTORING";
    private static final int MAX_PID_BYTES = 20;

    private final Path root;
    private final FileChannel lockFile;

    private DataDirectory(Path root, FileChannel lockFile) {
        this.root = root;
        this.lockFile = lockFile;
    }

    /**
     * Creates the directory if need be, locks it and checks that this program understands it and that its state is
     * whole.
     */
    public static DataDirectory open(Path directory, String programVersion) throws DataDirectoryException {
        DataDirectory opened = openForRestore(directory, programVersion);
        if (Files.exists(opened.root.resolve(RESTORING))) {
            opened.close();
            throw new DataDirectoryException("a restore into " + opened.root + " was interrupted, so its state is not"
                    + " whole; run ./tradewind state restore again, with --replace");
        }
        return opened;
    }

    /** The same, but the state in it may be what an interrupted restore has left. */
    public static DataDirectory openForRestore(Path directory, String programVersion) throws DataDirectoryException {
        Path root = directory.toAbsolutePath().normalize();
        try {
            PrivateFiles.createRoot(root);
            if (!Files.isWritable(root)) {
                throw new AccessDeniedException(root.toString());
            }
            FileChannel lock = lock(root);
            try {
                checkVersion(root, programVersion);
                PrivateFiles.createDirectories(root.resolve(REDIS));
                PrivateFiles.createDirectories(root.resolve(LOGS));
            } catch (IOException | DataDirectoryException e) {
                lock.close();
                throw e;
            }
            return new DataDirectory(root, lock);
        } catch (IOException e) {
            throw new DataDirectoryException(
                    "cannot use the data directory " + root + ": " + PrivateFiles.reason(e)
                            + "; make it writable for this user or choose another one with --data",
                    e);
        }
    }

    public Path root() {
        return root;
    }

    public Path redis() {
        return root.resolve(REDIS);
    }

    public Path postgres() {
        return root.resolve(POSTGRES);
    }

    public Path snapshots() {
        return root.resolve(SNAPSHOTS);
    }

    public Path logs() {
        return root.resolve(LOGS);
    }

    /** Whether {@code directory} is one that a Tradewind has made. */
    public static boolean isThere(Path directory) {
        return Files.exists(directory.resolve(VERSION_FILE));
    }

    /** Whether a process runs on {@code directory} at this moment. */
    public static boolean isInUse(Path directory) throws IOException {
        Path file = directory.resolve(LOCK_FILE);
        if (!Files.exists(file)) {
            return false;
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
                FileLock lock = channel.tryLock()) {
            return lock == null;
        } catch (OverlappingFileLockException e) {
            return true;
        }
    }

    /** What holds state, as far as it is there. */
    public List<Path> state() throws IOException {
        List<Path> found = new ArrayList<>();
        for (Path part : List.of(redis(), snapshots(), postgres())) {
            if (Files.isDirectory(part)) {
                try (Stream<Path> files = Files.list(part)) {
                    if (files.findAny().isPresent()) {
                        found.add(part);
                    }
                }
            }
        }
        return found;
    }

    /** From now on, also after a crash, nobody takes the state for whole until {@link #endExchange}. */
    public void beginExchange() throws IOException {
        PrivateFiles.replace(
                root.resolve(RESTORING),
                "The state is being exchanged for that of a backup.\n".getBytes(StandardCharsets.UTF_8));
    }

    public void endExchange() throws IOException {
        Files.deleteIfExists(root.resolve(RESTORING));
        PrivateFiles.forceDirectory(root);
    }

    /** The keys that the gateway knows. */
    public Path keys() {
        return root.resolve("keys.json");
    }

    private static FileChannel lock(Path root) throws IOException, DataDirectoryException {
        FileChannel channel = FileChannel.open(
                root.resolve(LOCK_FILE), StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        FileLock lock;
        try {
            lock = channel.tryLock();
        } catch (OverlappingFileLockException e) {
            lock = null;
        }
        if (lock == null) {
            String pid = read(channel);
            channel.close();
            throw new DataDirectoryException("Tradewind is already running on " + root
                    + (pid.isEmpty() ? "" : " (pid " + pid + ")")
                    + "; stop it first, or choose another directory with --data");
        }
        channel.truncate(0);
        channel.write(StandardCharsets.US_ASCII.encode(
                Long.toString(ProcessHandle.current().pid())));
        return channel;
    }

    private static String read(FileChannel channel) throws IOException {
        ByteBuffer pid = ByteBuffer.allocate(MAX_PID_BYTES);
        channel.read(pid, 0);
        return StandardCharsets.US_ASCII.decode(pid.flip()).toString().trim();
    }

    private static void checkVersion(Path root, String programVersion) throws IOException, DataDirectoryException {
        Path file = root.resolve(VERSION_FILE);
        if (!Files.exists(file)) {
            if (Files.exists(root.resolve(REDIS)) || Files.exists(root.resolve(POSTGRES))) {
                throw new DataDirectoryException("the data directory " + root + " holds data but no " + VERSION_FILE
                        + " file, so its format is unknown; restore that file or choose another directory with --data");
            }
            String text =
                    "format=" + FORMAT + "\npartitions=" + Partitions.COUNT + "\ncreated_by=" + programVersion + "\n";
            PrivateFiles.replace(file, text.getBytes(StandardCharsets.UTF_8));
            return;
        }
        Properties version = new Properties();
        version.load(new StringReader(Files.readString(file)));
        require(root, version, "format", FORMAT);
        require(root, version, "partitions", Partitions.COUNT);
    }

    private static void require(Path root, Properties version, String key, int expected) throws DataDirectoryException {
        String found = version.getProperty(key, "(missing)");
        if (!found.equals(Integer.toString(expected))) {
            throw new DataDirectoryException("the data directory " + root + " has " + key + " " + found
                    + ", and this Tradewind reads " + key + " " + expected + " only (created by version "
                    + version.getProperty("created_by", "unknown")
                    + "); use the version that fits, or choose another directory with --data");
        }
    }

    /** Lets the next process in. */
    @Override
    public void close() {
        try {
            lockFile.close();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot release the lock of " + root, e);
        }
    }
}
