package io.tradewind.embeddedservers;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.tukaani.xz.XZInputStream;

/**
 * Unpacks the shipped binaries once per user and machine. Blocking, any thread; nothing to close.
 *
 * <p>Everything is unpacked beside its place and then renamed into it, so that a crash leaves no half cache and two
 * processes that unpack at once do no harm: the later one takes what the earlier one put there. The file {@code .contents}, written
 * last, holds the number of files and bytes; a cache that does not match it (a cleaner went through /tmp, a torn disk) is
 * unpacked anew.
 */
final class BinaryCache {
    private static final Logger LOG = LoggerFactory.getLogger(BinaryCache.class);
    private static final String CONTENTS = ".contents";
    private static final String PROGRAM = "rwxr-xr-x";
    private static final int COPY_BUFFER_BYTES = 1 << 16;

    /** Fills a directory from a class path resource. */
    interface Unpacker {
        void unpack(InputStream resource, Path into) throws IOException;
    }

    private final List<Path> roots;

    private BinaryCache(List<Path> roots) {
        this.roots = roots;
    }

    /**
     * @param override the one folder to use, or null for the user's cache folder and, should that not do, the system's
     *     folder for temporary files
     */
    static BinaryCache in(Path override) {
        if (override != null) {
            return new BinaryCache(List.of(override.toAbsolutePath()));
        }
        List<Path> roots = new ArrayList<>();
        String xdg = System.getenv("XDG_CACHE_HOME");
        if (xdg != null && !xdg.isBlank()) {
            roots.add(Path.of(xdg).toAbsolutePath().resolve("tradewind"));
        } else {
            roots.add(Path.of(System.getProperty("user.home"), ".cache", "tradewind"));
        }
        // The name of the user, because the folder for temporary files is everybody's.
        roots.add(Path.of(System.getProperty("java.io.tmpdir"), "tradewind-" + System.getProperty("user.name")));
        return new BinaryCache(roots);
    }

    /**
     * The folder with the unpacked resource, from the first place that can be written and whose programs run.
     *
     * @param check runs a program of the folder, returns null if that works and else what went wrong
     */
    Path unpacked(String name, String resource, Unpacker unpacker, Function<Path, String> check) {
        StringBuilder failures = new StringBuilder();
        for (Path root : roots) {
            String failure;
            try {
                Path folder = ensure(root, name, resource, unpacker);
                failure = check.apply(folder);
                if (failure == null) {
                    return folder;
                }
            } catch (IOException e) {
                failure = Folders.reason(e);
            }
            LOG.debug("{} cannot be used from {}: {}", name, root, failure);
            failures.append("\n  ").append(root).append(": ").append(failure);
        }
        throw new EmbeddedServerException("The binaries of " + name + " cannot be unpacked and run in any of" + failures
                + "\nSet XDG_CACHE_HOME to a folder that can be written and allows programs to be run.");
    }

    private static Path ensure(Path root, String name, String resource, Unpacker unpacker) throws IOException {
        Path folder = root.resolve(name);
        if (!Files.exists(root)) {
            directory(root);
        }
        if (!ours(root)) {
            throw new IOException("the folder belongs to another user or can be written by others");
        }
        if (isComplete(folder)) {
            return folder;
        }
        LOG.info("Unpacking {} into {}", name, folder);
        Path fresh = root.resolve("." + name + "." + UUID.randomUUID() + ".tmp");
        try (InputStream in = open(resource)) {
            directory(fresh);
            unpacker.unpack(in, fresh);
            Files.writeString(fresh.resolve(CONTENTS), contents(fresh), StandardCharsets.UTF_8);
            putInPlace(fresh, folder, root);
        } finally {
            Folders.delete(fresh);
        }
        return folder;
    }

    private static void putInPlace(Path fresh, Path folder, Path root) throws IOException {
        if (Files.exists(folder) && !isComplete(folder)) {
            Path damaged = root.resolve("." + folder.getFileName() + "." + UUID.randomUUID() + ".damaged");
            Files.move(folder, damaged, StandardCopyOption.ATOMIC_MOVE);
            Folders.delete(damaged);
        }
        try {
            Files.move(fresh, folder, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            // Another process was faster. What it made is as good as ours.
            if (!isComplete(folder)) {
                throw e;
            }
        }
    }

    private static InputStream open(String resource) throws IOException {
        InputStream in = BinaryCache.class.getResourceAsStream("/" + resource);
        if (in == null) {
            throw new IOException("resource " + resource + " is not on the class path");
        }
        return new BufferedInputStream(in, COPY_BUFFER_BYTES);
    }

    /** Programs from a folder that somebody else can change must not be run. */
    private static boolean ours(Path root) throws IOException {
        int me = (int) Files.getAttribute(
                Path.of("/proc/self").toFile().exists() ? Path.of("/proc/self") : home(), "unix:uid");
        int othersMayWrite = 0022;
        return Files.getAttribute(root, "unix:uid").equals(me)
                && ((int) Files.getAttribute(root, "unix:mode") & othersMayWrite) == 0;
    }

    /** Whatever the umask: others may enter, because the server may run as another user; nobody else may write. */
    private static void directory(Path directory) throws IOException {
        Set<PosixFilePermission> permissions = PosixFilePermissions.fromString(PROGRAM);
        // Never wider, not even for a moment: another process that looks just then would take it for a stranger's.
        Files.createDirectories(directory, PosixFilePermissions.asFileAttribute(permissions));
        Files.setPosixFilePermissions(directory, permissions);
    }

    private static Path home() {
        return Path.of(System.getProperty("user.home"));
    }

    static boolean isComplete(Path folder) throws IOException {
        Path contents = folder.resolve(CONTENTS);
        return Files.isRegularFile(contents)
                && Files.readString(contents, StandardCharsets.UTF_8).equals(contents(folder));
    }

    private static String contents(Path folder) throws IOException {
        long[] filesAndBytes = new long[2];
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                if (!file.getFileName().toString().equals(CONTENTS)) {
                    filesAndBytes[0]++;
                    filesAndBytes[1] += attributes.size();
                }
                return FileVisitResult.CONTINUE;
            }
        });
        return filesAndBytes[0] + " files, " + filesAndBytes[1] + " bytes\n";
    }

    /** The resource is one program. */
    static Unpacker program(String fileName) {
        return (in, into) -> {
            Path program = into.resolve(fileName);
            Files.copy(in, program);
            Files.setPosixFilePermissions(program, PosixFilePermissions.fromString(PROGRAM));
        };
    }

    /** The resource is a tar archive compressed with xz. */
    static void tarXz(InputStream in, Path into) throws IOException {
        try (TarArchiveInputStream tar = new TarArchiveInputStream(new XZInputStream(in))) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                Path target = into.resolve(entry.getName()).normalize();
                if (!target.startsWith(into)) {
                    throw new IOException("archive entry " + entry.getName() + " leads out of the archive");
                }
                unpackEntry(tar, entry, target);
            }
        }
    }

    private static void unpackEntry(TarArchiveInputStream tar, TarArchiveEntry entry, Path target) throws IOException {
        if (entry.isDirectory()) {
            directory(target);
            return;
        }
        directory(target.getParent());
        if (entry.isSymbolicLink()) {
            Files.createSymbolicLink(target, Path.of(entry.getLinkName()));
        } else if (entry.isFile()) {
            Files.copy(tar, target);
            boolean program = (entry.getMode() & 0100) != 0;
            Files.setPosixFilePermissions(target, PosixFilePermissions.fromString(program ? PROGRAM : "rw-r--r--"));
        } else {
            throw new IOException("archive entry " + entry.getName() + " is neither file, directory nor symbolic link");
        }
    }
}
