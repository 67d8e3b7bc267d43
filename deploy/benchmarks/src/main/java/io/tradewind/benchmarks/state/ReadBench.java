package io.tradewind.benchmarks.state;

import io.tradewind.benchmarks.Await;
import io.tradewind.contracts.state.CommittedTransaction;
import io.tradewind.contracts.state.EntityKey;
import io.tradewind.contracts.state.Partitions;
import io.tradewind.contracts.state.ReadEntities;
import io.tradewind.contracts.state.Transaction;
import io.tradewind.embeddedservers.EmbeddedRedis;
import io.tradewind.statestore.domain.Partition;
import io.vertx.core.Promise;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/** Reads of one entity each: of a partition in this thread, and over the local event bus in requests of some ids. */
final class ReadBench {

    private static final int[] IDS_PER_REQUEST = {1, 10, 100};
    private static final int REQUESTS_IN_FLIGHT = 64;
    private static final int PREPARED = 4_096;

    private final EmbeddedRedis redis;
    private final PrintStream out;
    private final int entities;
    private final int seconds;

    ReadBench(EmbeddedRedis redis, PrintStream out, int entities, int seconds) {
        this.redis = redis;
        this.out = out;
        this.entities = entities;
        this.seconds = seconds;
    }

    void run() {
        out.printf(Locale.ROOT, "%nReads: %,d entities%n", entities);
        out.printf(Locale.ROOT, "  in process, one entity per call   %,12.0f entities/s%n", inProcess());
        try (LocalStore store = new LocalStore(redis, Map.of())) {
            fill(store, entities);
            for (int ids : IDS_PER_REQUEST) {
                out.printf(
                        Locale.ROOT,
                        "  over the local bus, %3d per request %,10.0f entities/s%n",
                        ids,
                        new OverTheBus(store, ids).rate());
            }
        }
    }

    /** Writes each entity once. */
    static void fill(LocalStore store, int count) {
        int step = 512;
        List<Integer> indexes = new ArrayList<>();
        for (int partition = 0; partition < Partitions.COUNT; partition++) {
            for (int index = partition; index < count; index += Partitions.COUNT) {
                indexes.add(index);
                if (indexes.size() == step || index + Partitions.COUNT >= count) {
                    Await.get(
                            store.client()
                                    .commit(LocalStore.puts(partition, List.copyOf(indexes), 0))
                                    .toCompletionStage(),
                            LocalStore.START_MS,
                            "filling");
                    indexes.clear();
                }
            }
        }
    }

    private double inProcess() {
        Partition partition = new Partition(0);
        long version = 0;
        for (int i = 0; i < entities; i++) {
            for (Transaction tx :
                    LocalStore.puts(0, List.of(i * Partitions.COUNT), 0).transactions()) {
                partition.replay(
                        new CommittedTransaction(++version, 1_700_000_000_000L, tx.id(), tx.cause(), tx.mutations()));
            }
        }
        Random random = new Random(7);
        List<ReadEntities> queries = new ArrayList<>();
        for (int i = 0; i < PREPARED; i++) {
            queries.add(ReadEntities.one(LocalStore.key(random.nextInt(entities) * Partitions.COUNT)));
        }
        long found = 0;
        long beganNs = System.nanoTime();
        long endNs = beganNs + TimeUnit.SECONDS.toNanos(seconds);
        while (System.nanoTime() < endNs) {
            for (ReadEntities query : queries) {
                found += partition.read(query, false).entities().size();
            }
        }
        return found / ((System.nanoTime() - beganNs) / 1e9);
    }

    private final class OverTheBus {

        private final LocalStore store;
        private final List<ReadEntities> queries = new ArrayList<>();
        private final Promise<Void> done = Promise.promise();
        private long found;
        private int open;
        private long endNs;

        OverTheBus(LocalStore store, int ids) {
            this.store = store;
            Random random = new Random(7);
            for (int i = 0; i < PREPARED; i++) {
                int partition = i % Partitions.COUNT;
                List<String> wanted = new ArrayList<>();
                EntityKey key = null;
                for (int n = 0; n < ids; n++) {
                    key = LocalStore.key(random.nextInt(entities / Partitions.COUNT) * Partitions.COUNT + partition);
                    wanted.add(key.id());
                }
                queries.add(ReadEntities.byIds(key.domain(), key.partitionKey(), wanted));
            }
        }

        double rate() {
            long beganNs = System.nanoTime();
            endNs = beganNs + TimeUnit.SECONDS.toNanos(seconds);
            store.vertx().getOrCreateContext().runOnContext(v -> {
                open = REQUESTS_IN_FLIGHT;
                for (int i = 0; i < REQUESTS_IN_FLIGHT; i++) {
                    next(i);
                }
            });
            Await.get(done.future().toCompletionStage(), LocalStore.START_MS, "reading");
            return found / ((System.nanoTime() - beganNs) / 1e9);
        }

        private void next(int index) {
            if (System.nanoTime() >= endNs) {
                if (--open == 0) {
                    done.complete();
                }
                return;
            }
            store.client()
                    .read(queries.get(index % queries.size()))
                    .onSuccess(page -> {
                        found += page.entities().size();
                        next(index + REQUESTS_IN_FLIGHT);
                    })
                    .onFailure(done::tryFail);
        }
    }
}
