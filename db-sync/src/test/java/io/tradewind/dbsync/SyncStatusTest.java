package io.tradewind.dbsync;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tradewind.dbsync.domain.Advance;
import io.tradewind.dbsync.domain.Batch;
import io.tradewind.dbsync.domain.Offsets;
import io.tradewind.dbsync.domain.PartitionRead;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SyncStatusTest {

    private static final long T0 = 1_790_000_000_000L;
    private static final int PARTITION = 3;

    private long nowMs = T0;
    private final SyncStatus status = new SyncStatus(new Hands(), Duration.ofSeconds(30));

    /** A clock that is set by hand. */
    private final class Hands extends Clock {

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Instant instant() {
            return Instant.ofEpochMilli(nowMs);
        }
    }

    @BeforeEach
    void follow() {
        status.leads(true);
        status.redisWorks();
        status.postgresWorks();
        wrote(read(1), 1, false);
    }

    @Test
    void shouldNotBeBehindWhenAllIsWritten() {
        nowMs += 60_000;

        assertEquals(0, status.lagMs());
    }

    @Test
    void shouldBeBehindFromAHintUntilWhatItMeantIsWritten() {
        nowMs += 500;
        status.moreIsThere();
        nowMs += 100;
        assertEquals(600, status.lagMs());

        Offsets heads = read(2);
        nowMs += 50;
        assertEquals(650, status.lagMs(), "read, not written");
        wrote(heads, 2, false);

        assertEquals(0, status.lagMs());
    }

    @Test
    void shouldStayBehindWhenMoreCameWhileABatchWasWritten() {
        status.moreIsThere();
        Offsets heads = read(2);
        long readMs = nowMs;
        nowMs += 30_000;
        status.moreIsThere();
        done(heads, 2, false, readMs);

        assertEquals(30_000, status.lagMs(), "nothing is known of what came since the read");
    }

    @Test
    void shouldBeBehindByTheOldestThatIsMissingInABacklog() {
        status.moreIsThere();
        nowMs += 10_000;
        Offsets heads = read(100);
        done(heads, 40, true, nowMs);

        // Everything up to the last transaction that was written, of 4 seconds ago, is there.
        assertEquals(4_000, status.lagMs());
    }

    @Test
    void shouldBeBehindWhilePostgresIsAway() {
        nowMs += 5_000;
        status.postgresFailed("gone");

        assertEquals(5_000, status.lagMs());
    }

    /** @return what the logs were seen to have */
    private Offsets read(long head) {
        status.beginsToRead();
        return status.read(List.of(new PartitionRead(PARTITION, head, List.of(), false)));
    }

    private void wrote(Offsets heads, long to, boolean backlog) {
        done(heads, to, backlog, nowMs);
    }

    private void done(Offsets heads, long to, boolean backlog, long readMs) {
        Advance advance = new Advance(PARTITION, to - 1, to, nowMs - 4_000);
        status.reached(Offsets.none().with(PARTITION, to));
        status.done(
                new Batch(List.of(advance), List.of(), List.of(), List.of(), List.of(), List.of(), 1, 1, T0, backlog),
                readMs,
                heads);
    }
}
