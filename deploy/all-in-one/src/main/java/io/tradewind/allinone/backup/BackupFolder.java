package io.tradewind.allinone.backup;

import io.tradewind.allinone.datadir.PrivateFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A folder with backups named by their time: {@code tradewind-20261121T120000Z.zip}. Files with other names are nothing
 * to it. Blocking; any thread.
 */
public final class BackupFolder {

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final Pattern NAME = Pattern.compile("tradewind-\\d{8}T\\d{6}Z\\.zip");

    private final Path folder;

    public BackupFolder(Path folder) {
        this.folder = folder;
    }

    /** The backup of this moment. */
    public Path at(Instant now) {
        return folder.resolve("tradewind-" + TIME.format(now) + ".zip");
    }

    /**
     * Deletes all but the newest.
     *
     * @param keep how many stay, from 1
     * @return those that went
     */
    public List<Path> keep(int keep) throws BackupException {
        try (Stream<Path> files = Files.list(folder)) {
            // By name is by time.
            List<Path> old = files.filter(
                            file -> NAME.matcher(file.getFileName().toString()).matches())
                    .sorted(Comparator.comparing(
                                    (Path file) -> file.getFileName().toString())
                            .reversed())
                    .skip(keep)
                    .toList();
            for (Path file : old) {
                Files.deleteIfExists(file);
            }
            return old;
        } catch (IOException e) {
            throw new BackupException(
                    "the new backup is whole, but old ones in " + folder + " cannot be deleted: "
                            + PrivateFiles.reason(e),
                    e);
        }
    }
}
