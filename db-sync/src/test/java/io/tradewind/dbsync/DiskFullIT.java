package io.tradewind.dbsync;

import static io.tradewind.dbsync.Await.until;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.tradewind.contracts.state.CommittedTransaction;
import io.tradewind.embeddedservers.EmbeddedPostgres;
import io.tradewind.embeddedservers.SharedServers;
import io.tradewind.servicekit.CheckResult.Status;
import io.tradewind.servicekit.ServiceKit;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The disk of Postgres is full, and has room again later. Needs a machine that allows to mount a small disk. */
@Timeout(240)
class DiskFullIT {

    private static final int PARTITION = 0;
    private static final int ORDERS = 30_000;
    private static final int ORDERS_PER_COMMIT = 500;

    @TempDir
    private Path directory;

    @Test
    void shouldWriteEverythingOnceWhenThereIsRoomAgain() throws Exception {
        Path disk = Files.createDirectory(directory.resolve("disk"));
        assumeTrue(
                run("mount", "-t", "tmpfs", "-o", "size=192m", "tmpfs", disk.toString()) == 0,
                "skipped: this user may not mount a small disk");
        SharedServers.flushRedis();
        try (EmbeddedPostgres postgres =
                EmbeddedPostgres.start(EmbeddedPostgres.Options.in(Files.createDirectory(disk.resolve("postgres")))
                        .withSyncOnCreate(false))) {
            try (TestBed bed = new TestBed(SharedServers.redis().uri(), postgres.createDatabase("small_disk"))) {
                ServiceKit kit = bed.start();
                bed.append(PARTITION, TestLog.tx(1, TestLog.order("A", "first", "accepted", "0")));
                until("it follows", () -> bed.offset(PARTITION) == 1);
                Path ballast = disk.resolve("ballast");
                fill(ballast);

                append(bed);
                until(
                        "the disk is full",
                        () -> TestBed.checks(kit).get("postgres").status() == Status.DOWN);
                assertTrue(TestBed.counter(kit, "tradewind.dbsync.postgres.errors") >= 1);

                Files.delete(ballast);
                // A server that could not write its log has ended; one that could not write rows has not.
                postgres.restart();
                until("all written", () -> bed.offset(PARTITION) == 1 + ORDERS / ORDERS_PER_COMMIT);
                assertEquals(1 + ORDERS, bed.count("orders"));
                assertEquals(0, bed.count("dead_letters"), "no row is to blame");
                bed.assertArchiveIsTheLog(PARTITION);
                assertEquals(
                        List.of((1 + ORDERS) + "|" + (1 + ORDERS)),
                        bed.query("SELECT count(*), count(DISTINCT (version, ordinal)) FROM state_changes"),
                        "no change is in the audit twice");
            }
        } finally {
            run("umount", "-l", disk.toString());
        }
    }

    private static void append(TestBed bed) {
        for (int commit = 0; commit < ORDERS / ORDERS_PER_COMMIT; commit++) {
            List<io.tradewind.contracts.state.Mutation> orders = new ArrayList<>();
            for (int i = 0; i < ORDERS_PER_COMMIT; i++) {
                orders.add(TestLog.order("A", "o" + (commit * ORDERS_PER_COMMIT + i), "accepted", "0"));
            }
            CommittedTransaction tx = TestLog.tx(2 + commit, orders);
            bed.append(PARTITION, tx);
        }
    }

    /** Until nothing goes in any more. */
    private static void fill(Path ballast) throws IOException {
        byte[] block = new byte[256 * 1024];
        try (OutputStream out = Files.newOutputStream(ballast)) {
            while (true) {
                out.write(block);
            }
        } catch (IOException full) {
            assertTrue(full.getMessage().contains("No space left"), full::toString);
        }
    }

    private static int run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertTrue(process.waitFor(60, TimeUnit.SECONDS), () -> List.of(command) + " ends in time");
        return process.exitValue();
    }
}
