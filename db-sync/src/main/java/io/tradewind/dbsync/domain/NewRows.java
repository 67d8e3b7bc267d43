package io.tradewind.dbsync.domain;

import io.tradewind.dbsync.domain.TableMapping.OnConflict;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;

/**
 * Guesses which rows of a batch are not in their table yet, because a row that is known to be new costs Postgres less. A row
 * that never changes comes once; one whose document says that it was made within the time of the batch was hardly
 * written by an earlier one. Whether a guess was wrong Postgres says, by refusing the row, and then nothing is guessed for a
 * while: the tables may be ahead of the log, as after a rebuild.
 *
 * <p>One thread. After a crash nothing is remembered, and nothing needs to be.
 */
public final class NewRows {

    /** Batches without a guess behind a wrong one. */
    static final int BATCHES_WITHOUT = 1_000;

    /** Fewer rows than this are not worth a statement of their own. */
    static final int MIN_ROWS = 32;

    /** No row is new. */
    public static final long NEVER = Long.MAX_VALUE;

    private int without;

    /**
     * @param fresh those that are taken for new
     * @param others in the same order as before
     */
    public record Split(List<Row> fresh, List<Row> others) {

        public Split {
            fresh = List.copyOf(fresh);
            others = List.copyOf(others);
        }
    }

    /** A batch begins. */
    public void next() {
        without = Math.max(0, without - 1);
    }

    /** A row that was taken for new was there. */
    public void wrong() {
        without = BATCHES_WITHOUT;
    }

    /**
     * @param rows of the operation, those of which nothing is known
     * @param sinceMs when the oldest transaction of the batch was committed, milliseconds since the epoch, or {@link #NEVER}
     */
    public Split split(TableOp op, List<Row> rows, long sinceMs) {
        int born = op.table().bornIndex();
        boolean comesOnce = op.table().onConflict() == OnConflict.KEEP;
        boolean mayGuess = without == 0 && sinceMs != NEVER && !op.delete() && (comesOnce || born >= 0);
        if (!mayGuess || rows.size() < MIN_ROWS) {
            return new Split(List.of(), rows);
        }
        if (comesOnce) {
            return new Split(rows, List.of());
        }
        List<Row> fresh = new ArrayList<>(rows.size());
        List<Row> others = new ArrayList<>();
        for (Row row : rows) {
            (isBornSince(row.values().get(born), sinceMs) ? fresh : others).add(row);
        }
        return fresh.size() < MIN_ROWS ? new Split(List.of(), rows) : new Split(fresh, others);
    }

    private static boolean isBornSince(Object born, long sinceMs) {
        return born instanceof OffsetDateTime time && time.toInstant().toEpochMilli() >= sinceMs;
    }
}
