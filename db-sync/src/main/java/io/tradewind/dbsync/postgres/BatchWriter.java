package io.tradewind.dbsync.postgres;

import io.tradewind.dbsync.domain.ArchivedEntry;
import io.tradewind.dbsync.domain.Batch;
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
 * archive, the rows, and the dead letters. When a row is refused, everything is rolled back and written again with a savepoint before each statement,
 * halving it until the row at fault stands alone and can be set aside.
 *
 * <p>Used on the event loop of its database, one batch at a time. Holds nothing to close. After a crash, either all of a
 * batch is in Postgres or none of it.
 */
public final class BatchWriter {

    private static final Logger LOG = LoggerFactory.getLogger(BatchWriter.class);

    private final Database database;
    private final int maxStatementRows;
    private final Map<String, BulkStatement> puts = new HashMap<>();
    private final Map<String, BulkStatement> deletes = new HashMap<>();

    /** @param maxStatementRows of one statement; larger tables of a batch take several */
    public BatchWriter(Database database, int maxStatementRows) {
        this.database = database;
        this.maxStatementRows = maxStatementRows;
        for (TableMapping table : TableMappings.all()) {
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
        return attempt(batch, first, false).recover(failure -> {
            if (!SqlState.isDataError(failure)) {
                return Future.failedFuture(failure);
            }
            LOG.warn("a row of the batch is refused by Postgres and will be set aside: {}", SqlState.describe(failure));
            return attempt(batch, first, true);
        });
    }

    /** Whether Postgres rolled the batch back for the sake of another transaction, so that it may work as it is. */
    public static boolean mayWorkAgain(Throwable failure) {
        return SqlState.isConflict(failure);
    }

    private Future<Written> attempt(Batch batch, Function<Database.Session, Future<Void>> first, boolean isolating) {
        return database.inTransaction(session -> {
            BatchRun run = new BatchRun(session, isolating, batch.deadLetters());
            Future<Void> done = first.apply(session).compose(v -> OffsetTable.advance(session, batch.advances()));
            for (List<ArchivedEntry> chunk : chunks(batch.archive())) {
                done = done.compose(before -> LogArchive.write(session, chunk)).mapEmpty();
            }
            for (TableOp op : batch.ops()) {
                done = done.compose(before -> write(op, run));
            }
            return done.compose(before -> run.writeDeadLetters(maxStatementRows))
                    .map(end -> run.written());
        });
    }

    private List<List<ArchivedEntry>> chunks(List<ArchivedEntry> entries) {
        List<List<ArchivedEntry>> chunks = new ArrayList<>();
        for (int from = 0; from < entries.size(); from += maxStatementRows) {
            chunks.add(entries.subList(from, Math.min(entries.size(), from + maxStatementRows)));
        }
        return chunks;
    }

    private Future<Void> write(TableOp op, BatchRun run) {
        BulkStatement statement = (op.delete() ? deletes : puts).get(op.table().table());
        Future<Void> done = Future.succeededFuture();
        for (int from = 0; from < op.rows().size(); from += maxStatementRows) {
            int start = from;
            int end = Math.min(op.rows().size(), from + maxStatementRows);
            done = done.compose(before -> run.write(statement, op.rows().subList(start, end)));
        }
        return done;
    }
}
