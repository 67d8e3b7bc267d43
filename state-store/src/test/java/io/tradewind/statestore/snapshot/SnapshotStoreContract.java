package io.tradewind.statestore.snapshot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tradewind.statestore.domain.EntityBatch;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What every store has to do. */
abstract class SnapshotStoreContract {

    /** The store under test, empty when a test begins; the same each time within a test. */
    abstract SnapshotStore store();

    static SnapshotId write(SnapshotStore store, State state) throws IOException {
        try (SnapshotWriter writer = store.create(state.info())) {
            state.writeTo(writer);
            return writer.complete();
        }
    }

    /** A state of partition 3 at this version. */
    static State at(long version, int entities) {
        State random = State.random(new Random(version), entities);
        SnapshotInfo info = new SnapshotInfo(
                State.PARTITION, version, 9, entities, random.info().schemas());
        return new State(
                info,
                random.entities().stream()
                        .map(e -> new io.tradewind.contracts.state.Entity(e.key(), version, e.timeMs(), e.json()))
                        .toList(),
                random.ids(),
                new ArrayList<>(Collections.nCopies(random.ids().size(), version)));
    }

    @Test
    void shouldGiveBackWhatWasWritten() throws Exception {
        for (State state : List.of(at(1, 0), at(2, 1), at(300, 30_000))) {
            SnapshotId id = write(store(), state);
            assertEquals(state.version(), id.version());
            assertEquals(State.PARTITION, id.partition());
            assertTrue(store().list(State.PARTITION).contains(id), "listed as it was returned");
            assertEquals(state, State.read(store(), id));
        }
    }

    @Test
    void shouldListNewestFirstAndPerPartition() throws Exception {
        assertEquals(List.of(), store().list(State.PARTITION));
        for (long version : new long[] {9, 10, 1, 100}) {
            write(store(), at(version, 1));
        }
        assertEquals(
                List.of(100L, 10L, 9L, 1L),
                store().list(State.PARTITION).stream().map(SnapshotId::version).toList());
        assertEquals(List.of(), store().list(State.PARTITION + 1));
    }

    @Test
    void shouldShowNothingBeforeItIsComplete() throws Exception {
        State state = at(5, 10);
        try (SnapshotWriter writer = store().create(state.info())) {
            state.writeTo(writer);
            assertEquals(List.of(), store().list(State.PARTITION));
        }
        assertEquals(List.of(), store().list(State.PARTITION), "closed without being completed");
    }

    @Test
    void shouldTakeNothingAfterTheEndOrAFailure() throws Exception {
        SnapshotWriter done = store().create(at(5, 0).info());
        done.complete();
        assertThrows(IOException.class, done::complete);
        done.close();
        done.close();
        try (SnapshotWriter failed = store().create(at(6, 0).info())) {
            EntityBatch tooNew = EntityBatch.of(at(7, 1).entities());
            assertThrows(IllegalArgumentException.class, () -> failed.writeEntities(tooNew));
            assertThrows(IOException.class, failed::complete);
        }
        assertEquals(1, store().list(State.PARTITION).size());
    }

    @Test
    void shouldSetAsideAndDelete() throws Exception {
        SnapshotId one = write(store(), at(1, 1));
        SnapshotId two = write(store(), at(2, 1));
        SnapshotId three = write(store(), at(3, 1));
        store().setAside(two, "its checksum is wrong");
        assertEquals(List.of(three, one), store().list(State.PARTITION));
        store().delete(one);
        store().delete(one);
        assertEquals(List.of(three), store().list(State.PARTITION));
        assertThrows(IOException.class, () -> State.read(store(), one), "gone is not damaged");
        assertEquals(at(3, 1), State.read(store(), three));
        // It can be written again, and be set aside again.
        SnapshotId again = write(store(), at(2, 1));
        assertEquals(at(2, 1), State.read(store(), again));
        store().setAside(again, "again");
        assertEquals(List.of(three), store().list(State.PARTITION));
    }

    @Test
    void shouldTakeTheSameVersionTwice() throws Exception {
        write(store(), at(1, 1));
        write(store(), at(1, 1));
        for (SnapshotId id : store().list(State.PARTITION)) {
            assertEquals(at(1, 1), State.read(store(), id));
        }
    }

    @Test
    void shouldServeSeveralThreads() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Future<?>> running = new ArrayList<>();
            for (int thread = 0; thread < 4; thread++) {
                long first = 10L * thread;
                running.add(threads.submit(() -> {
                    for (long version = first + 1; version <= first + 5; version++) {
                        SnapshotId id = write(store(), at(version, 500));
                        assertEquals(at(version, 500), State.read(store(), id));
                    }
                    return null;
                }));
            }
            for (Future<?> one : running) {
                one.get(60, TimeUnit.SECONDS);
            }
        } finally {
            threads.shutdownNow();
        }
        assertEquals(20, store().list(State.PARTITION).size());
    }
}
