package io.tradewind.embeddedservers;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * How to run Postgres, which refuses to run as root: nothing special for an ordinary user; for root in a user namespace of its
 * own, where root is nobody and yet keeps its files; and where that is forbidden, as the user nobody, who then must own the data.
 *
 * @param prefix put before the command; each of these tools replaces itself by the command, so the process id stays
 * @param owner user and group id that the data must belong to, or -1 to leave ownership alone
 */
record RunAs(List<String> prefix, int owner) {
    private static final int ROOT = 0;
    /** The customary id of nobody; it needs an entry in /etc/passwd, because initdb asks for its own name. */
    private static final int NOBODY = 65534;

    /** Taken for a no when it passes, so it is far beyond what a busy machine needs. */
    private static final Duration PROBE_DEADLINE = Duration.ofMinutes(1);

    static final RunAs SELF = new RunAs(List.of(), -1);
    static final RunAs OWN_NAMESPACE = new RunAs(List.of("unshare", "-U"), ROOT);
    static final RunAs NOBODY_USER =
            new RunAs(List.of("setpriv", "--reuid=" + NOBODY, "--regid=" + NOBODY, "--clear-groups"), NOBODY);

    /** What works for this process on this machine. */
    static RunAs detect() {
        if (!isRoot()) {
            return SELF;
        }
        for (RunAs candidate : List.of(OWN_NAMESPACE, NOBODY_USER)) {
            if (Commands.run(candidate.command(List.of("true")), "", PROBE_DEADLINE)
                    .ok()) {
                return candidate;
            }
        }
        throw new EmbeddedServerException(
                "Postgres refuses to run as root, and neither 'unshare -U' nor 'setpriv' works"
                        + " here. Start as an ordinary user, or run your own Postgres and set postgres.uri.");
    }

    static boolean isRoot() {
        Commands.Result id = Commands.run(List.of("id", "-u"), "", PROBE_DEADLINE);
        return id.ok() && id.output().equals(Integer.toString(ROOT));
    }

    List<String> command(List<String> command) {
        List<String> all = new ArrayList<>(prefix);
        all.addAll(command);
        return all;
    }

    /** Gives a directory and all in it to the user that the server will be; a directory that already belongs to it costs nothing. */
    void own(Path directory) {
        try {
            if (owner < 0 || Files.getAttribute(directory, "unix:uid").equals(owner)) {
                return;
            }
            Files.walkFileTree(directory, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                    return chown(file);
                }

                // The directory itself last: it is what tells the next start that the work was finished.
                @Override
                public FileVisitResult postVisitDirectory(Path visited, IOException failure) throws IOException {
                    if (failure != null) {
                        throw failure;
                    }
                    return chown(visited);
                }
            });
        } catch (IOException e) {
            throw new EmbeddedServerException(
                    "Directory " + directory + " cannot be given to user id " + owner + ", as which Postgres must run: "
                            + e.getMessage(),
                    e);
        }
    }

    private FileVisitResult chown(Path path) throws IOException {
        Files.setAttribute(path, "unix:uid", owner, LinkOption.NOFOLLOW_LINKS);
        Files.setAttribute(path, "unix:gid", owner, LinkOption.NOFOLLOW_LINKS);
        return FileVisitResult.CONTINUE;
    }
}
