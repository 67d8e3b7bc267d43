package io.tradewind.dbsync.postgres;

import io.tradewind.dbsync.domain.AuditEntry;
import io.tradewind.dbsync.domain.DeadLetter;
import io.tradewind.dbsync.domain.EntityChange;
import io.tradewind.dbsync.domain.Row;
import io.tradewind.dbsync.domain.RowMemory;
import io.tradewind.dbsync.domain.RowMemory.Update;
import io.tradewind.dbsync.domain.TableMapping;
import io.tradewind.dbsync.domain.TableOp;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One attempt to write a batch, within one transaction. Used by one event loop, gone with the attempt. */
final class BatchRun {

    private static final Logger LOG = LoggerFactory.getLogger(BatchRun.class);

    private static final String SAVE = "SAVEPOINT rows";
    private static final String RELEASE = "RELEASE SAVEPOINT rows";
    private static final String UNDO = "ROLLBACK TO SAVEPOINT rows";

    private static final String SET_ASIDE = """
            INSERT INTO dead_letters (partition, version, domain, partition_key, entity_id, sql_state, reason, payload)
            SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[],
            $8::bytea[])""";

    private final Database.Session session;
    private final boolean isolating;
    private final List<DeadLetter> deadLetters;
    private final Map<TableMapping, List<Row>> asWritten = new LinkedHashMap<>();
    private final List<TableOp> unsure = new ArrayList<>();
    private long rows;
    private long partialRows;
    private long auditRows;

    /** @param isolating whether a refused row is set aside; else it fails the attempt */
    BatchRun(Database.Session session, boolean isolating, List<DeadLetter> deadLetters) {
        this.session = session;
        this.isolating = isolating;
        this.deadLetters = new ArrayList<>(deadLetters);
    }

    /** Part of an operation, with the statement for all of its columns. */
    Future<Void> write(BulkStatement statement, TableOp op, List<Row> chunk) {
        if (isolating) {
            return isolate(statement, chunk);
        }
        return send(statement, chunk).map(written -> {
            note(op, chunk, written);
            return null;
        });
    }

    /**
     * The columns that changed, of rows that are there. Should one of them be missing after all, they are written whole.
     *
     * @param whole the statement for all columns
     */
    Future<Void> update(Update update, List<Row> chunk, BulkStatement whole) {
        BulkStatement statement = BulkStatement.update(update.table(), update.columns());
        TableOp op = new TableOp(update.table(), false, chunk);
        return send(statement, chunk).compose(written -> {
            partialRows += written;
            if (written == chunk.size()) {
                note(op, chunk, written);
                return Future.succeededFuture();
            }
            LOG.debug(
                    "{} of {} rows of {} were to be updated",
                    written,
                    chunk.size(),
                    update.table().table());
            unsure.add(op);
            return send(whole, chunk).mapEmpty();
        });
    }

    private void note(TableOp op, List<Row> chunk, int written) {
        if (!op.delete() && written == chunk.size()) {
            asWritten.computeIfAbsent(op.table(), table -> new ArrayList<>()).addAll(chunk);
        } else {
            unsure.add(new TableOp(op.table(), op.delete(), chunk));
        }
    }

    Future<Void> audit(List<AuditEntry> chunk) {
        return AuditTable.write(session, chunk)
                .onSuccess(written -> auditRows += written)
                .mapEmpty();
    }

    Written written() {
        return new Written(rows, partialRows, auditRows, session.statements(), deadLetters.size());
    }

    /** Once it is committed. */
    void teach(RowMemory memory) {
        if (isolating || !deadLetters.isEmpty()) {
            memory.clear();
            return;
        }
        unsure.forEach(memory::forget);
        asWritten.forEach(memory::learn);
    }

    private Future<Integer> send(BulkStatement statement, List<Row> chunk) {
        return session.run(statement.sql(), statement.parameters(chunk)).map(answer -> {
            rows += answer.rowCount();
            return answer.rowCount();
        });
    }

    private Future<Void> isolate(BulkStatement statement, List<Row> chunk) {
        return session.run(SAVE)
                .compose(saved -> send(statement, chunk))
                .compose(sent -> session.run(RELEASE))
                .<Void>mapEmpty()
                .recover(failure -> SqlState.isDataError(failure)
                        ? session.run(UNDO)
                                .compose(undone -> session.run(RELEASE))
                                .compose(released -> halve(statement, chunk, failure))
                        : Future.failedFuture(failure));
    }

    private Future<Void> halve(BulkStatement statement, List<Row> chunk, Throwable failure) {
        if (chunk.size() == 1) {
            EntityChange change = chunk.get(0).change();
            deadLetters.add(new DeadLetter(change, SqlState.of(failure), SqlState.describe(failure)));
            return Future.succeededFuture();
        }
        int middle = chunk.size() / 2;
        return isolate(statement, chunk.subList(0, middle))
                .compose(first -> isolate(statement, chunk.subList(middle, chunk.size())));
    }

    /** Last in the transaction, when all of them are known. */
    Future<Void> writeDeadLetters(int maxStatementRows) {
        Future<Void> done = Future.succeededFuture();
        for (int from = 0; from < deadLetters.size(); from += maxStatementRows) {
            List<DeadLetter> chunk = deadLetters.subList(from, Math.min(deadLetters.size(), from + maxStatementRows));
            done = done.compose(
                    before -> session.run(SET_ASIDE, parameters(chunk)).mapEmpty());
        }
        return done;
    }

    private static Tuple parameters(List<DeadLetter> chunk) {
        int size = chunk.size();
        Long[] partitions = new Long[size];
        Long[] versions = new Long[size];
        String[] domains = new String[size];
        String[] partitionKeys = new String[size];
        String[] ids = new String[size];
        String[] states = new String[size];
        String[] reasons = new String[size];
        Buffer[] payloads = new Buffer[size];
        for (int i = 0; i < size; i++) {
            DeadLetter letter = chunk.get(i);
            EntityChange change = letter.change();
            LOG.error(
                    "dead letter: partition {} version {}: {} does not fit its table: {}",
                    change.partition(),
                    change.version(),
                    change.key(),
                    letter.reason());
            partitions[i] = (long) change.partition();
            versions[i] = change.version();
            domains[i] = StorableText.of(change.key().domain());
            partitionKeys[i] = StorableText.of(change.key().partitionKey());
            ids[i] = StorableText.of(change.key().id());
            states[i] = letter.sqlState();
            reasons[i] = StorableText.of(letter.reason());
            payloads[i] = change.isDelete() ? null : change.json().toBuffer();
        }
        return Tuple.tuple()
                .addValue(partitions)
                .addValue(versions)
                .addValue(domains)
                .addValue(partitionKeys)
                .addValue(ids)
                .addValue(states)
                .addValue(reasons)
                .addValue(payloads);
    }
}
