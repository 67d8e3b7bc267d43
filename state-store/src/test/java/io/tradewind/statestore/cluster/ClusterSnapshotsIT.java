package io.tradewind.statestore.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Where members of a cluster may keep snapshots: where the next owner of a partition finds them. */
@Timeout(300)
class ClusterSnapshotsIT {

    private static final int WRONG_CONFIGURATION = 2;

    @TempDir
    Path directory;

    private StoreCluster cluster;

    @BeforeEach
    void open() {
        cluster = new StoreCluster(directory, "cluster-snapshots");
    }

    @AfterEach
    void close() {
        cluster.close();
    }

    @Test
    void shouldRefuseToKeepThemOnADiskOfItsOwn() throws Exception {
        Path log = directory.resolve("refused.log");
        Process process = cluster.launch(
                log,
                "state-store.snapshots.store=directory",
                "state-store.snapshots.directory=" + directory.resolve("snapshots"));
        try {
            assertTrue(process.waitFor(Waiting.LIMIT_S, TimeUnit.SECONDS), "it ends");
            String said = Files.readString(log);
            assertEquals(WRONG_CONFIGURATION, process.exitValue(), said);
            assertTrue(said.contains("state-store.snapshots.store = directory"), said);
            assertTrue(said.contains("state-store.snapshots.shared"), said);
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void shouldKeepThemInAFolderThatAllOfThemSee() {
        StoreProcess store = cluster.start(
                "state-store.snapshots.store=directory",
                "state-store.snapshots.directory=" + directory.resolve("snapshots"),
                "state-store.snapshots.shared=true");
        cluster.untilSpreadOver(store);
    }
}
