package io.tradewind.statestore.snapshot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A disk of 1 MiB in a mount namespace of its own, where this machine allows one. */
@Timeout(120)
class DirectorySnapshotStoreFaultIT {

    private static final String MOUNT = "mount -t tmpfs -o size=1m tmpfs \"$1\"";
    private static final int MAX_SECONDS = 60;

    @TempDir
    Path temporary;

    @Test
    void shouldLeaveNothingBehindOnAFullDisk() throws Exception {
        Path disk = Files.createDirectory(temporary.resolve("disk"));
        assumeTrue(run(List.of("unshare", "-m", "sh", "-c", MOUNT, "sh", disk.toString())) == 0, "may not mount");
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        String script = MOUNT + " && exec \"$2\" -cp \"$3\" " + FullDiskMain.class.getName() + " \"$1\"";
        int exit = run(List.of(
                "unshare",
                "-m",
                "sh",
                "-c",
                script,
                "sh",
                disk.toString(),
                java,
                System.getProperty("java.class.path")));
        List<String> said = Files.readAllLines(output()).stream()
                .filter(line -> !line.contains(" DEBUG ") && !line.contains(" INFO "))
                .toList();
        assertEquals(0, exit, said::toString);
        assertEquals(4, said.size(), said::toString);
        assertTrue(said.get(0).startsWith("refused: snapshot " + disk), said::toString);
        assertTrue(said.get(0).contains(".snapshot cannot be written: "), said::toString);
        assertTrue(said.get(0).contains("No space left on device"), said::toString);
        assertEquals(List.of("nothing left", "the old one is whole", "the next one is whole"), said.subList(1, 4));
    }

    private Path output() {
        return temporary.resolve("output");
    }

    private int run(List<String> command) throws InterruptedException {
        Process process;
        try {
            process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(output().toFile())
                    .start();
        } catch (IOException e) {
            return -1;
        }
        try {
            assertTrue(process.waitFor(MAX_SECONDS, TimeUnit.SECONDS), "ends in time");
            return process.exitValue();
        } finally {
            process.destroyForcibly();
        }
    }
}
