package io.tradewind.statestore.snapshot;

import io.tradewind.contracts.state.Partitions;
import io.tradewind.statestore.domain.SnapshotSink;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Snapshots as files of a directory that belongs to one process alone.
 *
 * <pre>
 *   DIR/03/0000000000000004711.snapshot           partition 3 at version 4711
 *   DIR/03/0000000000000004711.snapshot.1.tmp     being written; deleted when the store is opened
 *   DIR/03/0000000000000004242.snapshot.damaged   set aside, no longer listed
 *   DIR/03/0000000000000004242.snapshot.reason    why
 *   DIR/03/4000.json.zst, DIR/03/4000.json.gz     without header, see {@link LegacyDecoder}; only read
 * </pre>
 *
 * A file is written under another name, fsynced, renamed, and the directory fsynced: after a crash at any moment it is
 * there as a whole or not at all. Directories are made with mode 0700, files with 0600. Any thread.
 */
public final class DirectorySnapshotStore implements SnapshotStore {

    /** Damaged files kept per partition, the latest ones; damage that repeats itself must not fill the disk. */
    public static final int MAX_SET_ASIDE = 10;

    static final String TMP = ".tmp";
    static final String DAMAGED = ".damaged";
    static final String REASON = ".reason";

    private static final String SNAPSHOT = ".snapshot";
    private static final Pattern NAME = Pattern.compile("(\\d{1,19})\\.(snapshot|json\\.zst|json\\.gz)");
    private static final Pattern UNFINISHED = Pattern.compile(NAME.pattern() + "\\.\\d+\\.tmp");
    private static final Pattern SET_ASIDE = Pattern.compile(NAME.pattern() + "\\.damaged");
    private static final int READ_BUFFER_BYTES = 64 * 1024;

    private static final FileAttribute<?> DIRECTORY_MODE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

    private static final Logger LOG = LoggerFactory.getLogger(DirectorySnapshotStore.class);

    private final Path directory;
    private final AtomicLong written = new AtomicLong();

    private DirectorySnapshotStore(Path directory) {
        this.directory = directory;
    }

    /** Makes the directory where it is missing, and deletes what earlier writers left unfinished. Blocking. */
    public static DirectorySnapshotStore open(Path directory) throws IOException {
        Path absolute = directory.toAbsolutePath();
        makeDurably(absolute);
        DirectorySnapshotStore store = new DirectorySnapshotStore(absolute);
        for (int partition = 0; partition < Partitions.COUNT; partition++) {
            store.deleteUnfinished(partition);
        }
        return store;
    }

    /** The directory, its parent, and whatever had to be made above: also after a process that crashed in between. */
    static void makeDurably(Path directory) throws IOException {
        List<Path> touched = new ArrayList<>(List.of(directory));
        Path above = directory.getParent();
        while (above != null) {
            touched.add(above);
            above = Files.exists(above) ? null : above.getParent();
        }
        Files.createDirectories(directory, DIRECTORY_MODE);
        for (Path one : touched) {
            try {
                sync(one);
            } catch (AccessDeniedException e) {
                // A directory that we may pass through but not read was not made by us.
                LOG.debug("{} cannot be fsynced by this user", one);
            }
        }
    }

    private void deleteUnfinished(int partition) throws IOException {
        for (Path file : files(partition)) {
            if (UNFINISHED.matcher(nameOf(file)).matches()) {
                Files.deleteIfExists(file);
                LOG.info("deleted {}, which was never finished", file);
            }
        }
    }

    @Override
    public List<SnapshotId> list(int partition) throws IOException {
        List<SnapshotId> found = new ArrayList<>();
        for (Path file : files(partition)) {
            Matcher name = NAME.matcher(nameOf(file));
            if (name.matches() && Files.isRegularFile(file)) {
                try {
                    found.add(new SnapshotId(partition, Long.parseLong(name.group(1)), nameOf(file), Files.size(file)));
                } catch (NumberFormatException e) {
                    LOG.warn("{} is left alone: its name is no version", file);
                } catch (NoSuchFileException e) {
                    LOG.debug("{} was deleted meanwhile", file);
                }
            }
        }
        // Of one version the one with a checksum first: its name ends behind those of the legacy forms.
        found.sort(Comparator.comparingLong(SnapshotId::version)
                .thenComparing(SnapshotId::name, Comparator.comparing(name -> name.endsWith(SNAPSHOT)))
                .reversed());
        return found;
    }

    @Override
    public SnapshotWriter create(SnapshotInfo info) throws IOException {
        Path folder = folder(info.partition());
        makeFolder(folder);
        String name = String.format(Locale.ROOT, "%019d%s", info.version(), SNAPSHOT);
        Path tmp = folder.resolve(name + "." + written.incrementAndGet() + TMP);
        return new FileSnapshotWriter(info, tmp, folder.resolve(name));
    }

    private void makeFolder(Path folder) throws IOException {
        try {
            Files.createDirectory(folder, DIRECTORY_MODE);
            sync(directory);
        } catch (FileAlreadyExistsException e) {
            LOG.trace("{} exists", folder);
        }
    }

    @Override
    public SnapshotInfo read(SnapshotId id, SnapshotSink sink) throws IOException, DamagedSnapshotException {
        try (InputStream file = Files.newInputStream(file(id));
                InputStream buffered = new BufferedInputStream(file, READ_BUFFER_BYTES)) {
            return read(id, buffered, sink);
        }
    }

    /** The same for one whose bytes lie somewhere else, in a backup for instance. Does not close {@code bytes}. */
    public static SnapshotInfo read(SnapshotId id, InputStream bytes, SnapshotSink sink)
            throws IOException, DamagedSnapshotException {
        SourceStream source = new SourceStream(bytes);
        if (!id.name().endsWith(SNAPSHOT)) {
            return new LegacyDecoder(id, source, sink).read();
        }
        try (SnapshotDecoder decoder = new SnapshotDecoder(id, source, sink)) {
            return decoder.read();
        }
    }

    @Override
    public void setAside(SnapshotId id, String reason) throws IOException {
        Path file = file(id);
        // The reason first: a crash in between leaves a reason too many, not a damaged file without one.
        writeReason(file.resolveSibling(id.name() + REASON), reason);
        Files.move(file, file.resolveSibling(id.name() + DAMAGED), StandardCopyOption.ATOMIC_MOVE);
        deleteOldDamage(id.partition());
        sync(folder(id.partition()));
    }

    /** A full disk must not keep a damaged file in the list. */
    private static void writeReason(Path note, String reason) {
        try (FileChannel out = FileSnapshotWriter.newFile(note, StandardOpenOption.TRUNCATE_EXISTING)) {
            FileSnapshotWriter.writeFully(out, (reason + "\n").getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            LOG.warn("{} cannot be written ({}); it was to say: {}", note, e.toString(), reason);
        }
    }

    private void deleteOldDamage(int partition) throws IOException {
        List<Path> damaged = new ArrayList<>(files(partition));
        damaged.removeIf(file -> !SET_ASIDE.matcher(nameOf(file)).matches());
        damaged.sort(Comparator.comparing(file -> new BigInteger(nameOf(file).split("\\.", 2)[0])));
        for (Path file : damaged.subList(0, Math.max(0, damaged.size() - MAX_SET_ASIDE))) {
            String name = nameOf(file);
            Files.deleteIfExists(file);
            Files.deleteIfExists(file.resolveSibling(name.substring(0, name.length() - DAMAGED.length()) + REASON));
        }
    }

    @Override
    public void delete(SnapshotId id) throws IOException {
        if (Files.deleteIfExists(file(id))) {
            sync(folder(id.partition()));
        }
    }

    @Override
    public void close() {
        // Nothing is held open between calls.
    }

    private Path file(SnapshotId id) {
        return file(directory, id);
    }

    /**
     * Where a store on {@code directory} keeps a snapshot, be it there or not.
     *
     * @throws IllegalArgumentException when the id does not name a snapshot file
     */
    public static Path file(Path directory, SnapshotId id) {
        if (!NAME.matcher(id.name()).matches()) {
            throw new IllegalArgumentException("'" + id.name() + "' is not the name of a snapshot file");
        }
        return folder(directory, id.partition()).resolve(id.name());
    }

    private Path folder(int partition) {
        return folder(directory, partition);
    }

    private static Path folder(Path directory, int partition) {
        return directory.resolve(String.format(Locale.ROOT, "%02d", Partitions.check(partition)));
    }

    private List<Path> files(int partition) throws IOException {
        try (Stream<Path> files = Files.list(folder(partition))) {
            return files.toList();
        } catch (NoSuchFileException e) {
            return List.of();
        }
    }

    private static String nameOf(Path file) {
        return file.getFileName().toString();
    }

    /** Without this a new name may be gone after a power cut, though the bytes of the file are there. */
    static void sync(Path folder) throws IOException {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
