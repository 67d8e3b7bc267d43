package io.tradewind.systemtests.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.FileSystems;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * A folder of a test's own, and where the built program lies. The folder may be passed through by others: as root,
 * Postgres runs as somebody else on a directory within. Whoever opened it closes it, which deletes all in it.
 */
public final class Workspace implements AutoCloseable {

    /** Below the ports of outgoing connections, beside those of the embedded servers. */
    private static final int FIRST_PORT = 10_000;

    private static final int LAST_PORT = 20_000;
    private static final int MAX_PORT_TRIES = 200;

    private static final Duration DELETE_LIMIT = Duration.ofMinutes(1);

    private final Path root;

    private Workspace(Path root) {
        this.root = root;
    }

    public static Workspace open(String name) {
        try {
            Path root = Files.createTempDirectory("tradewind-" + name + "-");
            letPass(root);
            return new Workspace(root);
        } catch (IOException e) {
            throw new UncheckedIOException("a temporary folder cannot be made", e);
        }
    }

    /** As root, Postgres runs as somebody else on a directory within this one. */
    static void letPass(Path folder) throws IOException {
        if (FileSystems.getDefault().supportedFileAttributeViews().contains("posix")) {
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx--x--x"));
        }
    }

    public Path root() {
        return root;
    }

    /** The data directory that tests use; the program makes it. */
    public Path data() {
        return root.resolve("data");
    }

    /** The script that a user types. */
    public static Path script() {
        Path script = repository().resolve("tradewind");
        if (!Files.isDirectory(repository().resolve("deploy/all-in-one/target/dist/lib"))) {
            throw new IllegalStateException("the program is not built: run mvn -DskipTests -pl deploy/all-in-one -am"
                    + " package, or ./tradewind version");
        }
        return script;
    }

    private static Path repository() {
        Path folder = Path.of("").toAbsolutePath();
        while (folder != null && !Files.exists(folder.resolve("tradewind"))) {
            folder = folder.getParent();
        }
        if (folder == null) {
            throw new IllegalStateException("no folder above " + Path.of("").toAbsolutePath() + " holds ./tradewind");
        }
        return folder;
    }

    /**
     * A port that nobody listens on, at this moment. Not one of those that the system hands out: the program binds it
     * seconds later, and by then a connection of anybody's could have it.
     */
    public static int freePort() {
        RandomGenerator random = RandomGenerator.getDefault();
        for (int i = 0; i < MAX_PORT_TRIES; i++) {
            int port = random.nextInt(FIRST_PORT, LAST_PORT);
            if (isFree(port)) {
                return port;
            }
        }
        throw new IllegalStateException("no free port between " + FIRST_PORT + " and " + LAST_PORT);
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return socket.isBound();
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public void close() {
        // A browser or a server that is ending still makes and deletes files of its own: until nothing is left.
        Waiting.until("nothing is left of " + root, DELETE_LIMIT, () -> {
            delete();
            return Files.notExists(root);
        });
    }

    private void delete() throws IOException {
        if (Files.notExists(root)) {
            return;
        }
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.deleteIfExists(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
                if (failure instanceof NoSuchFileException) {
                    return FileVisitResult.CONTINUE;
                }
                throw failure;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path folder, IOException failure) throws IOException {
                if (failure != null && !(failure instanceof NoSuchFileException)) {
                    throw failure;
                }
                Files.deleteIfExists(folder);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
