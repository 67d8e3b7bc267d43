package io.tradewind.statestore.cluster;

import static io.tradewind.statestore.cluster.Waiting.await;
import static io.tradewind.statestore.cluster.Waiting.until;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.tradewind.contracts.Failure;
import io.tradewind.contracts.state.CommittedTransaction;
import io.tradewind.contracts.state.Entity;
import io.tradewind.contracts.state.EntityKey;
import io.tradewind.contracts.state.LogPage;
import io.tradewind.contracts.state.Partitions;
import io.tradewind.contracts.state.ReadEntities;
import io.tradewind.contracts.state.ReadLog;
import io.tradewind.contracts.state.StateClient;
import io.vertx.core.Future;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/** Compares what was acknowledged with what the partitions have, when all is quiet. */
final class LogAudit {

    private final StateClient client;

    LogAudit(StateClient client) {
        this.client = client;
    }

    /**
     * Versions without gaps; every transaction once; everything acknowledged is there, with the version it was
     * acknowledged with; what is read is what the last transaction wrote.
     */
    void check(Writers writers) {
        for (int p = 0; p < Partitions.COUNT; p++) {
            Map<String, Long> logged = logged(p);
            writers.acknowledged(p).forEach((id, version) -> assertEquals(version, logged.get(id), id));
            assertEquals(writers.acknowledged(p).size(), logged.size(), "partition " + p + " has only what was sent");
            String last = logged.entrySet().stream()
                    .max(Map.Entry.comparingByValue())
                    .orElseThrow()
                    .getKey();
            EntityKey key = new EntityKey(Writers.DOMAIN, Partitions.pinnedKey(p), "counter");
            Entity counter =
                    answer(() -> client.read(ReadEntities.one(key))).entities().get(0);
            assertEquals("{\"by\":\"" + last + "\"}", counter.json().toString(), "partition " + p);
        }
    }

    /** Asks again when a busy machine is late with its answer, as every reader does. */
    private static <T> T answer(Supplier<Future<T>> question) {
        AtomicReference<T> answer = new AtomicReference<>();
        until("it is answered", () -> {
            try {
                answer.set(await(question.get()));
                return true;
            } catch (AssertionError failed) {
                Failure failure = Failure.of(failed.getCause());
                if (failure != Failure.UNAVAILABLE && failure != Failure.UNKNOWN) {
                    throw failed;
                }
                return false;
            }
        });
        return answer.get();
    }

    private Map<String, Long> logged(int partition) {
        Map<String, Long> found = new HashMap<>();
        long version = 0;
        while (true) {
            long after = version;
            LogPage page = answer(() -> client.readLog(new ReadLog(partition, after, ReadLog.MAX_LIMIT)));
            assertFalse(page.reset(), "partition " + partition);
            for (CommittedTransaction tx : page.transactions()) {
                assertEquals(++version, tx.version(), "partition " + partition + " has no gap");
                assertNull(found.put(tx.id(), tx.version()), tx.id() + " is there once");
            }
            if (version == page.headVersion()) {
                return found;
            }
        }
    }
}
