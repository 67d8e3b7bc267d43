package io.tradewind.allinone.cli;

import io.tradewind.allinone.datadir.DataDirectory;
import io.tradewind.allinone.datadir.DataDirectoryException;
import io.tradewind.allinone.datadir.PrivateFiles;
import io.tradewind.allinone.up.Logs;
import io.tradewind.servicekit.Version;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The state of a data directory that nothing runs on; nothing can start there meanwhile. Blocking; closed by whoever
 * opened it.
 */
final class OfflineState implements AutoCloseable {

    private final DataDirectory directory;

    /** What to do with it. */
    @FunctionalInterface
    interface Work {
        /** @return the exit code */
        int run(OfflineState state) throws IOException;
    }

    private OfflineState(DataDirectory directory) {
        this.directory = directory;
    }

    Path root() {
        return directory.root();
    }

    Path snapshots() {
        return directory.snapshots();
    }

    /**
     * Does the work when the command is about a data directory that is there and that nothing runs on.
     *
     * @return empty otherwise, also when it is about a server named by its address
     */
    static Optional<Integer> ifNothingRuns(Console console, ServerOptions options, Work work) {
        Path root = options.directory(console);
        try {
            if (root == null || !DataDirectory.isThere(root) || DataDirectory.isInUse(root)) {
                return Optional.empty();
            }
            return Optional.of(run(root, work));
        } catch (IOException e) {
            throw cannotRead(root, e);
        }
    }

    /** Does the work, or ends the command because something runs on the directory or there is none. */
    static int requireNothingRuns(Console console, ServerOptions options, String otherwise, Work work) {
        Path root = options.directory(console);
        if (root == null) {
            throw new CommandFailure(ExitCode.USAGE, "this command reads files, so it takes --data and no --url");
        }
        if (!DataDirectory.isThere(root)) {
            throw new CommandFailure(
                    ExitCode.UNREACHABLE, root + " is no data directory of a Tradewind; name one with --data");
        }
        try {
            if (DataDirectory.isInUse(root)) {
                throw new CommandFailure(ExitCode.FAILED, "Tradewind is running on " + root + "; " + otherwise);
            }
            return run(root, work);
        } catch (IOException e) {
            throw cannotRead(root, e);
        }
    }

    private static int run(Path root, Work work) throws IOException {
        Logs.silence();
        try (OfflineState state = new OfflineState(DataDirectory.open(root, Version.current()))) {
            return work.run(state);
        } catch (DataDirectoryException e) {
            throw new CommandFailure(ExitCode.FAILED, e.getMessage(), e);
        }
    }

    private static CommandFailure cannotRead(Path root, IOException e) {
        return new CommandFailure(ExitCode.FAILED, root + " cannot be read: " + PrivateFiles.reason(e), e);
    }

    @Override
    public void close() {
        directory.close();
    }
}
