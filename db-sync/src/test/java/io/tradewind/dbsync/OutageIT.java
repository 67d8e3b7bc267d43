package io.tradewind.dbsync;

import static io.tradewind.dbsync.Await.until;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tradewind.contracts.state.CommittedTransaction;
import io.tradewind.contracts.state.LogCodec;
import io.tradewind.embeddedservers.SharedServers;
import io.tradewind.embeddedservers.TcpProxy;
import io.tradewind.embeddedservers.TcpProxy.Fate;
import io.tradewind.servicekit.CheckResult.Status;
import io.tradewind.servicekit.ServiceKit;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Postgres is out of reach while the logs grow by many times what a batch may hold: its connection is silent, then it is
 * refused, then every COMMIT is lost. Defends: what db-sync holds stays within two batches whatever is missing, and
 * afterwards each change has its effect once.
 */
@Timeout(value = 900, unit = TimeUnit.SECONDS)
class OutageIT {

    private static final int PARTITIONS = 4;
    private static final int ENTRY_TRANSACTIONS = 100;
    /** Of each partition, while Postgres is away in one way. */
    private static final int ENTRIES_PER_OUTAGE = 200;

    private static final int MAX_BATCH_TRANSACTIONS = 2_000;
    private static final int MAX_READ_ENTRIES = 16;
    /** The one being written, and the one read ahead. */
    private static final int BATCHES = 2;

    private static final int ROLLED_BACK = 5;
    private static final int ENTITIES = 50;
    private static final byte[] COMMIT = "COMMIT".getBytes(StandardCharsets.US_ASCII);
    /** A simple query message: 'Q', four bytes of length, the text. Commits travel alone. */
    private static final int HEADER_BYTES = 5;

    private final LogCodec codec = new LogCodec();
    private final AtomicInteger lostCommits = new AtomicInteger();
    private volatile boolean losesCommits;
    private String database;
    private TestBed bed;
    private TcpProxy proxy;
    private ServiceKit kit;
    private long version;
    private long largestEntryBytes;
    private long logBytes;

    @BeforeEach
    void open() {
        SharedServers.flushRedis();
        database = SharedServers.freshDatabase();
        bed = new TestBed(SharedServers.redis().uri(), database);
        int postgresPort = URI.create(database).getPort();
        proxy = TcpProxy.to(postgresPort);
        proxy.judge(request -> losesCommits && isCommit(request) ? lost() : Fate.PASS);
        kit = bed.startOn(
                database.replace(":" + postgresPort + "/", ":" + proxy.port() + "/"),
                "db-sync.max-batch-transactions=" + MAX_BATCH_TRANSACTIONS,
                "db-sync.max-read-entries=" + MAX_READ_ENTRIES);
    }

    @AfterEach
    void close() {
        bed.close();
        proxy.close();
        codec.close();
    }

    @Test
    void shouldHoldTwoBatchesHoweverFarBehindAndWriteEverythingOnceAfterwards() throws Exception {
        grow(1);
        awaitWritten();

        proxy.silenceAll();
        grow(ENTRIES_PER_OUTAGE);
        assertHoldsTwoBatches("Postgres is silent");

        proxy.refuse();
        until("Postgres away is seen", () -> check("postgres") == Status.DOWN);
        until("what was being written is let go", () -> gauge("held.bytes") == 0);
        grow(ENTRIES_PER_OUTAGE);
        until("nothing is held that cannot be written", () -> gauge("held.bytes") == 0);
        until("nor a batch of it", () -> gauge("held.transactions") == 0);

        losesCommits = true;
        proxy.pass();
        proxy.accept();
        until("it writes again, in vain", () -> lostCommits.get() >= ROLLED_BACK);
        grow(ENTRIES_PER_OUTAGE);
        int before = lostCommits.get();
        until("it goes on trying", () -> lostCommits.get() >= before + ROLLED_BACK);
        assertHoldsTwoBatches("no COMMIT arrives");
        assertTrue(gauge("held.transactions.most") > 0, "it is counted");

        losesCommits = false;
        awaitWritten();
        until("Postgres is seen again", () -> check("postgres") == Status.UP);
        until("everything is let go", () -> gauge("held.bytes") == 0 && gauge("held.transactions") == 0);
        assertHoldsTwoBatches("it has caught up");
        System.out.println("held at most " + (long) gauge("held.transactions.most") + " transactions and "
                + (long) gauge("held.bytes.most") + " bytes of " + PARTITIONS * version + " and " + logBytes);
        for (int p = 0; p < PARTITIONS; p++) {
            bed.assertArchiveIsTheLog(p);
            bed.assertAuditIsTheLog(p);
        }
        assertEquals(PARTITIONS * ENTITIES, bed.count("entities"));
        assertEquals(0, bed.count("dead_letters"));
    }

    private Fate lost() {
        lostCommits.incrementAndGet();
        return Fate.CUT_BEFORE;
    }

    private static boolean isCommit(byte[] data) {
        int end = HEADER_BYTES + COMMIT.length;
        return data.length >= end && data[0] == 'Q' && Arrays.equals(data, HEADER_BYTES, end, COMMIT, 0, COMMIT.length);
    }

    /** Every log, by so many entries. */
    private void grow(int entries) {
        for (int e = 0; e < entries; e++) {
            long first = version + 1;
            version += ENTRY_TRANSACTIONS;
            for (int p = 0; p < PARTITIONS; p++) {
                byte[] body = codec.encode(transactions(p, first));
                largestEntryBytes = Math.max(largestEntryBytes, body.length);
                logBytes += body.length;
                bed.appendRaw(p, version, body);
            }
        }
    }

    private static List<CommittedTransaction> transactions(int partition, long first) {
        List<CommittedTransaction> transactions = new ArrayList<>();
        for (long v = first; v < first + ENTRY_TRANSACTIONS; v++) {
            transactions.add(TestLog.tx(
                    v, TestLog.put("custom", "K" + partition, "e" + v % ENTITIES, "{\"number\":" + v + "}")));
        }
        return transactions;
    }

    /** By the limits that the configuration names, of what the log holds and of what is asked of it. */
    private void assertHoldsTwoBatches(String when) {
        double transactions = gauge("held.transactions.most");
        assertTrue(transactions <= BATCHES * MAX_BATCH_TRANSACTIONS, () -> when + ": holds " + transactions);
        long limit = BATCHES * PARTITIONS * MAX_READ_ENTRIES * largestEntryBytes;
        double bytes = gauge("held.bytes.most");
        assertTrue(bytes <= limit, () -> when + ": holds " + bytes + " bytes, more than " + limit);
    }

    /** As long as it gets further: how fast is not asked here. */
    private void awaitWritten() throws Exception {
        for (long sum = 0; sum < PARTITIONS * version; ) {
            long reached = sum;
            until("it gets beyond " + reached, () -> written() > reached);
            sum = written();
        }
    }

    private long written() {
        return Long.parseLong(bed.query("SELECT sum(version) FROM sync_offsets").get(0));
    }

    private double gauge(String name) {
        return kit.meters().get("tradewind.dbsync." + name).gauge().value();
    }

    private Status check(String name) {
        return TestBed.checks(kit).get(name).status();
    }
}
