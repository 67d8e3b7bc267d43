package io.tradewind.dbsync.postgres;

import io.tradewind.dbsync.domain.DeadLetter;
import io.tradewind.dbsync.domain.EntityChange;
import io.tradewind.dbsync.domain.Row;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;
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
    private long rows;

    /** @param isolating whether a refused row is set aside; else it fails the attempt */
    BatchRun(Database.Session session, boolean isolating, List<DeadLetter> deadLetters) {
        this.session = session;
        this.isolating = isolating;
        this.deadLetters = new ArrayList<>(deadLetters);
    }

    Future<Void> write(BulkStatement statement, List<Row> chunk) {
        return isolating ? isolate(statement, chunk) : send(statement, chunk);
    }

    Written written() {
        return new Written(rows, session.statements(), deadLetters.size());
    }

    private Future<Void> send(BulkStatement statement, List<Row> chunk) {
        return session.run(statement.sql(), statement.parameters(chunk))
                .onSuccess(answer -> rows += answer.rowCount())
                .mapEmpty();
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
            domains[i] = storable(change.key().domain());
            partitionKeys[i] = storable(change.key().partitionKey());
            ids[i] = storable(change.key().id());
            states[i] = letter.sqlState();
            reasons[i] = storable(letter.reason());
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

    /** Postgres cannot store the character NUL in text; a dead letter must not itself be refused. */
    private static String storable(String text) {
        return text.replace('\u0000', '\uFFFD');
    }
}
