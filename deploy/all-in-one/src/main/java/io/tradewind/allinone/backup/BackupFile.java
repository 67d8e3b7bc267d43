package io.tradewind.allinone.backup;

import io.tradewind.allinone.datadir.PrivateFiles;
import io.tradewind.statestore.domain.SnapshotSink;
import io.tradewind.statestore.snapshot.DamagedSnapshotException;
import io.tradewind.statestore.snapshot.DirectorySnapshotStore;
import io.tradewind.statestore.snapshot.SnapshotInfo;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/**
 * A backup, to be read: a zip file with one snapshot of each partition and a {@link Manifest}. Believes nothing that it
 * has not checked. Blocking; one thread; closed by whoever opened it.
 */
public final class BackupFile implements AutoCloseable {

    static final String MANIFEST = "manifest.json";

    /** Of 16 snapshots; a larger one is no manifest of ours. */
    private static final int MAX_MANIFEST_BYTES = 64 * 1024;

    private static final int BUFFER_BYTES = 64 * 1024;

    private final Path path;
    private final ZipFile zip;
    private final Manifest manifest;

    private BackupFile(Path path, ZipFile zip, Manifest manifest) {
        this.path = path;
        this.zip = zip;
        this.manifest = manifest;
    }

    /** Opens it and reads its manifest. */
    public static BackupFile open(Path path) throws BackupException {
        ZipFile zip;
        try {
            zip = new ZipFile(path.toFile());
        } catch (NoSuchFileException e) {
            throw new BackupException("there is no file " + path, e);
        } catch (ZipException e) {
            throw new BackupException(path + " is no backup, or only a part of one: " + e.getMessage(), e);
        } catch (IOException e) {
            throw new BackupException(path + " cannot be read: " + e.getMessage(), e);
        }
        boolean opened = false;
        try {
            BackupFile backup = new BackupFile(path, zip, Manifest.parse(manifestOf(zip)));
            opened = true;
            return backup;
        } catch (IOException e) {
            throw new BackupException(path + " cannot be read: " + e.getMessage(), e);
        } catch (BackupException e) {
            throw new BackupException(path + " cannot be used: " + e.getMessage(), e);
        } finally {
            if (!opened) {
                closeQuietly(zip);
            }
        }
    }

    private static byte[] manifestOf(ZipFile zip) throws IOException, BackupException {
        ZipEntry entry = zip.getEntry(MANIFEST);
        if (entry == null) {
            throw new BackupException("it has no " + MANIFEST + ", so it is no backup of a Tradewind");
        }
        try (InputStream in = zip.getInputStream(entry)) {
            byte[] bytes = in.readNBytes(MAX_MANIFEST_BYTES + 1);
            if (bytes.length > MAX_MANIFEST_BYTES) {
                throw new BackupException("its manifest is larger than " + MAX_MANIFEST_BYTES + " bytes");
            }
            return bytes;
        }
    }

    public Manifest manifest() {
        return manifest;
    }

    /**
     * Reads a whole snapshot, and checks every byte of it twice: against the manifest, and as what it is.
     *
     * @param sink what it was given counts only when this returns
     */
    public SnapshotInfo read(Manifest.Item item, SnapshotSink sink) throws BackupException {
        MessageDigest digest = sha256();
        try (DigestInputStream in = open(item, digest)) {
            SnapshotInfo info = DirectorySnapshotStore.read(item.id(), in, sink);
            compare(item, in, digest);
            return info;
        } catch (DamagedSnapshotException e) {
            throw damaged(item, e.getMessage(), e);
        } catch (IOException e) {
            throw damaged(item, e.getMessage(), e);
        }
    }

    /** Puts a snapshot into a new file, and sees to it that it is there after a power cut. */
    void copy(Manifest.Item item, Path target) throws BackupException, IOException {
        MessageDigest digest = sha256();
        try (DigestInputStream in = open(item, digest)) {
            PrivateFiles.copy(in, target);
            compare(item, in, digest);
        }
    }

    private DigestInputStream open(Manifest.Item item, MessageDigest digest) throws IOException, BackupException {
        ZipEntry entry = zip.getEntry(item.entry());
        if (entry == null) {
            throw damaged(item, "it is missing", null);
        }
        return new DigestInputStream(zip.getInputStream(entry), digest);
    }

    private void compare(Manifest.Item item, InputStream in, MessageDigest digest) throws IOException, BackupException {
        byte[] rest = new byte[BUFFER_BYTES];
        while (in.read(rest) >= 0) {
            // What nobody has read belongs to the sum all the same.
        }
        String found = HexFormat.of().formatHex(digest.digest());
        if (!found.equals(item.sha256())) {
            throw damaged(item, "its SHA-256 is " + found + ", the manifest says " + item.sha256(), null);
        }
    }

    private BackupException damaged(Manifest.Item item, String what, Throwable cause) {
        return new BackupException(
                path + " is damaged: snapshot " + item.name() + " of partition " + item.partition() + ": " + what,
                cause);
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private static void closeQuietly(ZipFile zip) {
        try {
            zip.close();
        } catch (IOException e) {
            // It was only read; the failure that counts is on its way.
            return;
        }
    }

    @Override
    public void close() {
        closeQuietly(zip);
    }
}
