package io.tradewind.allinone.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tradewind.contracts.state.Domains;
import io.tradewind.contracts.state.LogKeys;
import io.tradewind.contracts.state.Partitions;
import io.tradewind.embeddedservers.EmbeddedRedis;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The commands about the state, with snapshots as they are written and a gateway that gives canned answers. */
@Timeout(180)
class StateCliIT {

    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private Path temp;

    private StateBed bed;

    @BeforeEach
    void start() throws Exception {
        bed = new StateBed(temp);
    }

    @AfterEach
    void stop() throws Exception {
        bed.close();
    }

    // ---------------------------------------------------------------- usage, compress, cleanup, verify

    @Test
    void shouldSumUpTheUsagePerDomainAndPerPartition() {
        bed.answer(
                "usage",
                p -> "{\"partition\":" + p + ",\"version\":" + (100 + p) + ",\"domains\":{\"order\":"
                        + "{\"entities\":2,\"cold\":1,\"bytes\":512,\"heap_bytes\":1024}"
                        + (p == 3 ? ",\"position\":{\"entities\":1,\"cold\":0,\"bytes\":10,\"heap_bytes\":100}" : "")
                        + "},\"heap_bytes\":" + (p == 3 ? 1124 : 1024) + "}");

        assertEquals(ExitCode.OK, bed.run("usage"), bed.stderr());
        assertEquals("""
                DOMAIN    ENTITIES  COLD     BYTES      HEAP
                order           32    16  8.00 KiB  16.0 KiB
                position         1     0      10 B     100 B
                total           33    16  8.01 KiB  16.1 KiB
                """, bed.stdout());

        assertEquals(ExitCode.OK, bed.run("usage", "--partitions"), bed.stderr());
        assertTrue(bed.stdout().contains("PARTITION  VERSION  ENTITIES  COLD  BYTES      HEAP\n"), bed.stdout());
        assertTrue(bed.stdout().contains("\n        3      103         3     1  522 B  1.10 KiB\n"), bed.stdout());

        assertEquals(ExitCode.OK, bed.run("usage", "--json"), bed.stderr());
        assertEquals(Partitions.COUNT, bed.stdout().lines().count());
    }

    @Test
    void shouldSayWhatCompressingAndCleaningUpDid() {
        bed.answer(
                "compress",
                p -> "{\"partition\":" + p + ",\"packed\":10,\"heap_bytes_before\":4096,\"heap_bytes\":1024}");
        bed.answer("cleanup", p -> "{\"partition\":" + p + ",\"removed\":" + p + ",\"left\":5}");

        assertEquals(ExitCode.OK, bed.run("compress"), bed.stderr());
        assertEquals(
                "160 entities compressed; they and the others take 16.0 KiB of memory now, before it were 64.0 KiB.\n",
                bed.stdout());
        assertEquals(ExitCode.OK, bed.run("cleanup"), bed.stderr());
        assertEquals("120 entities removed, 80 left.\n", bed.stdout());
    }

    @Test
    void shouldFailWhenOnePartitionDoesAndShowTheOthers() {
        bed.answer(
                "cleanup",
                p -> p == 7
                        ? "{\"partition\":7,\"error\":{\"code\":50310000,\"message\":\"partition 7 is not served now\"}}"
                        : "{\"partition\":" + p + ",\"removed\":1,\"left\":5}");

        assertEquals(ExitCode.FAILED, bed.run("cleanup"));
        assertEquals("15 entities removed, 75 left.\n", bed.stdout());
        assertEquals(
                "tradewind: cleanup did not work on 1 of 16 partitions; partition 7: partition 7 is not served now\n",
                bed.stderr());
    }

    @Test
    void shouldTakeAnAnswerThatBrokeOffForNoResult() {
        bed.answer("usage", p -> p > 4 ? "" : "{\"partition\":" + p + "}");
        bed.answer("cleanup", p -> p > 4 ? "" : "{\"partition\":" + p + "}");

        assertEquals(ExitCode.UNREACHABLE, bed.run("usage"));
        assertTrue(bed.stderr().contains("broke off after 5 of 16 partitions"), bed.stderr());
        assertEquals(ExitCode.UNKNOWN, bed.run("cleanup"), "what the others did nobody knows");
        assertEquals("", bed.stdout());
    }

    @Test
    void shouldEndWithOneWhenARunningPartitionDiffers() {
        bed.answer(
                "verify",
                p -> "{\"partition\":" + p + ",\"version\":9,\"entities\":4,\"snapshot_version\":5,"
                        + "\"hash\":\"ab\",\"ok\":" + (p != 2)
                        + (p == 2 ? ",\"problem\":\"other fingerprint\"}" : "}"));

        assertEquals(ExitCode.FAILED, bed.run("verify"));
        assertTrue(
                bed.stdout()
                        .startsWith(
                                "PARTITION  VERSION  ENTITIES  SNAPSHOT  RESULT\n        0        9         4         5  ok\n"),
                bed.stdout());
        assertTrue(bed.stdout().contains("        2        9         4         5  other fingerprint\n"), bed.stdout());
        assertEquals(
                "tradewind: 1 of 16 partitions are not as they should be; partition 2, version 9: other fingerprint\n",
                bed.stderr());
    }

    @Test
    void shouldShowProgressToPeopleOnly() {
        bed.answer("cleanup", p -> "{\"partition\":" + p + ",\"removed\":1,\"left\":5}");
        assertEquals(ExitCode.OK, bed.run("cleanup"));
        assertEquals("", bed.stderr());

        assertEquals(ExitCode.OK, bed.runWatched("cleanup"));
        assertTrue(
                bed.stderr().contains("\r\u001b[KCleaning up [################................] 8/16"), bed.stderr());
        assertTrue(bed.stderr().endsWith("\r\u001b[K"), "the bar goes when the work is done");
        assertEquals("16 entities removed, 80 left.\n", bed.stdout(), "none of it where the result is");
    }

    // ---------------------------------------------------------------- backup

    @Test
    void shouldPutTheSnapshotsOfEveryPartitionIntoOneFile() throws IOException {
        bed.snapshots(40);
        Path file = temp.resolve("b.zip");

        assertEquals(ExitCode.OK, bed.run("backup", file.toString()), bed.stderr());
        assertTrue(bed.stdout().startsWith("Backup: " + file + ", "), bed.stdout());
        assertEquals(ExitCode.OK, bed.run("verify", file.toString()), bed.stderr());
        assertEquals(Partitions.COUNT + 1, bed.stdout().lines().count());
        assertFalse(bed.stdout().lines().skip(1).anyMatch(line -> !line.endsWith("  ok")), bed.stdout());

        byte[] before = Files.readAllBytes(file);
        assertEquals(ExitCode.FAILED, bed.run("backup", file.toString()));
        assertTrue(bed.stderr().contains("exists already"), bed.stderr());
        assertEquals(-1, Arrays.mismatch(before, Files.readAllBytes(file)));
    }

    @Test
    void shouldLeaveNothingBehindWhenASnapshotIsDamagedOrMissing() throws IOException {
        bed.snapshots(40);
        bed.damage(6);
        assertEquals(ExitCode.FAILED, bed.run("backup", "b.zip"));
        assertTrue(bed.stderr().contains("is damaged: snapshot"), bed.stderr());
        assertEquals(1, bed.stderr().lines().count(), bed.stderr());

        Files.delete(bed.snapshot(6));
        assertEquals(ExitCode.FAILED, bed.run("backup", "b.zip"));
        assertTrue(bed.stderr().contains("of partition 6 is not there"), bed.stderr());
        try (Stream<Path> left = Files.list(temp)) {
            assertFalse(left.anyMatch(path -> path.getFileName().toString().startsWith("b.zip")));
        }
    }

    @Test
    void shouldKeepTheNewestBackupsOfAFolder() throws IOException {
        bed.snapshots(40);
        Path folder = Files.createDirectory(temp.resolve("backups"));
        for (String old : List.of("20200101T000000Z", "20210101T000000Z", "20220101T000000Z")) {
            Files.writeString(folder.resolve("tradewind-" + old + ".zip"), "old");
        }
        Files.writeString(folder.resolve("tradewind-mine.zip"), "not by time");

        assertEquals(ExitCode.OK, bed.run("backup", "backups", "--keep", "2", "--json"), bed.stderr());
        JsonNode told = JSON.readTree(bed.stdout());
        assertEquals(2, told.path("deleted").size(), bed.stdout());
        assertTrue(Files.exists(Path.of(told.path("file").asText())));
        assertTrue(Files.exists(folder.resolve("tradewind-20220101T000000Z.zip")));
        assertFalse(Files.exists(folder.resolve("tradewind-20210101T000000Z.zip")));
        assertTrue(Files.exists(folder.resolve("tradewind-mine.zip")));

        assertEquals(ExitCode.USAGE, bed.run("backup", "b.zip", "--keep", "2"));
        assertEquals(ExitCode.USAGE, bed.run("backup", "backups", "--keep", "0"));
    }

    // ---------------------------------------------------------------- restore

    @Test
    void shouldRestoreIntoANewDirectory() throws Exception {
        bed.snapshots(40);
        bed.run("backup", "b.zip");

        assertEquals(ExitCode.OK, bed.runOn("fresh", "restore", "b.zip"), bed.stderr());
        assertEquals(heads(40), heads(temp.resolve("fresh")));
        assertEquals(ExitCode.OK, bed.runOn("fresh", "verify"), bed.stderr());
        assertEquals(Partitions.COUNT + 1, bed.stdout().lines().count(), bed.stdout());
        assertFalse(Files.exists(temp.resolve("fresh/RESTORING")));
        assertFalse(Files.exists(temp.resolve("fresh/restoring")));
    }

    @Test
    void shouldMoveAsideWhatThereWasAndOnlyWhenToldTo() throws Exception {
        bed.snapshots(40);
        bed.run("backup", "b.zip");
        Path old = temp.resolve("old");
        assertEquals(ExitCode.OK, bed.runOn("old", "restore", "b.zip"), bed.stderr());
        Files.createDirectories(old.resolve("postgres/cluster"));
        Map<String, String> before = contents(old);

        assertEquals(ExitCode.FAILED, bed.runOn("old", "restore", "b.zip"));
        assertTrue(bed.stderr().contains("holds state already; --replace"), bed.stderr());
        assertEquals(before, contents(old));

        bed.snapshots(41);
        bed.run("backup", "b2.zip");
        assertEquals(ExitCode.OK, bed.runOn("old", "restore", "b2.zip", "--replace", "--json"), bed.stderr());
        assertEquals(heads(41), heads(old));
        Path aside = Path.of(JSON.readTree(bed.stdout()).path("replaced").asText());
        assertTrue(
                Files.isDirectory(aside.resolve("postgres/cluster")), "rows of another state must not be followed on");
        assertFalse(Files.exists(old.resolve("postgres")));
        assertEquals(heads(40), heads(aside));
    }

    @Test
    void shouldRefuseADamagedBackupBeforeAnythingIsTouched() throws Exception {
        bed.snapshots(40);
        bed.run("backup", "b.zip");
        bed.runOn("old", "restore", "b.zip");
        Map<String, String> before = contents(temp.resolve("old"));
        byte[] good = Files.readAllBytes(temp.resolve("b.zip"));
        Path bad = temp.resolve("bad.zip");

        for (int at = 0; at < good.length; at += Math.max(1, good.length / 97)) {
            byte[] flipped = good.clone();
            flipped[at] ^= 0x10;
            Files.write(bad, flipped);
            int exitCode = bed.runOn("old", "restore", "bad.zip", "--replace");
            if (exitCode == ExitCode.OK) {
                // A time or an attribute of the zip format itself, which says nothing of what is in it.
                assertEquals(heads(40), heads(temp.resolve("old")), "byte " + at);
                before = contents(temp.resolve("old"));
                continue;
            }
            assertEquals(ExitCode.FAILED, exitCode, "byte " + at + ": " + bed.stderr());
            assertEquals(1, bed.stderr().lines().count(), bed.stderr());
            assertEquals(before, contents(temp.resolve("old")), "byte " + at);
        }
        for (int length : new int[] {0, 1, good.length / 2, good.length - 1}) {
            Files.write(bad, Arrays.copyOf(good, length));
            assertEquals(ExitCode.FAILED, bed.runOn("old", "restore", "bad.zip", "--replace"));
            assertEquals(before, contents(temp.resolve("old")), length + " bytes");
        }
        assertEquals(ExitCode.FAILED, bed.runOn("old", "restore", "none.zip", "--replace"));
        assertTrue(bed.stderr().contains("there is no file"), bed.stderr());
        assertEquals(ExitCode.FAILED, bed.runOn("unborn", "restore", "bad.zip"));
        assertFalse(Files.exists(temp.resolve("unborn")));
    }

    @Test
    void shouldMendARestoreThatWasInterrupted() throws Exception {
        bed.snapshots(40);
        bed.run("backup", "b.zip");
        bed.runOn("old", "restore", "b.zip");
        Path old = temp.resolve("old");
        // As a crash leaves it between moving aside and putting in place.
        Files.writeString(old.resolve("RESTORING"), "");
        Files.move(old.resolve("redis"), temp.resolve("gone"));
        Files.createDirectories(old.resolve("restoring/redis"));

        assertEquals(ExitCode.FAILED, bed.runOn("old", "verify"));
        assertTrue(bed.stderr().contains("was interrupted"), bed.stderr());
        assertEquals(ExitCode.OK, bed.runOn("old", "restore", "b.zip", "--replace"), bed.stderr());
        assertEquals(heads(40), heads(old));
        assertEquals(ExitCode.OK, bed.runOn("old", "verify"), bed.stderr());
    }

    @Test
    void shouldNotTouchADirectoryInUseNorStateThatLiesElsewhere() throws Exception {
        bed.snapshots(40);
        bed.run("backup", "b.zip");

        assertEquals(ExitCode.FAILED, bed.run("restore", "b.zip", "--replace"));
        assertTrue(bed.stderr().contains("already running"), bed.stderr());
        assertEquals(
                ExitCode.USAGE, bed.runOn("fresh", "restore", "b.zip", "--set", "redis.uri=redis://127.0.0.1:6379"));
        assertTrue(bed.stderr().contains("redis.uri is set"), bed.stderr());
        assertFalse(Files.exists(temp.resolve("fresh")));
    }

    // ---------------------------------------------------------------- verify and migrate, where nothing runs

    @Test
    void shouldSayWhichSnapshotsAreGood() throws Exception {
        bed.snapshots(40);
        bed.run("backup", "b.zip");
        bed.runOn("still", "restore", "b.zip");
        Path damaged = temp.resolve("still/snapshots/05/0000000000000000045.snapshot");
        byte[] bytes = Files.readAllBytes(damaged);
        bytes[bytes.length / 2] ^= 1;
        Files.write(damaged, bytes);

        assertEquals(ExitCode.FAILED, bed.runOn("still", "verify"));
        assertTrue(
                bed.stderr()
                        .startsWith(
                                "tradewind: 1 of 16 snapshots are not as they should be; partition 5, version 45: "),
                bed.stderr());
        assertEquals(
                15, bed.stdout().lines().filter(line -> line.endsWith("  ok")).count(), bed.stdout());
        assertTrue(Files.exists(damaged), "it is only looked at");

        assertEquals(ExitCode.FAILED, bed.runOn("still", "verify", "--json"));
        assertEquals(Partitions.COUNT, bed.stdout().lines().count());
        assertEquals(ExitCode.UNREACHABLE, bed.runOn("nowhere", "verify"));
        assertFalse(Files.exists(temp.resolve("nowhere")));
    }

    @Test
    void shouldShowWhatMigrationsWouldChangeAndWriteNothing() throws Exception {
        bed.snapshots(40);
        bed.run("backup", "b.zip");
        bed.runOn("still", "restore", "b.zip");
        Map<String, String> before = contents(temp.resolve("still"));

        assertEquals(ExitCode.OK, bed.runOn("still", "migrate", "--dry-run"), bed.stderr());
        String found = bed.stdout();
        assertTrue(
                found.startsWith("48 documents; 16 would change, 0 cannot be migrated. Nothing was written.\n"), found);
        assertTrue(found.contains(Domains.POSITION + ": 16 documents, schema version 3"), found);
        assertEquals(before, contents(temp.resolve("still")));
        assertEquals(ExitCode.OK, bed.run("migrate", "--dry-run", "b.zip", "--json"), bed.stderr());
        assertEquals(16, JSON.readTree(bed.stdout()).path("changed").asInt(), bed.stdout());

        assertEquals(ExitCode.FAILED, bed.run("migrate", "--dry-run"));
        assertTrue(bed.stderr().contains("is running"), bed.stderr());
        assertEquals(ExitCode.USAGE, bed.runOn("still", "migrate"));
    }

    /** Version of each head when the snapshots begin with this version. */
    private static Map<Integer, Long> heads(long first) {
        Map<Integer, Long> heads = new TreeMap<>();
        for (int p = 0; p < Partitions.COUNT; p++) {
            heads.put(p, first + p);
        }
        return heads;
    }

    /** What the Redis of a data directory says, which must have no log entry. */
    private static Map<Integer, Long> heads(Path data) throws Exception {
        Map<Integer, Long> heads = new TreeMap<>();
        Vertx vertx = Vertx.vertx();
        try (EmbeddedRedis server = EmbeddedRedis.start(EmbeddedRedis.Options.in(data.resolve("redis")))) {
            Redis redis = Redis.createClient(vertx, server.uri());
            for (int p = 0; p < Partitions.COUNT; p++) {
                heads.put(
                        p,
                        ask(
                                        redis,
                                        Request.cmd(Command.HGET)
                                                .arg(LogKeys.head(p))
                                                .arg("version"))
                                .toLong());
                assertEquals(
                        0,
                        ask(redis, Request.cmd(Command.XLEN).arg(LogKeys.log(p)))
                                .toLong());
            }
            assertEquals(
                    LogKeys.FORMAT_VERSION,
                    ask(redis, Request.cmd(Command.GET).arg(LogKeys.FORMAT)).toInteger());
            redis.close();
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
        }
        return heads;
    }

    private static Response ask(Redis redis, Request request) throws Exception {
        return redis.send(request).toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
    }

    /** Every file with its bytes, but for the lock, which says who came last. */
    private static Map<String, String> contents(Path folder) throws IOException {
        Map<String, String> contents = new TreeMap<>();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.toList()) {
                if (Files.isRegularFile(file) && !file.endsWith("tradewind.lock")) {
                    contents.put(
                            folder.relativize(file).toString(),
                            file.toFile().length() + " bytes, " + Arrays.hashCode(Files.readAllBytes(file)));
                }
            }
        }
        return contents;
    }
}
