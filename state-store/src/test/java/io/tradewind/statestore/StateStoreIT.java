package io.tradewind.statestore;

import static io.tradewind.statestore.domain.Transactions.PARTITION;
import static io.tradewind.statestore.domain.Transactions.json;
import static io.tradewind.statestore.domain.Transactions.key;
import static io.tradewind.statestore.domain.Transactions.put;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tradewind.contracts.Failure;
import io.tradewind.contracts.MessageCodecs;
import io.tradewind.contracts.state.ChangeFollower;
import io.tradewind.contracts.state.Commit;
import io.tradewind.contracts.state.CommitReply;
import io.tradewind.contracts.state.CommittedTransaction;
import io.tradewind.contracts.state.Durability;
import io.tradewind.contracts.state.EntitiesPage;
import io.tradewind.contracts.state.Entity;
import io.tradewind.contracts.state.LogKeys;
import io.tradewind.contracts.state.LogPage;
import io.tradewind.contracts.state.ReadEntities;
import io.tradewind.contracts.state.ReadLog;
import io.tradewind.contracts.state.StateClient;
import io.tradewind.contracts.state.Transaction;
import io.tradewind.contracts.state.TransactionOutcome.Committed;
import io.tradewind.embeddedservers.EmbeddedRedis;
import io.tradewind.servicekit.KitOptions;
import io.tradewind.servicekit.ServiceKit;
import io.tradewind.servicekit.config.Settings;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.Request;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The service against a real Redis of its own, which the tests kill at will. */
@Timeout(300)
class StateStoreIT {

    private static final long LIMIT_S = 60;

    @TempDir
    Path directory;

    private EmbeddedRedis redis;
    private ServiceKit kit;
    private StateClient client;

    @BeforeEach
    void start() throws Exception {
        redis = EmbeddedRedis.start(EmbeddedRedis.Options.in(directory));
        startService();
    }

    @AfterEach
    void stop() throws Exception {
        stopService();
        redis.close();
    }

    private void startService() throws Exception {
        kit = openKit();
        await(kit.services().deploy(StateStoreMain.SERVICE));
        client = new StateClient(kit.vertx().eventBus(), Duration.ofSeconds(LIMIT_S));
    }

    private ServiceKit openKit() throws Exception {
        Settings settings = Settings.builder()
                .section("state-store", StateStoreConfig.class)
                .override("redis.uri", redis.uri())
                // A busy disk is no silent Redis.
                .override("redis.command-timeout", "30s")
                .override("state-store.relaxed-interval", "20ms")
                .build();
        ServiceKit opened = await(ServiceKit.open(settings, KitOptions.local()));
        MessageCodecs.registerAll(opened.vertx().eventBus());
        return opened;
    }

    private void stopService() throws Exception {
        await(kit.services().stopAll());
        await(kit.close());
    }

    @Test
    void shouldConfirmWhatIsReadWhenAskedToAndSayWhenItCannot() throws Exception {
        commit(put("t1", "a", "1"));
        ReadEntities any = ReadEntities.one(key("a"));
        // As soon as the log answers within the half second that a reader waits for it.
        until(() -> {
            long before = System.currentTimeMillis();
            EntitiesPage fresh = await(client.read(any.noOlderThan(0)));
            assertTrue(fresh.stale() || fresh.asOfMs() >= before - 1, "confirmed behind the question");
            return !fresh.stale();
        });

        Redis raw = Redis.createClient(kit.vertx(), redis.uri());
        await(raw.send(Request.cmd(Command.CLIENT).arg("PAUSE").arg(10_000)));
        EntitiesPage unconfirmed = await(client.read(any.noOlderThan(0)));

        assertTrue(unconfirmed.stale(), "the log does not answer in time");
        assertEquals(json("1"), unconfirmed.entities().get(0).json());
        raw.close();
    }

    @Test
    void shouldFindEverythingAgainAfterARestart() throws Exception {
        commit(put("t1", "a", "1"), put("t2", "b", "2"));
        commit(put("t3", "a", "3"));
        stopService();
        startService();

        assertEquals(json("3"), read("a").json());
        assertEquals(3, read("a").version());
        assertEquals(2, read("b").version());
        CommitReply again = commit(put("t1", "a", "other"));
        assertEquals(new Committed(1, true), again.outcomes().get(0), "a retry after a restart: the first answer");
        assertEquals(json("3"), read("a").json());
    }

    @Test
    void shouldTurnAwayWhatFollowsFromSomethingThatIsNotThere() throws Exception {
        commit(put("t1", "a", "1"));
        assertTrue(await(client.commit(following("t1", put("t2", "a", "2")))).allCommitted());
        Throwable refused = failureOf(client.commit(following("lost", put("t3", "a", "3"))));
        assertEquals(Failure.UNAVAILABLE, Failure.of(refused));
        assertEquals(json("2"), read("a").json());

        stopService();
        startService();
        assertTrue(await(client.commit(following("t2", put("t4", "a", "4")))).allCommitted(), "also after a restart");
    }

    private static Commit following(String transactionId, Transaction... transactions) {
        return new Commit(PARTITION, Durability.DURABLE, transactionId, List.of(transactions));
    }

    @Test
    void shouldWriteOneStreamEntryPerCommitWithTheVersionAsItsId() throws Exception {
        commit(put("t1", "a", "1"), put("t2", "b", "2"));
        commit(put("t3", "a", "3"));

        Redis raw = Redis.createClient(kit.vertx(), redis.uri());
        var entries = await(raw.send(
                Request.cmd(Command.XRANGE).arg(LogKeys.log(PARTITION)).arg("-").arg("+")));
        assertEquals(
                List.of("2-0", "3-0"),
                List.of(entries.get(0).get(0).toString(), entries.get(1).get(0).toString()));
        raw.close();
    }

    @Test
    void shouldLoseNothingAcknowledgedWhenRedisIsKilledUnderLoad() throws Exception {
        List<String> acknowledged = Collections.synchronizedList(new ArrayList<>());
        List<Future<?>> answers = new ArrayList<>();
        for (int round = 0; round < 3; round++) {
            for (int i = 0; i < 400; i++) {
                String id = "r" + round + "-" + i;
                answers.add(client.commit(durable(put("t" + id, id, id)))
                        .onSuccess(reply -> {
                            if (reply.allCommitted()) {
                                acknowledged.add(id);
                            }
                        })
                        .otherwiseEmpty());
                if (i == 200) {
                    redis.kill();
                }
            }
            redis.restart();
            await(Future.join(answers));
            until(this::serving);
        }

        stopService();
        startService();
        for (String id : acknowledged) {
            assertEquals(json(id), read(id).json(), id);
        }
        LogPage log = await(client.readLog(new ReadLog(PARTITION, 0, 2000)));
        List<Long> versions =
                log.transactions().stream().map(CommittedTransaction::version).toList();
        for (int i = 0; i < versions.size(); i++) {
            assertEquals(i + 1L, versions.get(i));
        }
    }

    @Test
    void shouldStepAsideForAnotherOwnerAndShowItsState() throws Exception {
        commit(put("t1", "a", "1"));
        ServiceKit rival = openKit();
        await(rival.services().deploy(StateStoreMain.SERVICE));
        StateClient rivalClient = new StateClient(rival.vertx().eventBus(), Duration.ofSeconds(LIMIT_S));
        await(rivalClient.commit(durable(put("t2", "a", "2"))));

        // UNKNOWN by the log, or by a consumer that is just being taken away; UNAVAILABLE when it has found out itself.
        for (String id : List.of("t3", "t4")) {
            Throwable refused = failureOf(client.commit(durable(put(id, "b", id))));
            assertTrue(
                    refused != null
                            && Set.of(Failure.UNAVAILABLE, Failure.UNKNOWN).contains(Failure.of(refused)),
                    "it gives way as long as the other one lives, but said: " + refused);
        }
        await(rivalClient.commit(durable(put("t5", "a", "5"))));

        await(rival.services().stopAll());
        await(rival.close());
        until(() -> failureOf(client.commit(durable(put("t4", "b", "4")))) == null);
        assertEquals(json("5"), read("a").json(), "loaded afresh, with the other owner's changes");
    }

    @Test
    void shouldRefuseToStartOnADamagedLogAndSayWhere() throws Exception {
        commit(put("t1", "a", "1"), put("t2", "b", "2"));
        Redis raw = Redis.createClient(kit.vertx(), redis.uri());
        await(raw.send(Request.cmd(Command.XADD)
                .arg(LogKeys.log(PARTITION))
                .arg("3-0")
                .arg(LogKeys.FIELD_BODY)
                .arg("nonsense")));
        await(raw.send(Request.cmd(Command.HSET)
                .arg(LogKeys.head(PARTITION))
                .arg("version")
                .arg("3")));
        raw.close();
        await(kit.services().stopAll());
        await(kit.close());
        kit = openKit();

        Throwable refused = failureOf(kit.services().deploy(StateStoreMain.SERVICE));
        assertTrue(refused.getMessage().contains("partition 3"), refused.getMessage());
        assertTrue(refused.getMessage().contains("entry 3-0"), refused.getMessage());
    }

    @Test
    void shouldRefuseToStartWhenTheLogIsEmptyAndNoSnapshotStandsWhereTheHeadDoes() throws Exception {
        commit(put("t1", "a", "1"), put("t2", "b", "2"));
        Redis raw = Redis.createClient(kit.vertx(), redis.uri());
        await(raw.send(Request.cmd(Command.DEL).arg(LogKeys.log(PARTITION))));
        raw.close();
        await(kit.services().stopAll());
        await(kit.close());
        kit = openKit();

        Throwable refused = failureOf(kit.services().deploy(StateStoreMain.SERVICE));
        assertTrue(
                refused.getMessage().contains("partition " + PARTITION + ": the log ends at version 0 instead of 2"),
                refused.getMessage());
    }

    @Test
    void shouldGiveAFollowerEveryChangeOnceAlsoAcrossALostRedis() throws Exception {
        commit(put("t1", "a", "1"), put("t2", "a", "2"));
        List<Long> seen = Collections.synchronizedList(new ArrayList<>());
        ChangeFollower follower = new ChangeFollower(kit.vertx(), client, PARTITION, new ChangeFollower.Listener() {
            @Override
            public void onChanges(List<CommittedTransaction> transactions) {
                transactions.forEach(tx -> seen.add(tx.version()));
            }

            @Override
            public void onReset(long headVersion) {
                seen.add(-1L);
            }
        });
        await(follower.start(0));
        commit(put("t3", "a", "3"));
        redis.kill();
        redis.restart();
        // It may not yet have noticed that its connection is gone.
        until(() -> failureOf(client.commit(durable(put("t4", "a", "4")))) == null);

        until(() -> seen.size() >= 4);
        assertEquals(List.of(1L, 2L, 3L, 4L), seen);
        await(follower.close());
    }

    @Test
    void shouldConflateRelaxedWritesAndLogThemLater() throws Exception {
        List<Transaction> relaxed = List.of(put("r1", "q", "1"), put("r2", "q", "2"), put("r3", "q", "3"));
        CommitReply reply = await(client.commit(new Commit(PARTITION, Durability.RELAXED, relaxed)));
        assertTrue(reply.allCommitted());

        until(() -> read("q") != null);
        assertEquals(json("3"), read("q").json());
        LogPage log = await(client.readLog(new ReadLog(PARTITION, 0, 10)));
        assertFalse(log.reset());
        assertEquals(1, log.transactions().size());
    }

    @Test
    void shouldResetAFollowerThatIsAheadOfTheLog() throws Exception {
        commit(put("t1", "a", "1"));
        LogPage page = await(client.readLog(new ReadLog(PARTITION, 99, 10)));
        assertTrue(page.reset());
        assertEquals(1, page.headVersion());
    }

    private boolean serving() {
        return await(kit.health().snapshot()).service("state-store").toString().contains("serving=16");
    }

    private CommitReply commit(Transaction... transactions) {
        return await(client.commit(durable(transactions)));
    }

    private static Commit durable(Transaction... transactions) {
        return new Commit(PARTITION, Durability.DURABLE, List.of(transactions));
    }

    private Entity read(String id) {
        List<Entity> found = await(client.read(ReadEntities.one(key(id)))).entities();
        return found.isEmpty() ? null : found.get(0);
    }

    private static Throwable failureOf(Future<?> future) {
        try {
            await(future);
            return null;
        } catch (IllegalStateException e) {
            return e.getCause();
        }
    }

    private static void until(BooleanSupplier condition) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_S);
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("the condition did not come true within " + LIMIT_S + " s");
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2));
        }
    }

    private static <T> T await(Future<T> future) {
        try {
            return future.toCompletionStage().toCompletableFuture().get(LIMIT_S, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException | TimeoutException e) {
            throw new AssertionError("no answer within " + LIMIT_S + " s", e);
        }
    }
}
