package io.tradewind.dbsync.postgres;

import io.tradewind.dbsync.domain.Batch;
import io.tradewind.dbsync.domain.NewRows;
import io.tradewind.dbsync.domain.NewRows.Split;
import io.tradewind.dbsync.domain.RowMemory;
import io.tradewind.dbsync.domain.RowMemory.Plan;
import io.tradewind.dbsync.domain.RowMemory.Update;
import io.tradewind.dbsync.domain.TableMapping;
import io.tradewind.dbsync.domain.TableMappings;
import io.tradewind.dbsync.domain.TableOp;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes a batch in one transaction: first the offsets, which shuts a second writer out, then the log entries for the
 * archive, the audit, the rows, and the dead letters. New rows are inserted whole; of rows that this writer knows, only
 * the columns that changed are updated. Rows that are taken for new are inserted without a thought for others; when that
 * was wrong, everything is rolled back and written with that thought. When a row is refused all the same, everything is
 * rolled back once more and written with a savepoint before each statement, halving it until the row at fault stands alone
 * and can be set aside.
 *
 * <p>Used on the event loop of its database, one batch at a time. Holds nothing to close. After a crash, either all of a
 * batch is in Postgres or none of it.
 */
public final class BatchWriter {

    private static final Logger LOG = LoggerFactory.getLogger(BatchWriter.class);

    /** How a batch is written. */
    private enum Manner {
        /** Rows that are taken for new are inserted as such. */
        GUESSING,
        /** Any row may be there. */
        CAREFUL,
        /** Rows that are refused are set aside. */
        ISOLATING
    }

    private final Database database;
    private final int maxStatementRows;
    private final RowMemory memory = new RowMemory();
    private final NewRows newRows = new NewRows();
    private final Map<String, BulkStatement> inserts = new HashMap<>();
    private final Map<String, BulkStatement> puts = new HashMap<>();
    private final Map<String, BulkStatement> deletes = new HashMap<>();
    /** Whether the attempt that runs takes rows for new. */
    private boolean guessed;

    /** @param maxStatementRows of one statement; larger tables of a batch take several */
    public BatchWriter(Database database, int maxStatementRows) {
        this.database = database;
        this.maxStatementRows = maxStatementRows;
        for (TableMapping table : TableMappings.all()) {
            inserts.put(table.table(), BulkStatement.insert(table));
            puts.put(table.table(), BulkStatement.put(table));
            deletes.put(table.table(), BulkStatement.delete(table));
        }
    }

    /**
     * @return fails with {@link OffsetsMovedException} when the batch does not start where Postgres is, else with what
     *     the client says. Any failure leaves open whether the batch was committed: read the offsets to know.
     */
    public Future<Written> write(Batch batch) {
        return write(batch, session -> Future.succeededFuture());
    }

    /**
     * The same, behind something else in the same transaction.
     *
     * @param first when it fails, nothing is done
     */
    Future<Written> write(Batch batch, Function<Database.Session, Future<Void>> first) {
        newRows.next();
        return attempt(batch, first, Manner.GUESSING)
                .recover(failure -> {
                    if (!guessed || !SqlState.isDataError(failure)) {
                        return Future.failedFuture(failure);
                    }
                    newRows.wrong();
                    LOG.info("a row that was taken for new is there, or is refused: {}", SqlState.describe(failure));
                    return attempt(batch, first, Manner.CAREFUL);
                })
                .recover(failure -> {
                    if (!SqlState.isDataError(failure)) {
                        return Future.failedFuture(failure);
                    }
                    LOG.warn(
                            "a row of the batch is refused by Postgres and will be set aside: {}",
                            SqlState.describe(failure));
                    return attempt(batch, first, Manner.ISOLATING);
                })
                .onFailure(failure -> forget());
    }

    /** Whether Postgres rolled the batch back for the sake of another transaction, so that it may work as it is. */
    public static boolean mayWorkAgain(Throwable failure) {
        return SqlState.isConflict(failure);
    }

    /** What is known of the rows in Postgres no longer counts: others may have written them. */
    public void forget() {
        memory.clear();
    }

    private Future<Written> attempt(Batch batch, Function<Database.Session, Future<Void>> first, Manner manner) {
        guessed = false;
        if (manner == Manner.ISOLATING || batch.advances().isEmpty()) {
            // Without an advance, nothing tells whether others have written meanwhile.
            forget();
        }
        return database.inTransaction(
                        session -> first.apply(session).compose(ready -> writeAll(session, batch, manner)))
                .map(run -> {
                    run.teach(memory);
                    return run.written();
                });
    }

    private Future<BatchRun> writeAll(Database.Session session, Batch batch, Manner manner) {
        boolean isolating = manner == Manner.ISOLATING;
        BatchRun run = new BatchRun(session, isolating, batch.deadLetters());
        Pipeline pipeline = new Pipeline(isolating ? 1 : Pipeline.WINDOW);
        pipeline.add(() -> OffsetTable.advance(session, batch.advances()));
        chunks(batch.archive()).forEach(chunk -> pipeline.add(() -> LogArchive.write(session, chunk)));
        chunks(batch.audit()).forEach(chunk -> pipeline.add(() -> run.audit(chunk)));
        // What an operator has written anew may be there already.
        long newSinceMs =
                manner == Manner.GUESSING && !batch.advances().isEmpty() ? batch.oldestTimeMs() : NewRows.NEVER;
        batch.ops().forEach(op -> write(op, newSinceMs, run, pipeline));
        return pipeline.done()
                .compose(before -> run.writeDeadLetters(maxStatementRows))
                .map(end -> run);
    }

    private void write(TableOp op, long newSinceMs, BatchRun run, Pipeline pipeline) {
        String table = op.table().table();
        BulkStatement whole = (op.delete() ? deletes : puts).get(table);
        Plan plan = memory.plan(op);
        Split split = newRows.split(op, plan.whole(), newSinceMs);
        guessed |= !split.fresh().isEmpty();
        chunks(split.fresh()).forEach(chunk -> pipeline.add(() -> run.write(inserts.get(table), op, chunk)));
        chunks(split.others()).forEach(chunk -> pipeline.add(() -> run.write(whole, op, chunk)));
        for (Update update : plan.updates()) {
            chunks(update.rows()).forEach(chunk -> pipeline.add(() -> run.update(update, chunk, whole)));
        }
    }

    private <T> List<List<T>> chunks(List<T> all) {
        List<List<T>> chunks = new ArrayList<>();
        for (int from = 0; from < all.size(); from += maxStatementRows) {
            chunks.add(all.subList(from, Math.min(all.size(), from + maxStatementRows)));
        }
        return chunks;
    }
}
