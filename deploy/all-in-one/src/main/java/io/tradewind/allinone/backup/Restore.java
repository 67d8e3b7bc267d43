package io.tradewind.allinone.backup;

import io.tradewind.allinone.cli.Progress;
import io.tradewind.allinone.datadir.DataDirectory;
import io.tradewind.allinone.datadir.PrivateFiles;
import io.tradewind.statestore.snapshot.DirectorySnapshotStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * Puts the state of a backup into a data directory that nobody runs on.
 *
 * <pre>
 *   1  DIR/restoring/snapshots, DIR/restoring/redis    all of it is made beside what is there
 *   2  DIR/RESTORING                                   from here on an interruption is noticed by the next start
 *   3  DIR/replaced-TIME/…                             what was there is moved aside, never deleted
 *   4  DIR/snapshots, DIR/redis                        the new takes its place
 *   5  DIR/RESTORING goes
 * </pre>
 *
 * Interrupted before 2 it has changed nothing, and after 2 a second restore with {@code --replace} mends it. Postgres
 * goes aside too: its rows and offsets belong to the state that was there. Blocking; one thread.
 */
public final class Restore {

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final String STAGING = "restoring";

    private final BackupFile backup;
    private final DataDirectory directory;
    private final Instant now;

    /** @param directory opened with {@link DataDirectory#openForRestore} */
    public Restore(BackupFile backup, DataDirectory directory, Instant now) {
        this.backup = backup;
        this.directory = directory;
        this.now = now;
    }

    /**
     * Does it. The backup was checked before.
     *
     * @param replace whether what is there may be moved aside
     * @param progress makes a step per snapshot
     * @return where to the state that was there went; {@code null} when there was none
     */
    public Path run(boolean replace, Progress progress) throws BackupException {
        try {
            List<Path> before = directory.state();
            if (!before.isEmpty() && !replace) {
                throw new BackupException(directory.root() + " holds state already; --replace moves it aside, or"
                        + " choose another directory with --data");
            }
            Path staging = directory.root().resolve(STAGING);
            delete(staging);
            boolean staged = false;
            try {
                stage(staging, progress);
                staged = true;
            } finally {
                if (!staged) {
                    delete(staging);
                }
            }
            return exchange(staging, before);
        } catch (IOException e) {
            throw new BackupException("cannot restore into " + directory.root() + ": " + PrivateFiles.reason(e), e);
        }
    }

    private void stage(Path staging, Progress progress) throws BackupException, IOException {
        Path snapshots = staging.resolve("snapshots");
        for (Manifest.Item item : backup.manifest().snapshots()) {
            Path file = DirectorySnapshotStore.file(snapshots, item.id());
            PrivateFiles.createDirectories(file.getParent());
            backup.copy(item, file);
            progress.step();
        }
        Path redis = staging.resolve("redis");
        PrivateFiles.createDirectories(redis);
        Heads.write(redis, backup.manifest().snapshots(), now);
    }

    private Path exchange(Path staging, List<Path> before) throws IOException {
        directory.beginExchange();
        Path aside = null;
        if (!before.isEmpty()) {
            aside = aside();
            PrivateFiles.createDirectories(aside);
            for (Path part : before) {
                PrivateFiles.rename(part, aside.resolve(part.getFileName()));
            }
        }
        take(staging.resolve("snapshots"), directory.snapshots());
        take(staging.resolve("redis"), directory.redis());
        directory.endExchange();
        delete(staging);
        return aside;
    }

    /** A folder that is not there yet. */
    private Path aside() {
        String name = "replaced-" + TIME.format(now);
        Path aside = directory.root().resolve(name);
        for (int next = 2; Files.exists(aside); next++) {
            aside = directory.root().resolve(name + "-" + next);
        }
        return aside;
    }

    /** An empty folder may be in the way; one with something in it is state, and was moved aside. */
    private static void take(Path from, Path to) throws IOException {
        Files.deleteIfExists(to);
        PrivateFiles.rename(from, to);
    }

    private static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
