package io.tradewind.contracts.state;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tradewind.contracts.MessageCodecs;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Drives followers through random losses, repetitions, delays, failures and trims, each step in a turn of the event
 * loop of its own. A failing seed is printed, and {@code -Dseed=…} takes the same steps again.
 */
@Timeout(value = 180, unit = TimeUnit.SECONDS)
class ChangeFollowerSimulationTest {

    private static final int ROUNDS = 8;

    private Vertx vertx;
    private Context context;

    @BeforeEach
    void open() {
        vertx = Vertx.vertx();
        MessageCodecs.registerAll(vertx.eventBus());
        context = vertx.getOrCreateContext();
    }

    @AfterEach
    void close() throws Exception {
        Loop.await(vertx.close());
    }

    @Test
    void shouldGiveEachVersionOnceInOrderWhateverIsLostHeldOrRepeated() throws Exception {
        Long only = Long.getLong("seed");
        for (int round = 0; round < (only == null ? ROUNDS : 1); round++) {
            // As many seeds at once as there are partitions: they mostly wait for timers.
            List<Future<?>> runs = new ArrayList<>();
            for (int p = 0; p < (only == null ? Partitions.COUNT : 1); p++) {
                long seed = only == null ? (long) round * Partitions.COUNT + p : only;
                Interleaving interleaving = new Interleaving(seed, p);
                runs.add(interleaving
                        .run()
                        .recover(e -> Future.failedFuture(new AssertionError(
                                "seed " + seed + " failed (repeat with -Dseed=" + seed + "): " + interleaving, e))));
            }
            Loop.await(Future.join(runs));
        }
    }

    /** One follower against one log, both at the mercy of a seed. */
    private final class Interleaving {

        private static final int STEPS = 80;

        private final Random random;
        private final int partition;
        private final List<String> steps = new ArrayList<>();
        private FakeLog store;
        private Heard ears;
        private ChangeFollower subject;
        private boolean trimmed;

        Interleaving(long seed, int partition) {
            this.random = new Random(seed);
            this.partition = partition;
        }

        Future<Void> run() {
            Promise<Void> done = Promise.promise();
            context.runOnContext(v -> begin().compose(started -> steps(STEPS))
                    .compose(stepped -> finish())
                    .onComplete(done));
            return done.future();
        }

        private Future<Void> begin() {
            store = new FakeLog(vertx, partition);
            store.append(random.nextInt(10));
            store.pageSize = 1 + random.nextInt(8);
            store.holding = random.nextBoolean();
            long after = random.nextInt((int) store.head() + 1);
            ears = new Heard(Thread.currentThread(), after);
            subject = new ChangeFollower(
                    vertx, new StateClient(vertx.eventBus(), Duration.ofMillis(Loop.DEADLINE_MS)), partition, ears);
            return store.ready().compose(ready -> subject.start(after));
        }

        private Future<Void> steps(int left) {
            if (left == 0) {
                return Future.succeededFuture();
            }
            step();
            Promise<Void> turn = Promise.promise();
            context.runOnContext(v -> turn.complete());
            return turn.future().compose(v -> steps(left - 1));
        }

        private void step() {
            int action = random.nextInt(100);
            long head = store.head();
            steps.add(action + "@" + head + "/" + subject.version());
            if (action < 45) {
                store.commit(1 + random.nextInt(4));
            } else if (action < 60) {
                store.append(1 + random.nextInt(4)); // its message is lost
            } else if (action < 75 && head > 0) {
                long from = 1L + random.nextInt((int) head); // late, again, or straddling what is known
                store.publish(from, from + random.nextInt((int) (head - from) + 1));
            } else if (action < 83) {
                store.holding = true;
            } else if (action < 96) {
                store.release();
            } else if (action < 98) {
                store.failing++;
            } else if (random.nextInt(4) == 0) {
                trimmed = true;
                store.trimBelow(1 + random.nextInt((int) head + 1));
            }
        }

        private Future<Void> finish() {
            store.release();
            store.failing = 0;
            store.commit(1);
            return new Loop(context)
                    .until("version " + store.head() + " after " + steps, () -> subject.version() == store.head())
                    .compose(v -> subject.close())
                    .compose(v -> store.close())
                    .map(v -> {
                        assertEquals(List.of(), ears.wrong);
                        assertTrue(trimmed || ears.resets.isEmpty(), "reset without need: " + ears.resets);
                        for (CommittedTransaction tx : ears.transactions) {
                            assertEquals(store.of(tx.version(), tx.version()), List.of(tx));
                        }
                        assertEquals(store.head() + 1, ears.next);
                        return null;
                    });
        }

        @Override
        public String toString() {
            return steps.toString();
        }
    }
}
