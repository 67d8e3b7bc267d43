package io.tradewind.statestore.snapshot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.github.luben.zstd.Zstd;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class DirectorySnapshotStoreTest extends SnapshotStoreContract {

    @TempDir
    Path temporary;

    private Path directory;
    private Path folder;
    private DirectorySnapshotStore store;

    @BeforeEach
    void open() throws IOException {
        directory = temporary.resolve("a").resolve("snapshots");
        folder = directory.resolve("03");
        store = DirectorySnapshotStore.open(directory);
    }

    @Override
    SnapshotStore store() {
        return store;
    }

    private List<String> files() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void shouldNameFilesByVersionAndKeepThemToTheirUser() throws Exception {
        write(store, at(4711, 1));
        assertEquals(List.of("0000000000000004711.snapshot"), files());
        assertEquals("rwx------", mode(directory));
        assertEquals("rwx------", mode(folder));
        assertEquals("rw-------", mode(folder.resolve("0000000000000004711.snapshot")));
    }

    private static String mode(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    @Test
    void shouldSetAsideUnderAnotherNameWithTheReasonBesideIt() throws Exception {
        SnapshotId id = write(store, at(5, 1));
        store.setAside(id, "its checksum is wrong");
        assertEquals(List.of("0000000000000000005.snapshot.damaged", "0000000000000000005.snapshot.reason"), files());
        Path reason = folder.resolve("0000000000000000005.snapshot.reason");
        assertEquals("its checksum is wrong\n", Files.readString(reason));
        assertEquals("rw-------", mode(reason));
    }

    @Test
    void shouldKeepOnlyTheLatestOfTheDamaged() throws Exception {
        for (long version = 1; version <= DirectorySnapshotStore.MAX_SET_ASIDE + 5L; version++) {
            store.setAside(write(store, at(version, 1)), "damaged");
        }
        assertEquals(2 * DirectorySnapshotStore.MAX_SET_ASIDE, files().size());
        assertEquals("0000000000000000006.snapshot.damaged", files().get(0));
    }

    @Test
    void shouldDeleteUnfinishedFilesAndNothingElseWhenItIsOpened() throws Exception {
        SnapshotId id = write(store, at(5, 1));
        SnapshotWriter writer = store.create(at(6, 10).info());
        at(6, 10).writeTo(writer);
        Files.writeString(folder.resolve("notes.tmp"), "somebody else's");
        assertEquals(3, files().size());
        // A crash: the writer is never closed.
        store = DirectorySnapshotStore.open(directory);
        assertEquals(List.of("0000000000000000005.snapshot", "notes.tmp"), files());
        assertEquals(List.of(id), store.list(State.PARTITION));
        writer.close();
    }

    @Test
    void shouldLeaveNothingBehindWhenAWriteFails() throws Exception {
        State state = at(6, 10);
        SnapshotWriter writer = store.create(state.info());
        state.writeTo(writer);
        // The rename finds a directory in its place.
        Files.createDirectories(folder.resolve("0000000000000000006.snapshot").resolve("in the way"));
        String message = assertThrows(IOException.class, writer::complete).getMessage();
        assertTrue(message.contains("0000000000000000006.snapshot cannot be written: "), message);
        writer.close();
        assertEquals(List.of("0000000000000000006.snapshot"), files(), "what was in the way");
        assertEquals(List.of(), store.list(State.PARTITION));
    }

    @Test
    void shouldSayWhatIsWrongWithADamagedFile() throws Exception {
        SnapshotId id = write(store, at(5, 1));
        Path file = folder.resolve(id.name());
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length / 2] ^= 1;
        Files.write(file, bytes);
        String message = assertThrows(DamagedSnapshotException.class, () -> State.read(store, id))
                .getMessage();
        assertTrue(message.startsWith("snapshot 0000000000000000005.snapshot of partition 3 has checksum "), message);
        Files.write(file, new byte[0]);
        assertThrows(DamagedSnapshotException.class, () -> State.read(store, id));
    }

    @Test
    void shouldRefuseAFileUnderTheNameOfAnother() throws Exception {
        SnapshotId id = write(store, at(5, 1));
        Files.move(folder.resolve(id.name()), folder.resolve("0000000000000000006.snapshot"));
        SnapshotId found = store.list(State.PARTITION).get(0);
        assertEquals(6, found.version());
        assertThrows(DamagedSnapshotException.class, () -> State.read(store, found));
    }

    @Test
    void shouldReadFilesWithoutHeaderBesideItsOwn() throws Exception {
        Files.createDirectories(folder);
        State old = at(40, 100).legacy();
        byte[] lines = old.lines().getBytes(StandardCharsets.UTF_8);
        Files.write(folder.resolve("40.json.zst"), Zstd.compress(lines));
        Files.write(
                folder.resolve("0039.json.gz"), LegacyDecoderTest.gzip(at(39, 3).legacy()));
        Files.writeString(folder.resolve("99999999999999999999.json.gz"), "more than a version");
        Files.writeString(folder.resolve("9999999999999999999.json.gz"), "also");
        Files.writeString(folder.resolve("README"), "also");
        Files.createDirectories(folder.resolve("41.snapshot"));
        SnapshotId own = write(store, at(40, 1));
        List<SnapshotId> found = store.list(State.PARTITION);
        assertEquals(List.of(own.name(), "40.json.zst", "0039.json.gz"), names(found));
        assertEquals(old, State.read(store, found.get(1)));
        assertEquals(at(39, 3).legacy(), State.read(store, found.get(2)));
        store.setAside(found.get(1), "why not");
        store.delete(found.get(2));
        assertEquals(List.of(own), store.list(State.PARTITION));
    }

    private static List<String> names(List<SnapshotId> ids) {
        return ids.stream().map(SnapshotId::name).toList();
    }

    @Test
    void shouldTouchNothingOutsideOfItsDirectory() {
        SnapshotId outside = new SnapshotId(State.PARTITION, 5, "../../5.snapshot", 1);
        assertThrows(IllegalArgumentException.class, () -> store.delete(outside));
        assertThrows(IllegalArgumentException.class, () -> store.list(16));
        assertFalse(Files.exists(folder));
    }
}
