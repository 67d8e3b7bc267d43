package io.tradewind.statestore;

import static io.tradewind.statestore.StateStoreBed.await;
import static io.tradewind.statestore.StateStoreBed.failureOf;
import static io.tradewind.statestore.StateStoreBed.until;
import static io.tradewind.statestore.domain.Transactions.PARTITION;
import static io.tradewind.statestore.domain.Transactions.json;
import static io.tradewind.statestore.domain.Transactions.key;
import static io.tradewind.statestore.domain.Transactions.put;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tradewind.contracts.Failure;
import io.tradewind.contracts.state.Commit;
import io.tradewind.contracts.state.CommitReply;
import io.tradewind.contracts.state.CommittedTransaction;
import io.tradewind.contracts.state.Durability;
import io.tradewind.contracts.state.ReadEntities;
import io.tradewind.contracts.state.ReadLog;
import io.tradewind.contracts.state.Transaction;
import io.tradewind.contracts.state.TransactionOutcome.Committed;
import io.tradewind.embeddedservers.EmbeddedRedis;
import io.tradewind.embeddedservers.TcpProxy;
import io.tradewind.embeddedservers.TcpProxy.Fate;
import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the state-store makes of a broken connection to a healthy Redis. Defends: an answer is what the log holds, an
 * unknown outcome is found out and never guessed, and nobody waits for ever.
 */
@Timeout(180)
class LogConnectionFaultIT {

    @TempDir
    Path directory;

    private EmbeddedRedis redis;
    private TcpProxy proxy;
    private StateStoreBed bed;

    @BeforeEach
    void start() {
        redis = EmbeddedRedis.start(EmbeddedRedis.Options.in(directory));
        proxy = TcpProxy.to(redis.port());
        bed = bed(Map.of("redis.reconnect-max", "200ms"));
    }

    private StateStoreBed bed(Map<String, String> overrides) {
        return new StateStoreBed("redis://127.0.0.1:" + proxy.port(), overrides);
    }

    /** Short deadlines, for what is found out only when they pass; a cut connection is noticed at once. */
    private void impatient() {
        bed.close();
        bed = bed(Map.of("redis.command-timeout", "1s", "redis.connect-timeout", "1s", "redis.reconnect-max", "200ms"));
    }

    @AfterEach
    void stop() {
        proxy.pass();
        bed.close();
        proxy.close();
        redis.close();
    }

    @Test
    void shouldAcknowledgeWhatTheLogTookWhenOnlyTheReplyWasLost() {
        await(bed.deploy());
        once("reply-is-lost", Fate.CUT_AFTER);
        CommitReply reply = await(bed.client.commit(durable(put("reply-is-lost", "a", "1"))));
        assertEquals(new Committed(1, false), reply.outcomes().get(0));
        assertEquals(
                new Committed(1, true),
                await(bed.client.commit(durable(put("reply-is-lost", "a", "2"))))
                        .outcomes()
                        .get(0));
        assertEquals(json("1"), value("a"));
        assertEquals(List.of(1L), versionsInTheLog());
    }

    @Test
    void shouldSayThatNothingWasDoneWhenTheLogNeverSawIt() {
        await(bed.deploy());
        once("never-arrives", Fate.CUT_BEFORE);
        Throwable failure = failureOf(bed.client.commit(durable(put("never-arrives", "a", "1"))));
        assertEquals(Failure.UNAVAILABLE, Failure.of(failure));
        until("it serves again", bed::serving);
        assertNull(value("a"));
        assertEquals(List.of(), versionsInTheLog());
        assertEquals(
                new Committed(1, false),
                await(bed.client.commit(durable(put("never-arrives", "a", "1"))))
                        .outcomes()
                        .get(0));
    }

    /** Several appends in flight, cut anywhere before or after the log has them: every answer is true afterwards. */
    @Test
    void shouldAnswerTrulyWhereverTheConnectionIsCut() {
        await(bed.deploy());
        long seed = Long.getLong("seed", System.nanoTime());
        System.out.println("seed " + seed + " (repeat with -Dseed=" + seed + ")");
        Random random = new Random(seed);
        // One in six chunks: it has to get through the preparation of a connection now and then.
        proxy.judge(
                request -> random.nextInt(6) > 0 ? Fate.PASS : random.nextBoolean() ? Fate.CUT_BEFORE : Fate.CUT_AFTER);
        int rounds = 300;
        List<Future<CommitReply>> answers = IntStream.range(0, rounds)
                .mapToObj(i -> {
                    Future<CommitReply> answer = bed.client.commit(durable(put("t" + i, "e" + i, "v" + i)));
                    // Now and then all at once, so that more than one append is on its way.
                    if (i % 7 == 0) {
                        failureOf(answer);
                    }
                    return answer;
                })
                .toList();
        answers.forEach(StateStoreBed::failureOf);
        proxy.judge(request -> Fate.PASS);
        until("it serves again", bed::serving);

        int acknowledged = 0;
        for (int i = 0; i < rounds; i++) {
            Future<CommitReply> answer = answers.get(i);
            if (answer.succeeded()) {
                acknowledged++;
                assertEquals(json("v" + i), value("e" + i), "acknowledged, seed " + seed);
            } else if (Failure.of(answer.cause()) == Failure.UNAVAILABLE) {
                assertNull(value("e" + i), "said to be not done, seed " + seed);
            }
        }
        List<Long> versions = versionsInTheLog();
        assertTrue(versions.size() >= acknowledged, "seed " + seed);
        assertEquals(
                IntStream.rangeClosed(1, versions.size())
                        .mapToObj(v -> (long) v)
                        .toList(),
                versions,
                "seed " + seed);
    }

    @Test
    void shouldGiveUpAConnectionThatFellSilentAndGoOnWithAnother() {
        impatient();
        await(bed.deploy());
        await(bed.client.commit(durable(put("t1", "a", "1"))));
        int before = proxy.accepted();
        proxy.silence();
        // Its fate is not known before the deadline of the command; then the log is asked over a new connection.
        Throwable failure = failureOf(bed.client.commit(durable(put("t2", "a", "2"))));
        assertEquals(Failure.UNAVAILABLE, Failure.of(failure));
        until("it serves again", bed::serving);
        // Two are right: one for the log, one that reads the history.
        until("the silent connection was closed", () -> proxy.accepted() > before && proxy.open() <= 2);
        assertEquals(json("1"), value("a"));
        await(bed.client.commit(durable(put("t2", "a", "2"))));
        assertEquals(List.of(1L, 2L), versionsInTheLog());
    }

    @Test
    void shouldNotWaitForAServerThatAcceptsAndSaysNothing() {
        impatient();
        await(bed.deploy());
        proxy.silenceAll();
        Future<CommitReply> lost = bed.client.commit(durable(put("t1", "a", "1")));
        int before = proxy.accepted();
        until("it tries again and again", () -> proxy.accepted() >= before + 3);
        assertTrue(bed.health().contains("no connection to Redis"), bed.health());
        until("connections that were given up are closed", () -> proxy.open() <= 2);
        proxy.pass();
        until("it serves again", bed::serving);
        assertEquals(Failure.UNAVAILABLE, Failure.of(failureOf(lost)));
        await(bed.client.commit(durable(put("t1", "a", "1"))));
    }

    @Test
    void shouldComeBackByItselfWhenTheConnectionWasRefusedForAWhile() {
        await(bed.deploy());
        proxy.refuse();
        until("it has noticed", () -> !bed.serving());
        Throwable refused = failureOf(bed.client.commit(durable(put("t1", "a", "1"))));
        assertEquals(Failure.UNAVAILABLE, Failure.of(refused));
        assertTrue(
                await(bed.client.read(ReadEntities.one(key("a")))).stale(),
                "reads go on, and say that they may be old");
        proxy.accept();
        until("it serves again", bed::serving);
        until("reads are fresh again", () -> !await(bed.client.read(ReadEntities.one(key("a"))))
                .stale());
        await(bed.client.commit(durable(put("t1", "a", "1"))));
    }

    @Test
    void shouldStartWhenRedisCanBeReachedOnlyLater() {
        proxy.refuse();
        Future<?> deployed = bed.deploy();
        AtomicInteger looks = new AtomicInteger();
        until("it is waiting", () -> looks.incrementAndGet() > 20);
        assertFalse(deployed.isComplete());
        proxy.accept();
        await(deployed);
        assertTrue(bed.serving());
    }

    /** The request that has {@code marker} in it meets {@code fate}, once. */
    private void once(String marker, Fate fate) {
        AtomicInteger left = new AtomicInteger(1);
        proxy.judge(request ->
                new String(request, StandardCharsets.ISO_8859_1).contains(marker) && left.getAndDecrement() > 0
                        ? fate
                        : Fate.PASS);
    }

    private List<Long> versionsInTheLog() {
        return await(bed.client.readLog(new ReadLog(PARTITION, 0, ReadLog.MAX_LIMIT))).transactions().stream()
                .map(CommittedTransaction::version)
                .toList();
    }

    private Object value(String id) {
        var found = await(bed.client.read(ReadEntities.one(key(id)))).entities();
        return found.isEmpty() ? null : found.get(0).json();
    }

    private static Commit durable(Transaction... transactions) {
        return new Commit(PARTITION, Durability.DURABLE, List.of(transactions));
    }
}
