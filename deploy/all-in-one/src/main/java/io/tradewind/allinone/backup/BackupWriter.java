package io.tradewind.allinone.backup;

import io.tradewind.allinone.datadir.PrivateFiles;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Writes a backup under another name beside its place. It gets its own name when it is whole and on the disk; closed
 * before that, it leaves nothing behind. Blocking; one thread.
 */
public final class BackupWriter implements AutoCloseable {

    private static final int BUFFER_BYTES = 64 * 1024;

    private final Path target;
    private final Path tmp;
    private final FileChannel channel;
    private final ZipOutputStream zip;
    private final List<Manifest.Item> items = new ArrayList<>();

    private BackupWriter(Path target, Path tmp, FileChannel channel) {
        this.target = target;
        this.tmp = tmp;
        this.channel = channel;
        this.zip = new ZipOutputStream(Channels.newOutputStream(channel));
        // Snapshots are compressed already.
        zip.setLevel(Deflater.NO_COMPRESSION);
    }

    /** @throws BackupException when there is such a file already, or none can be made there */
    public static BackupWriter create(Path target) throws BackupException {
        refuseExisting(target);
        try {
            Path tmp = PrivateFiles.temporary(target);
            return new BackupWriter(target, tmp, PrivateFiles.open(tmp));
        } catch (IOException e) {
            throw new BackupException(
                    target + " cannot be written: " + PrivateFiles.reason(e)
                            + "; is there such a folder, and may this user write there?",
                    e);
        }
    }

    /** Adds the snapshot of a partition. */
    public void add(int partition, long version, Path snapshot) throws BackupException {
        String name = snapshot.getFileName().toString();
        MessageDigest digest = BackupFile.sha256();
        try (InputStream file = Files.newInputStream(snapshot);
                DigestInputStream in = new DigestInputStream(file, digest)) {
            Manifest.Item place = new Manifest.Item(partition, version, name, 0, "");
            zip.putNextEntry(new ZipEntry(place.entry()));
            long bytes = transfer(in, zip);
            zip.closeEntry();
            items.add(new Manifest.Item(
                    partition, version, name, bytes, HexFormat.of().formatHex(digest.digest())));
        } catch (NoSuchFileException e) {
            throw new BackupException(
                    "snapshot " + snapshot + " of partition " + partition + " is not there; are the snapshots of the"
                            + " running instance kept elsewhere? Otherwise it was deleted in the meantime: try again",
                    e);
        } catch (IOException e) {
            throw new BackupException(
                    "partition " + partition + ": " + snapshot + " cannot be copied to " + target + ": "
                            + PrivateFiles.reason(e),
                    e);
        }
    }

    private static long transfer(InputStream in, OutputStream out) throws IOException {
        byte[] buffer = new byte[BUFFER_BYTES];
        long bytes = 0;
        for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
            out.write(buffer, 0, read);
            bytes += read;
        }
        return bytes;
    }

    /**
     * Ends the file, which still has no name. It can be read to see whether it is good.
     *
     * @return where it is for now
     */
    public Path finish(Instant now, String programVersion) throws BackupException {
        items.sort(Comparator.comparingInt(Manifest.Item::partition));
        try {
            zip.putNextEntry(new ZipEntry(BackupFile.MANIFEST));
            zip.write(new Manifest(now, programVersion, items).toJson());
            zip.closeEntry();
            zip.finish();
            channel.force(true);
            return tmp;
        } catch (IOException e) {
            throw new BackupException(target + " cannot be written: " + PrivateFiles.reason(e), e);
        }
    }

    /** Gives the finished file its name, which it also has after a power cut. */
    public void publish() throws BackupException {
        refuseExisting(target);
        try {
            PrivateFiles.rename(tmp, target);
        } catch (IOException e) {
            throw new BackupException(target + " cannot be written: " + PrivateFiles.reason(e), e);
        }
    }

    private static void refuseExisting(Path target) throws BackupException {
        if (Files.exists(target)) {
            throw new BackupException(target + " exists already, and a backup is never overwritten; choose another"
                    + " name, or name a folder");
        }
    }

    @Override
    public void close() throws IOException {
        try {
            zip.close();
        } finally {
            Files.deleteIfExists(tmp);
        }
    }
}
