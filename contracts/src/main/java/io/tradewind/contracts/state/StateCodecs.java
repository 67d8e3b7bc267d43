package io.tradewind.contracts.state;

import io.tradewind.contracts.Json;
import io.tradewind.contracts.wire.WireCodec;
import io.tradewind.contracts.wire.WireFormatException;
import io.tradewind.contracts.wire.WireReader;
import io.tradewind.contracts.wire.WireWriter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The wire form of the state-store messages; each writes its components in their order. */
public final class StateCodecs {

    private static final int VERSION = 1;

    /** With {@code after}. */
    private static final int COMMIT_VERSION = 2;

    /** With {@code maxAgeMs}. */
    private static final int READ_VERSION = 2;

    private StateCodecs() {}

    public static List<WireCodec<?>> all() {
        return List.of(
                new WireCodec<>(Commit.class, COMMIT_VERSION, StateCodecs::writeCommit, StateCodecs::readCommit),
                new WireCodec<>(
                        CommitReply.class,
                        VERSION,
                        (out, m) -> out.writeList(m.outcomes(), StateCodecs::writeOutcome),
                        in -> new CommitReply(in.readList(StateCodecs::readOutcome))),
                new WireCodec<>(Changes.class, VERSION, StateCodecs::writeChanges, StateCodecs::readChanges),
                new WireCodec<>(ReadEntities.class, READ_VERSION, StateCodecs::writeQuery, StateCodecs::readQuery),
                new WireCodec<>(EntitiesPage.class, VERSION, StateCodecs::writePage, StateCodecs::readPage),
                new WireCodec<>(
                        ReadLog.class,
                        VERSION,
                        (out, m) -> out.writeVarint(m.partition())
                                .writeVarint(m.afterVersion())
                                .writeVarint(m.limit()),
                        in -> new ReadLog(in.readInt(), in.readVarint(), in.readInt())),
                new WireCodec<>(
                        LogPage.class,
                        VERSION,
                        (out, m) -> out.writeVarint(m.headVersion())
                                .writeBoolean(m.reset())
                                .writeList(m.transactions(), StateCodecs::writeCommitted),
                        in -> new LogPage(in.readVarint(), in.readBoolean(), in.readList(StateCodecs::readCommitted))),
                new WireCodec<>(
                        LogPressure.class,
                        VERSION,
                        (out, m) -> out.writeEnum(m.level())
                                .writeVarint(m.usedBytes())
                                .writeVarint(m.budgetBytes())
                                .writeVarint(m.validMs()),
                        in -> new LogPressure(
                                in.readEnum(LogPressure.Level.class),
                                in.readVarint(),
                                in.readVarint(),
                                in.readVarint())),
                new WireCodec<>(
                        ReadHistory.class, VERSION, StateCodecs::writeReadHistory, StateCodecs::readReadHistory),
                new WireCodec<>(HistoryPage.class, VERSION, StateCodecs::writeHistory, StateCodecs::readHistory),
                new WireCodec<>(
                        StateCommand.class,
                        VERSION,
                        (out, m) -> out.writeEnum(m.verb()).writeVarint(m.partition()),
                        in -> new StateCommand(in.readEnum(StateCommand.Verb.class), in.readInt())),
                new WireCodec<>(
                        SyncCommand.class,
                        VERSION,
                        (out, m) -> out.writeEnum(m.verb()).writeVarint(m.partition()),
                        in -> new SyncCommand(in.readEnum(SyncCommand.Verb.class), in.readInt())),
                new WireCodec<>(SyncedVersions.class, VERSION, StateCodecs::writeSynced, StateCodecs::readSynced));
    }

    private static void writeReadHistory(WireWriter out, ReadHistory query) {
        writeKey(out, query.key());
        out.writeVarint(query.fromVersion()).writeVarint(query.limit()).writeBoolean(query.stateOnly());
    }

    private static ReadHistory readReadHistory(WireReader in) {
        return new ReadHistory(readKey(in), in.readVarint(), in.readInt(), in.readBoolean());
    }

    private static void writeHistory(WireWriter out, HistoryPage page) {
        out.writeVarint(page.headVersion());
        out.writeList(page.changes(), (w, change) -> {
            w.writeVarint(change.version()).writeVarint(change.timeMs()).writeText(change.transactionId());
            writeCause(w, change.cause());
            w.writeBytes(change.isDelete() ? null : change.json().bytes());
        });
        out.writeVarint(page.lookedBackTo()).writeEnum(page.end()).writeText(page.reason());
    }

    private static HistoryPage readHistory(WireReader in) {
        return new HistoryPage(
                in.readVarint(),
                in.readList(r -> {
                    long version = r.readVarint();
                    long timeMs = r.readVarint();
                    String id = r.readText();
                    Cause cause = readCause(r);
                    byte[] json = r.readBytes();
                    return new EntityChange(version, timeMs, id, cause, json == null ? null : Json.ofBytes(json));
                }),
                in.readVarint(),
                in.readEnum(HistoryPage.End.class),
                in.readText());
    }

    private static void writeSynced(WireWriter out, SyncedVersions synced) {
        out.writeList(List.copyOf(synced.ordered().entrySet()), (w, entry) -> w.writeVarint(entry.getKey())
                .writeVarint(entry.getValue()));
    }

    private static SyncedVersions readSynced(WireReader in) {
        Map<Integer, Long> versions = new HashMap<>();
        in.readList(r -> versions.put(r.readInt(), r.readVarint()));
        return new SyncedVersions(versions);
    }

    static void writeKey(WireWriter out, EntityKey key) {
        out.writeText(key.domain()).writeText(key.partitionKey()).writeText(key.id());
    }

    static EntityKey readKey(WireReader in) {
        return new EntityKey(in.readText(), in.readText(), in.readText());
    }

    static void writeCause(WireWriter out, Cause cause) {
        out.writeText(cause.correlationId()).writeText(cause.causationId()).writeText(cause.actor());
    }

    static Cause readCause(WireReader in) {
        return new Cause(in.readText(), in.readText(), in.readText());
    }

    static void writeMutation(WireWriter out, Mutation mutation) {
        writeKey(out, mutation.key());
        out.writeBytes(mutation.json() == null ? null : mutation.json().bytes());
    }

    static Mutation readMutation(WireReader in) {
        EntityKey key = readKey(in);
        byte[] json = in.readBytes();
        return new Mutation(key, json == null ? null : Json.ofBytes(json));
    }

    private static void writeCommit(WireWriter out, Commit commit) {
        out.writeVarint(commit.partition()).writeEnum(commit.durability()).writeText(commit.after());
        out.writeList(commit.transactions(), (w, tx) -> {
            w.writeText(tx.id());
            writeCause(w, tx.cause());
            w.writeList(tx.mutations(), StateCodecs::writeMutation);
            w.writeList(tx.expectations(), (w2, e) -> {
                writeKey(w2, e.key());
                w2.writeVarint(e.version());
            });
        });
    }

    private static Commit readCommit(WireReader in) {
        return new Commit(
                in.readInt(),
                in.readEnum(Durability.class),
                in.readText(),
                in.readList(r -> new Transaction(
                        r.readText(),
                        readCause(r),
                        r.readList(StateCodecs::readMutation),
                        r.readList(r2 -> new Expectation(readKey(r2), r2.readVarint())))));
    }

    private static void writeOutcome(WireWriter out, TransactionOutcome outcome) {
        if (outcome instanceof TransactionOutcome.Committed committed) {
            out.writeByte(0).writeVarint(committed.version()).writeBoolean(committed.repeated());
        } else if (outcome instanceof TransactionOutcome.Conflict conflict) {
            writeKey(out.writeByte(1), conflict.key());
            out.writeVarint(conflict.expected()).writeVarint(conflict.actual());
        } else if (outcome instanceof TransactionOutcome.Refused refused) {
            out.writeByte(2).writeText(refused.reason());
        }
    }

    private static TransactionOutcome readOutcome(WireReader in) {
        int kind = in.readByte();
        return switch (kind) {
            case 0 -> new TransactionOutcome.Committed(in.readVarint(), in.readBoolean());
            case 1 -> new TransactionOutcome.Conflict(readKey(in), in.readVarint(), in.readVarint());
            case 2 -> new TransactionOutcome.Refused(in.readText());
            default -> throw new WireFormatException("transaction outcome of kind " + kind);
        };
    }

    private static void writeCommitted(WireWriter out, CommittedTransaction tx) {
        out.writeVarint(tx.version()).writeVarint(tx.timeMs()).writeText(tx.id());
        writeCause(out, tx.cause());
        out.writeList(tx.mutations(), StateCodecs::writeMutation);
    }

    private static CommittedTransaction readCommitted(WireReader in) {
        return new CommittedTransaction(
                in.readVarint(), in.readVarint(), in.readText(), readCause(in), in.readList(StateCodecs::readMutation));
    }

    private static void writeChanges(WireWriter out, Changes changes) {
        out.writeVarint(changes.partition()).writeVarint(changes.epoch());
        out.writeList(changes.transactions(), StateCodecs::writeCommitted);
    }

    private static Changes readChanges(WireReader in) {
        return new Changes(in.readInt(), in.readVarint(), in.readList(StateCodecs::readCommitted));
    }

    private static void writeQuery(WireWriter out, ReadEntities query) {
        out.writeVarint(query.partition()).writeText(query.domain()).writeText(query.partitionKey());
        out.writeList(query.ids(), WireWriter::writeText);
        out.writeText(query.afterKey()).writeText(query.afterId());
        out.writeBoolean(query.descending()).writeVarint(query.limit());
        // From -1; a varint is shortest from 0.
        out.writeVarint(query.maxAgeMs() + 1);
    }

    private static ReadEntities readQuery(WireReader in) {
        return new ReadEntities(
                in.readInt(),
                in.readText(),
                in.readText(),
                in.readList(WireReader::readText),
                in.readText(),
                in.readText(),
                in.readBoolean(),
                in.readInt(),
                in.readVarint() - 1);
    }

    private static void writePage(WireWriter out, EntitiesPage page) {
        out.writeVarint(page.version()).writeVarint(page.asOfMs()).writeBoolean(page.stale());
        out.writeList(page.entities(), (w, entity) -> {
            writeKey(w, entity.key());
            w.writeVarint(entity.version()).writeVarint(entity.timeMs());
            w.writeBytes(entity.json().bytes());
        });
        out.writeBoolean(page.more());
    }

    private static EntitiesPage readPage(WireReader in) {
        return new EntitiesPage(
                in.readVarint(),
                in.readVarint(),
                in.readBoolean(),
                in.readList(r -> new Entity(readKey(r), r.readVarint(), r.readVarint(), Json.ofBytes(r.readBytes()))),
                in.readBoolean());
    }
}
