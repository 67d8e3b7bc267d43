package io.tradewind.allinone.datadir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataDirectoryTest {

    @TempDir
    private Path temp;

    @Test
    void shouldCreateADirectoryThatNobodyElseCanLookInto() throws Exception {
        Path root = temp.resolve("a b/data");
        try (DataDirectory directory = DataDirectory.open(root, "1.2.3")) {
            assertEquals(root.toAbsolutePath(), directory.root());
            Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(root);
            assertFalse(permissions.contains(PosixFilePermission.OTHERS_READ));
            assertFalse(permissions.contains(PosixFilePermission.GROUP_READ));
            assertFalse(permissions.contains(PosixFilePermission.OTHERS_WRITE));
            assertEquals("format=1\npartitions=16\ncreated_by=1.2.3\n", Files.readString(root.resolve("VERSION")));
        }
    }

    @Test
    void shouldOpenItAgainAfterClose() throws Exception {
        DataDirectory.open(temp, "1.0.0").close();
        try (DataDirectory again = DataDirectory.open(temp, "2.0.0")) {
            assertTrue(Files.readString(again.root().resolve("VERSION")).contains("created_by=1.0.0"));
        }
    }

    @Test
    void shouldNameTheProcessThatRunsOnIt() throws Exception {
        try (DataDirectory first = DataDirectory.open(temp, "1.0.0")) {
            String message = refusal();
            assertTrue(message.contains("already running on " + first.root()), message);
            assertTrue(message.contains("(pid " + ProcessHandle.current().pid() + ")"), message);
        }
    }

    @Test
    void shouldRefuseAnotherFormatAndAnotherNumberOfPartitions() throws Exception {
        Files.writeString(temp.resolve("VERSION"), "format=2\npartitions=16\ncreated_by=9.0.0\n");
        assertTrue(refusal().contains("format 2"));
        assertTrue(refusal().contains("created by version 9.0.0"));
        Files.writeString(temp.resolve("VERSION"), "format=1\npartitions=32\n");
        assertTrue(refusal().contains("partitions 32"));
        Files.writeString(temp.resolve("VERSION"), "\u0000garbage");
        assertTrue(refusal().contains("format (missing)"));
    }

    @Test
    void shouldRefuseDataOfUnknownFormat() throws IOException {
        Files.createDirectory(temp.resolve("redis"));
        assertTrue(refusal().contains("no VERSION file"));
    }

    @Test
    void shouldSayInOneSentenceThatAFileIsNoDirectory() throws IOException {
        Path file = Files.writeString(temp.resolve("file"), "x");
        String message = assertThrows(DataDirectoryException.class, () -> DataDirectory.open(file, "1.0.0"))
                .getMessage();
        assertTrue(message.startsWith("cannot use the data directory " + file), message);
        assertFalse(message.contains("\n"), message);
    }

    private String refusal() {
        return assertThrows(DataDirectoryException.class, () -> DataDirectory.open(temp, "1.0.0"))
                .getMessage();
    }
}
