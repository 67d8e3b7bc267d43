package io.tradewind.statestore.endpoint;

import io.tradewind.contracts.state.HistoryPage;
import io.tradewind.contracts.state.HistoryPage.End;
import io.tradewind.contracts.state.LogCodec;
import io.tradewind.contracts.state.schema.SchemaException;
import io.tradewind.contracts.state.schema.Schemas;
import io.tradewind.contracts.wire.WireFormatException;
import io.tradewind.statestore.domain.HistoryScan;
import io.tradewind.statestore.domain.StoredEntry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Goes back through the log, and where that begins, through the archive, for one {@link HistoryScan} at a time and each
 * for a bounded time: what is not reached is left to the next request.
 *
 * <p>On the event loop of the state-store; entries are decoded on a worker thread of its own. Closed by its endpoint.
 */
final class HistoryReader {

    /** Reads entries backwards: the one that holds a version, and those before it, newest first. */
    interface Source {
        Future<List<StoredEntry>> readBack(int partition, long version, int count);
    }

    /** An entry is damaged, or its documents cannot be brought to the shape of today; trying again does not help. */
    static final class UnreadableEntryException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        UnreadableEntryException(String message, Throwable cause) {
            super(message, cause);
        }
    }

    private static final Logger LOG = LoggerFactory.getLogger(HistoryReader.class);

    /** After so long a request answers with what it has. */
    private static final long MAX_WORK_NS = TimeUnit.SECONDS.toNanos(1);

    /** Entries of the first read; later ones take as many as have about {@link #READ_BYTES}. */
    private static final int FIRST_READ_ENTRIES = 16;

    private static final int MAX_READ_ENTRIES = 512;
    private static final long READ_BYTES = 2L * 1024 * 1024;

    private final WorkerExecutor worker;
    private final Source log;
    private final Source archive;
    private final LogCodec codec;
    private final long maxWorkNs;

    /** @param schemas to bring documents to the shape of today, as the state has them */
    HistoryReader(Vertx vertx, Source log, Source archive, Schemas schemas) {
        this(vertx, log, archive, schemas, MAX_WORK_NS);
    }

    /** @param maxWorkNs after so long a request answers with what it has */
    HistoryReader(Vertx vertx, Source log, Source archive, Schemas schemas, long maxWorkNs) {
        this.maxWorkNs = maxWorkNs;
        // One thread: the codec is used by one at a time.
        this.worker = vertx.createSharedWorkerExecutor("tradewind-history", 1);
        this.log = log;
        this.archive = archive;
        this.codec = new LogCodec(schemas);
    }

    /**
     * Looks on until the scan is done, nothing older can be had, or enough has been done for one answer.
     *
     * @return fails when the log is out of reach and the archive does not have what is missing, or an entry is damaged
     */
    Future<HistoryPage> run(int partition, long headVersion, HistoryScan scan) {
        return new Run(partition, headVersion, scan).step();
    }

    Future<Void> close() {
        // Behind whatever is being decoded: the codec's memory must not be freed under it.
        return worker.<Void>executeBlocking(() -> {
                    codec.close();
                    return null;
                })
                .eventually(worker::close);
    }

    /** One request. */
    private final class Run {

        private final int partition;
        private final long headVersion;
        private final HistoryScan scan;
        private final long beganNs = System.nanoTime();
        private boolean inArchive;
        private Throwable logFailure;
        private Throwable archiveFailure;
        private int count = FIRST_READ_ENTRIES;

        Run(int partition, long headVersion, HistoryScan scan) {
            this.partition = partition;
            this.headVersion = headVersion;
            this.scan = scan;
        }

        Future<HistoryPage> step() {
            if (scan.isDone()) {
                return page(scan.next() == 0 ? End.BEGINNING : End.MORE, null);
            }
            long before = scan.next();
            return read().compose(entries -> worker.executeBlocking(() -> look(entries)))
                    .compose(looked -> {
                        if (scan.next() == before) {
                            return sourceEnds();
                        }
                        boolean enough = System.nanoTime() - beganNs > maxWorkNs;
                        return enough && !scan.isDone() ? page(End.MORE, null) : step();
                    });
        }

        private Future<List<StoredEntry>> read() {
            Source source = inArchive ? archive : log;
            return source.readBack(partition, scan.next(), count).otherwise(failure -> {
                // Not the end yet: the archive may have what the log cannot show now.
                LOG.warn(
                        "partition {}: the {} is out of reach below version {}: {}",
                        partition,
                        inArchive ? "archive" : "log",
                        scan.next(),
                        failure.toString());
                if (inArchive) {
                    archiveFailure = failure;
                } else {
                    logFailure = failure;
                }
                return List.of();
            });
        }

        /** Off the event loop. */
        private Void look(List<StoredEntry> entries) {
            long bytes = 0;
            for (StoredEntry entry : entries) {
                bytes += entry.body().length;
                if (scan.isDone() || entry.lastVersion() < scan.next()) {
                    // Older than the next one: what is between is not there.
                    break;
                }
                try {
                    scan.look(codec.decode(entry.body()));
                } catch (WireFormatException | SchemaException e) {
                    throw new UnreadableEntryException(
                            "entry " + entry.lastVersion() + " of partition " + partition + ": " + e.getMessage(), e);
                }
            }
            if (!entries.isEmpty()) {
                long each = Math.max(1, bytes / entries.size());
                count = (int) Math.max(1, Math.min(MAX_READ_ENTRIES, READ_BYTES / each));
            }
            return null;
        }

        /** What is read from does not have the next version. */
        private Future<HistoryPage> sourceEnds() {
            if (!inArchive) {
                inArchive = true;
                count = FIRST_READ_ENTRIES;
                return step();
            }
            if (logFailure != null) {
                return Future.failedFuture("the log is out of reach, and the archive "
                        + (archiveFailure == null ? "does not have" : "as well, for") + " version " + scan.next() + ": "
                        + logFailure.getMessage());
            }
            return archiveFailure == null
                    ? page(End.NOT_KEPT, null)
                    : page(End.OUT_OF_REACH, "the archive in Postgres does not answer: " + archiveFailure.getMessage());
        }

        private Future<HistoryPage> page(End end, String reason) {
            return Future.succeededFuture(
                    new HistoryPage(headVersion, scan.changes(), scan.lookedBackTo(), end, reason));
        }
    }
}
