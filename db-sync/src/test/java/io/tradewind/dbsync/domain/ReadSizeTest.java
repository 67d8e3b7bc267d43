package io.tradewind.dbsync.domain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tradewind.dbsync.TestLog;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReadSizeTest {

    private static final int TARGET_BYTES = 10_000;

    private final ReadSize size = new ReadSize(TARGET_BYTES, 64);

    @Test
    void shouldGrowWhileReadsComeFullAndSmall() {
        for (int i = 0; i < 10; i++) {
            learn(size.count(), 10, size.count());
        }

        assertEquals(64, size.count());
    }

    @Test
    void shouldShrinkToOneWhenEntriesAreHuge() {
        for (int i = 0; i < 10; i++) {
            learn(size.count(), TARGET_BYTES + 1, size.count());
        }

        assertEquals(1, size.count());
    }

    @Test
    void shouldShrinkWhenTheBatchCannotTakeAllOfIt() {
        int before = size.count();

        learn(before, 10, before - 1);

        assertTrue(size.count() < before);
    }

    @Test
    void shouldStayWhenNothingCame() {
        int before = size.count();

        size.learn(List.of(new PartitionRead(0, 0, List.of(), false)), batch(List.of()));

        assertEquals(before, size.count());
    }

    @Test
    void shouldBeginABacklogSmallHoweverMuchItAskedForBefore() {
        for (int i = 0; i < 10; i++) {
            learn(size.count(), 10, size.count());
        }
        assertEquals(64, size.count());

        read(20, 10, 20, false);
        assertEquals(40, size.count(), "twice what was there");
        read(1, 10, 1, false);
        assertEquals(8, size.count(), "the least, while hardly anything is there");
    }

    private void learn(int entries, int bytes, int taken) {
        read(entries, bytes, taken, true);
    }

    private void read(int entries, int bytes, int taken, boolean full) {
        List<LogEntry> read = new ArrayList<>();
        for (int i = 1; i <= entries; i++) {
            read.add(new LogEntry(i, new byte[bytes]));
        }
        List<Advance> advances = taken == 0 ? List.of() : List.of(new Advance(0, 0, taken, TestLog.T0 + taken));
        size.learn(List.of(new PartitionRead(0, entries, read, full)), batch(advances));
    }

    private static Batch batch(List<Advance> advances) {
        return new Batch(advances, List.of(), List.of(), List.of(), List.of(), List.of(), 0, 0, 0, false);
    }
}
