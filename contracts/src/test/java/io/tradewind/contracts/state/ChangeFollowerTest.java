package io.tradewind.contracts.state;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tradewind.contracts.Addresses;
import io.tradewind.contracts.MessageCodecs;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Follower and log live on one event loop, where a test steps between them; the bus is a real one. */
@Timeout(value = 180, unit = TimeUnit.SECONDS)
class ChangeFollowerTest {

    private static final int PARTITION = 3;
    private static final long HOUR_MS = 3_600_000;

    private Vertx vertx;
    private Loop loop;
    private Thread thread;
    private FakeLog log;
    private Heard heard;
    private ChangeFollower follower;

    @BeforeEach
    void open() throws Exception {
        vertx = Vertx.vertx();
        MessageCodecs.registerAll(vertx.eventBus());
        loop = new Loop(vertx.getOrCreateContext());
        thread = loop.call(Thread::currentThread);
        log = loop.call(() -> new FakeLog(vertx, PARTITION));
        Loop.await(log.ready());
    }

    @AfterEach
    void close() throws Exception {
        Loop.await(vertx.close());
    }

    private void run(Runnable step) throws Exception {
        loop.run(step);
    }

    private Future<Void> untilVersion(long version) {
        return loop.until("version " + version, () -> follower.version() == version);
    }

    private ChangeFollower newFollower(Heard listener) {
        return newFollower(PARTITION, listener);
    }

    private ChangeFollower newFollower(int partition, Heard listener) {
        return new ChangeFollower(vertx, client(), partition, listener);
    }

    /** For tests that count how often the log is asked: on a busy machine a probe could come between. */
    private ChangeFollower withoutProbes(Heard listener) {
        return new ChangeFollower(vertx, client(), PARTITION, listener, HOUR_MS);
    }

    private StateClient client() {
        return new StateClient(vertx.eventBus(), Duration.ofMillis(Loop.DEADLINE_MS));
    }

    /** Starts a follower behind {@code version} and waits until it has read the log once. */
    private void follow(long version) throws Exception {
        follow(version, this::newFollower);
    }

    private void follow(long version, Function<Heard, ChangeFollower> make) throws Exception {
        int before = loop.call(() -> log.queries);
        heard = new Heard(thread, version);
        follower = make.apply(heard);
        Loop.await(loop.call(() -> follower.start(version)));
        Loop.await(loop.until("the log is read", () -> log.queries > before));
    }

    @Test
    void shouldReadWhatThereIsAndGoOnWithLiveChanges() throws Exception {
        run(() -> log.append(5));
        follow(2, this::withoutProbes);
        Loop.await(untilVersion(5));
        run(() -> log.commit(3));
        run(() -> log.commit(1));
        Loop.await(untilVersion(9));
        heard.assertVersions(3, 9);
        assertEquals(loop.call(() -> log.of(3, 9)), heard.transactions);
        assertEquals(1, log.queries, "live changes need no log");
    }

    @Test
    void shouldReadManyPages() throws Exception {
        run(() -> {
            log.append(100);
            log.pageSize = 7;
        });
        follow(0);
        Loop.await(untilVersion(100));
        heard.assertVersions(1, 100);
    }

    @Test
    void shouldFillAGapFromTheLog() throws Exception {
        follow(0);
        run(() -> log.commit(2));
        Loop.await(untilVersion(2));
        run(() -> {
            log.append(3); // lost on the bus
            log.commit(1);
        });
        Loop.await(untilVersion(6));
        heard.assertVersions(1, 6);
    }

    @Test
    void shouldDropDuplicatesAndCutWhatIsKnown() throws Exception {
        follow(0);
        run(() -> log.commit(4));
        Loop.await(untilVersion(4));
        run(() -> {
            log.publish(1, 4);
            log.publish(2, 3);
            log.append(2);
            log.publish(3, 6); // 3 and 4 are known, 5 and 6 are not
            log.publish(4, 5);
        });
        Loop.await(untilVersion(6));
        run(() -> log.commit(1));
        Loop.await(untilVersion(7));
        heard.assertVersions(1, 7);
    }

    @Test
    void shouldFindChangesThatCameWhileItWasCatchingUp() throws Exception {
        run(() -> {
            log.append(3);
            log.holding = true;
        });
        follow(0);
        run(() -> log.commit(2)); // let go, because the answer of the log, which ends at 3, is still to come
        run(log::release);
        Loop.await(untilVersion(5));
        heard.assertVersions(1, 5);
    }

    @Test
    void shouldNotReadTwiceWhenChangesComeBeforeTheSubscriptionIsKnown() throws Exception {
        run(() -> {
            log.append(5);
            log.holding = true;
        });
        heard = new Heard(thread, 0);
        follower = withoutProbes(heard);
        run(() -> {
            follower.start(0);
            log.publish(4, 5);
            log.commit(1);
        });
        Loop.await(loop.until("the log is asked", () -> log.queries > 0));
        run(() -> log.commit(1));
        run(log::release);
        Loop.await(untilVersion(7));
        heard.assertVersions(1, 7);
        assertTrue(log.queries <= 2, log.queries + " queries");
    }

    @Test
    void shouldTryAgainWhenTheLogIsAway() throws Exception {
        run(() -> {
            log.append(3);
            log.failing = 2;
        });
        follow(0, this::withoutProbes);
        Loop.await(untilVersion(3));
        heard.assertVersions(1, 3);
        assertEquals(3, log.queries);
    }

    @Test
    void shouldTellWhenTheLogNoLongerReachesBackAndGoOnBehindItsHead() throws Exception {
        run(() -> {
            log.append(10);
            log.trimBelow(5);
        });
        follow(3);
        Loop.await(untilVersion(10));
        run(() -> log.commit(2));
        Loop.await(untilVersion(12));
        assertEquals(List.of(10L), heard.resets);
        heard.assertVersions(11, 12);
    }

    @Test
    void shouldFindChangesThatCameDuringAReset() throws Exception {
        run(() -> {
            log.append(10);
            log.trimBelow(5);
            log.holding = true;
        });
        follow(0);
        run(() -> log.commit(2));
        run(log::release);
        Loop.await(untilVersion(12));
        assertEquals(List.of(10L), heard.resets);
        heard.assertVersions(11, 12);
    }

    /** One test of both, because both wait for the same probe. */
    @Test
    void shouldFindLossesAndAStoreThatWasSetBackWithoutALaterChange() throws Exception {
        run(() -> log.commit(1));
        follow(0);
        FakeLog setBack = loop.call(() -> new FakeLog(vertx, PARTITION + 1));
        Loop.await(setBack.ready());
        run(() -> setBack.append(10));
        Heard heardSetBack = new Heard(thread, 10);
        ChangeFollower onSetBack = newFollower(PARTITION + 1, heardSetBack);
        Loop.await(loop.call(() -> onSetBack.start(10)));
        Loop.await(untilVersion(1));
        Loop.await(loop.until("the log is read", () -> setBack.queries > 0));
        run(() -> {
            log.append(2);
            setBack.setBackTo(4);
            setBack.commit(1); // looks like an old one
        });
        Loop.await(untilVersion(3));
        heard.assertVersions(1, 3);
        Loop.await(loop.until("version 5", () -> onSetBack.version() == 5));
        assertEquals(List.of(5L), heardSetBack.resets);
        run(() -> setBack.commit(1));
        Loop.await(loop.until("version 6", () -> onSetBack.version() == 6));
        heardSetBack.assertVersions(6, 6);
    }

    @Test
    void shouldNotAskWithoutPauseForAChangeThatTheLogDoesNotShow() throws Exception {
        follow(0, this::withoutProbes);
        run(() -> {
            log.append(8);
            log.publish(8, 8);
            log.setBackTo(0);
        });
        run(() -> log.commit(1));
        Loop.await(untilVersion(1));
        run(() -> log.commit(1));
        Loop.await(untilVersion(2));
        heard.assertVersions(1, 2);
        assertTrue(log.queries < 10, log.queries + " queries");
    }

    @Test
    void shouldResetWhenALogLeavesVersionsOut() throws Exception {
        run(() -> log.append(6));
        Loop.await(log.close());
        run(() -> vertx.eventBus()
                .<ReadLog>consumer(Addresses.stateLog(PARTITION))
                .handler(message -> message.reply(
                        new LogPage(6, false, message.body().afterVersion() == 0 ? log.of(4, 6) : List.of()))));
        heard = new Heard(thread, 0);
        follower = newFollower(heard);
        Loop.await(loop.call(() -> follower.start(0)));
        Loop.await(untilVersion(6));
        assertEquals(List.of(6L), heard.resets);
        assertEquals(List.of(), heard.transactions);
    }

    @Test
    void shouldOutliveAListenerThatThrows() throws Exception {
        run(() -> {
            log.append(3);
            log.trimBelow(3);
        });
        heard = new Heard(thread, 0);
        heard.throwing = true;
        follower = newFollower(heard);
        Loop.await(loop.call(() -> follower.start(0))); // reset
        Loop.await(untilVersion(3));
        run(() -> log.commit(1)); // live
        Loop.await(untilVersion(4));
        run(() -> {
            log.append(1); // from the log
            log.commit(1);
        });
        Loop.await(untilVersion(6));
        run(() -> log.commit(1));
        Loop.await(untilVersion(7));
        assertEquals(List.of(3L), heard.resets);
        heard.assertVersions(4, 7);
    }

    @Test
    void shouldBeDeafOnceClosed() throws Exception {
        run(() -> log.append(2));
        follow(0);
        Loop.await(untilVersion(2));
        Loop.await(loop.call(() -> follower.close()));
        run(() -> log.commit(2));
        run(() -> log.publish(1, 4));
        // Another follower that hears all of it shows that this one had its chance.
        ChangeFollower closed = follower;
        Heard first = heard;
        follow(0);
        Loop.await(untilVersion(4));
        assertEquals(2, loop.call(closed::version));
        first.assertVersions(1, 2);
    }

    @Test
    void shouldStopReadingTheLogOnceClosed() throws Exception {
        run(() -> {
            log.append(5);
            log.holding = true;
        });
        follow(0, this::withoutProbes);
        Loop.await(loop.call(() -> follower.close()));
        run(log::release);
        run(() -> {}); // the answer was sent in the step before and is handled by now
        run(() -> {});
        assertEquals(0, loop.call(follower::version));
        assertEquals(1, log.queries);
        heard.assertVersions(1, 0);
    }

    @Test
    void shouldCloseBeforeItWasStarted() throws Exception {
        follower = newFollower(new Heard(thread, 0));
        Loop.await(follower.close());
    }

    @Test
    void shouldKeepToOneThreadWhenStartedFromOutsideOfVertx() throws Exception {
        run(() -> log.append(2));
        // No context here: Vert.x makes one for every call that needs it, all on the event loop of the first.
        heard = new Heard(null, 0);
        follower = newFollower(heard);
        Loop.await(follower.start(0));
        Loop.await(untilVersion(2));
        run(() -> log.commit(1));
        Loop.await(untilVersion(3));
        heard.assertVersions(1, 3);
    }
}
