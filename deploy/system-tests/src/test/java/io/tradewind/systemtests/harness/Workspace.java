package io.tradewind.systemtests.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.stream.Stream;

/**
 * A folder of a test's own, and where the built program lies. The folder may be passed through by others: as root,
 * Postgres runs as somebody else on a directory within. Whoever opened it closes it, which deletes all in it.
 */
public final class Workspace implements AutoCloseable {

    private final Path root;

    private Workspace(Path root) {
        this.root = root;
    }

    public static Workspace open(String name) {
        try {
            Path root = Files.createTempDirectory("tradewind-" + name + "-");
            if (FileSystems.getDefault().supportedFileAttributeViews().contains("posix")) {
                Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwx--x--x"));
            }
            return new Workspace(root);
        } catch (IOException e) {
            throw new UncheckedIOException("a temporary folder cannot be made", e);
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

    /** A port that nobody listens on, at this moment. */
    public static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException("no free port", e);
        }
    }

    @Override
    public void close() {
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (NoSuchFileException e) {
            // A server that is ending deletes files of its own; there is nothing left to do about this one.
            return;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot clean up " + root, e);
        }
    }
}
