package io.tradewind.embeddedservers;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;

/** What both servers need of directories. */
final class Folders {
    private Folders() {}

    /**
     * Creates a data directory, or finds it, and tries that files can be made in it.
     *
     * @return its absolute path, symbolic links resolved, because that is how the system names a process's directory
     */
    static Path writable(Path directory, String server) {
        try {
            Path real = Files.createDirectories(directory.toAbsolutePath()).toRealPath();
            Files.delete(Files.createTempFile(real, ".writable", ""));
            return real;
        } catch (IOException e) {
            throw new EmbeddedServerException(
                    "Data directory " + directory.toAbsolutePath() + " for " + server + " cannot be written: "
                            + reason(e) + ". Choose a directory that this user may write.",
                    e);
        }
    }

    /** The system's reason in words; the exceptions of java.nio.file have only a path for a message. */
    static String reason(IOException e) {
        if (e instanceof AccessDeniedException) {
            return "permission denied";
        }
        if (e instanceof FileAlreadyExistsException || e instanceof NotDirectoryException) {
            return e.getMessage() + " is a file, not a directory";
        }
        return e.getMessage();
    }

    /** Deletes a directory and all in it; one that is not there is fine. Symbolic links are deleted, not followed. */
    static void delete(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return;
        }
        Files.walkFileTree(directory, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.deleteIfExists(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException failure) {
                // A server that is still going down removes files of its own; what is gone needs no deleting.
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path visited, IOException failure) throws IOException {
                Files.deleteIfExists(visited);
                return FileVisitResult.CONTINUE;
            }
        });
    }

    /** Makes a rename in this directory survive a power failure. */
    static void sync(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
