package io.tradewind.allinone.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tradewind.contracts.state.Partitions;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The commands about Postgres, with a gateway that gives canned answers. */
@Timeout(180)
class SyncCliIT {

    @TempDir
    private Path temp;

    private StateBed bed;

    @BeforeEach
    void start() throws Exception {
        bed = new StateBed(temp);
    }

    @AfterEach
    void stop() {
        bed.close();
    }

    private static String status(int partition, String fault, String catchUp, String trouble) {
        return "{\"partition\":" + partition
                + ",\"offset\":90,\"head\":100,\"lag_versions\":10,\"lag_ms\":42,\"fault\":"
                + fault + ",\"dead_letters\":" + (partition == 2 ? 3 : 0)
                + ",\"sync\":{\"lag_versions\":160,\"interval_ms\":100,\"rows_per_second\":1234.6,\"last_batch\":"
                + "{\"transactions\":50,\"changes\":80,\"rows\":40,\"statements\":9},\"errors\":2,\"trouble\":"
                + trouble
                + ",\"dead_letters\":3,\"catch_up\":" + catchUp + "}}";
    }

    @Test
    void shouldShowTheLagPerPartitionAndWhatIsCommon() {
        bed.answer("sync", "status", p -> status(p, "null", "null", "null"));

        assertEquals(ExitCode.OK, bed.sync("status"), bed.stderr());

        assertTrue(bed.stdout().startsWith("""
                                PARTITION  POSTGRES  LOG  LAG  LAG MS  DEAD LETTERS  STATE
                                        0        90  100   10      42             0  follows
                                """), bed.stdout());
        assertTrue(
                bed.stdout()
                        .contains("Interval 100 ms; last batch: 50 transactions, 80 changes, 40 rows in 9 statements;"
                                + " 1235 rows/s, 2 errors since the start.\n"
                                + "3 changes did not fit their tables"),
                bed.stdout());
        assertEquals(ExitCode.OK, bed.sync("status", "--json"), bed.stderr());
        assertEquals(Partitions.COUNT, bed.stdout().lines().count());
    }

    @Test
    void shouldShowCatchingUpAndWhatIsAwayAndFailForAPartitionThatStandsStill() {
        bed.answer(
                "sync",
                "status",
                p -> status(
                        p,
                        p == 4 ? "\"partition 4: the log was trimmed\"" : "null",
                        "{\"since\":\"2026-01-31T09:30:00Z\",\"written\":30,\"remaining\":70,\"percent\":30}",
                        "\"Postgres: refused\""));

        assertEquals(ExitCode.FAILED, bed.sync("status"));

        assertEquals("tradewind: partition 4: the log was trimmed\n", bed.stderr());
        assertTrue(bed.stdout().contains("  stands still\n"), bed.stdout());
        assertTrue(bed.stdout().contains("Nothing is written now: Postgres: refused\n"), bed.stdout());
        assertTrue(
                bed.stdout()
                        .contains("Catching up since 2026-01-31T09:30:00Z: 30 %, 30 transactions written, 70 to go.\n"),
                bed.stdout());
    }

    @Test
    void shouldPrintDifferencesAndEndWithOne() {
        bed.answer(
                "sync",
                "verify",
                p -> "{\"partition\":" + p + ",\"entities\":10,\"differences\":" + (p == 1 ? 3 : 0) + ",\"found\":["
                        + (p == 1 ? "{\"entity\":\"order/alice/o1\",\"problem\":\"is not in orders\"}" : "") + "]}");

        assertEquals(ExitCode.FAILED, bed.sync("verify"));

        assertEquals("""
                PARTITION  ENTITY          PROBLEM
                        1  order/alice/o1  is not in orders
                        1  …               2 more
                """, bed.stdout());
        assertEquals(
                "tradewind: Postgres differs from the state in 3 of 160 entities; ./tradewind sync rebuild writes the rows"
                        + " anew\n",
                bed.stderr());

        bed.answer("sync", "verify", p -> "{\"partition\":" + p + ",\"entities\":10,\"differences\":0,\"found\":[]}");
        assertEquals(ExitCode.OK, bed.sync("verify"), bed.stderr());
        assertEquals("160 entities compared, 0 differences.\n", bed.stdout());
    }

    @Test
    void shouldSumUpWhatWasDone() {
        bed.answer("sync", "flush", p -> "{\"partition\":" + p + ",\"version\":9}");
        bed.answer(
                "sync",
                "rebuild",
                p -> "{\"partition\":" + p + ",\"version\":9,\"entities\":10,\"removed\":1,\"skipped\":2}");
        bed.answer("sync", "replay", p -> "{\"partition\":" + p + ",\"replayed\":2,\"outdated\":1,\"left\":0}");

        assertEquals(ExitCode.OK, bed.sync("flush"), bed.stderr());
        assertEquals("Postgres has everything that was in the logs of 16 partitions.\n", bed.stdout());
        assertEquals(ExitCode.OK, bed.sync("rebuild"), bed.stderr());
        assertEquals(
                "160 entities written, 16 rows removed that the state does not have, 32 versions of the logs passed over.\n",
                bed.stdout());
        assertEquals(ExitCode.OK, bed.sync("replay"), bed.stderr());
        assertEquals(
                "32 changes replayed, 16 dropped because they were deleted meanwhile, 0 still do not fit.\n",
                bed.stdout());
    }

    @Test
    void shouldFailWhenNobodyFollowsTheLogs() {
        bed.answer(
                "sync",
                "flush",
                p -> "{\"partition\":" + p
                        + ",\"error\":{\"code\":50310000,\"message\":\"db-sync cannot be reached right now; try again\"}}");

        assertEquals(ExitCode.FAILED, bed.sync("flush"));
        assertTrue(bed.stderr().contains("flush did not work on 16 of 16 partitions"), bed.stderr());
    }
}
