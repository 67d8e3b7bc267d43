package io.tradewind.orderqueue.endpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tradewind.contracts.Addresses;
import io.tradewind.contracts.Failure;
import io.tradewind.contracts.MessageCodecs;
import io.tradewind.contracts.state.Commit;
import io.tradewind.contracts.state.CommitReply;
import io.tradewind.contracts.state.StateClient;
import io.tradewind.contracts.state.TransactionOutcome;
import io.tradewind.contracts.state.TransactionOutcome.Committed;
import io.vertx.core.Context;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageConsumer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * An outbox against a log that does, refuses, or does and does not say, and answers sooner or later. Whatever happens, the
 * log holds the first so many of the decisions and no others, and everybody is told the truth, in order. A failing seed
 * is printed and gives the same decisions and fates again: set it as {@code -Dseed=…}.
 */
@Timeout(300)
class OutboxSimulationTest {

    private static final int PARTITION = 3;
    private static final int SEEDS = 150;
    private static final int DECISIONS = 40;
    private static final int MAX_DELAY_MS = 4;
    /** One commit in so many is not done as it should be. */
    private static final int ONE_BAD_IN = 10;

    private final Vertx vertx = Vertx.vertx();
    private final Context context = vertx.getOrCreateContext();

    @BeforeEach
    void open() {
        MessageCodecs.registerAll(vertx.eventBus());
    }

    @AfterEach
    void close() throws Exception {
        vertx.close().await(30, TimeUnit.SECONDS);
    }

    @Test
    void shouldHaveDoneAPrefixOfWhatWasDecidedAndTellTheTruth() throws Exception {
        Long only = Long.getLong("seed");
        long first = only == null ? 1 : only;
        long last = only == null ? SEEDS : only;
        for (long seed = first; seed <= last; seed++) {
            try {
                new World(seed).run();
            } catch (AssertionError | Exception failure) {
                throw new AssertionError("seed " + seed + " (repeat with -Dseed=" + seed + "): " + failure, failure);
            }
        }
    }

    private final class World {
        private final Random random;
        private final List<String> decided = new ArrayList<>();
        private final List<String> log = new ArrayList<>();
        private final List<String> told = new ArrayList<>();
        private final Map<String, Failure> failures = new HashMap<>();
        private final Promise<Void> over = Promise.promise();
        private int broken;

        World(long seed) {
            random = new Random(seed);
        }

        void run() throws Exception {
            Promise<MessageConsumer<Commit>> ready = Promise.promise();
            context.runOnContext(v -> {
                MessageConsumer<Commit> store =
                        vertx.eventBus().consumer(Addresses.stateCommit(PARTITION), this::onCommit);
                StateClient state = new StateClient(vertx.eventBus(), Duration.ofSeconds(30));
                Outbox outbox = new Outbox(vertx, state, PARTITION, () -> {}, reason -> broken++);
                decide(outbox);
                ready.complete(store);
            });
            over.future().await(60, TimeUnit.SECONDS);
            ready.future().await(60, TimeUnit.SECONDS).unregister().await(60, TimeUnit.SECONDS);
            check();
        }

        /** Decides on a few at a time, with pauses in which others are sent and answered. */
        private void decide(Outbox outbox) {
            int some = 1 + random.nextInt(6);
            for (int i = 0; i < some; i++) {
                String id = "t" + decided.size();
                decided.add(id);
                outbox.add(OutboxTest.transaction(id), () -> told.add(id), failure -> {
                    told.add(id);
                    failures.put(id, failure);
                });
            }
            outbox.flush();
            if (decided.size() < DECISIONS) {
                vertx.setTimer(1 + random.nextInt(3), id -> decide(outbox));
            } else {
                outbox.whenIdle().onSuccess(v -> over.complete());
            }
        }

        /** As the state-store: in order, and nothing that follows from what is not there. */
        private void onCommit(Message<Commit> message) {
            Commit commit = message.body();
            boolean bad = random.nextInt(ONE_BAD_IN) == 0;
            boolean follows = commit.after() == null || log.contains(commit.after());
            if (!follows || (bad && random.nextBoolean())) {
                later(() -> message.fail(Failure.UNAVAILABLE.code(), "nothing was done"));
                return;
            }
            commit.transactions().forEach(tx -> log.add(tx.id()));
            if (bad) {
                later(() -> message.fail(Failure.UNKNOWN.code(), "the answer is lost"));
            } else {
                CommitReply done = new CommitReply(commit.transactions().stream()
                        .<TransactionOutcome>map(tx -> new Committed(1, false))
                        .toList());
                later(() -> message.reply(done));
            }
        }

        private void later(Runnable answer) {
            vertx.setTimer(1 + random.nextInt(MAX_DELAY_MS), id -> answer.run());
        }

        private void check() {
            assertEquals(decided.subList(0, log.size()), log, "done: the first so many");
            assertEquals(decided.size(), told.size(), "each is told once");
            for (String id : decided) {
                Failure failure = failures.get(id);
                assertTrue(failure != null || log.contains(id), () -> id + " was told to be durable and is not");
                assertTrue(
                        failure != Failure.UNAVAILABLE || !log.contains(id),
                        () -> id + " was told not to be done and is");
            }
            List<String> durable =
                    told.stream().filter(id -> !failures.containsKey(id)).toList();
            List<String> inOrder =
                    decided.stream().filter(id -> !failures.containsKey(id)).toList();
            assertEquals(inOrder, durable, "told in the order of the decisions");
            assertEquals(failures.isEmpty() ? 0 : 1, broken, "broken once, when anything failed");
        }
    }
}
