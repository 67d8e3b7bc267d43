package io.tradewind.statestore.redis;

import io.tradewind.contracts.state.CommittedTransaction;
import io.tradewind.contracts.state.LogCodec;
import io.tradewind.contracts.state.LogKeys;
import io.tradewind.contracts.state.schema.SchemaException;
import io.tradewind.contracts.state.schema.Schemas;
import io.tradewind.contracts.wire.WireFormatException;
import io.tradewind.statestore.domain.Holder;
import io.tradewind.statestore.domain.LogAppend;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.ArrayList;
import java.util.List;

/**
 * The logs of the partitions in Redis. Every write is a Lua script that checks the epoch of its caller, see
 * {@link LogKeys} for the layout. On the event loop of its {@link RedisLink}; holds native compression contexts, closed
 * by whoever made it.
 */
public final class PartitionLog implements AutoCloseable {

    /** Stream entries read at once: each may hold megabytes. */
    private static final int ENTRIES_PER_READ = 64;

    private final RedisLink link;
    private final Scripts scripts;
    private final String member;
    private final LogCodec codec;

    /** @param member the id of this process, which no other process ever has */
    public PartitionLog(RedisLink link, Scripts scripts, Schemas schemas, String member) {
        this.link = link;
        this.scripts = scripts;
        this.member = member;
        this.codec = new LogCodec(schemas);
    }

    /** Whether there is a connection to Redis now. */
    public boolean isReachable() {
        return link.isUp();
    }

    /**
     * Ownership of a partition.
     *
     * @param epoch the fencing number of the new owner
     * @param version the last version that was in the log, which may be empty by now
     */
    public record Acquired(long epoch, long version) {}

    /** Who owns a partition now. */
    public Future<Holder> holder(int partition) {
        Request head = Request.cmd(Command.HMGET)
                .arg(LogKeys.head(partition))
                .arg(LogKeys.HEAD_OWNER)
                .arg(LogKeys.HEAD_EPOCH)
                .arg(LogKeys.HEAD_VERSION);
        return link.send(head)
                .map(found -> new Holder(
                        found.get(0) == null ? "" : found.get(0).toString(),
                        found.get(1) == null ? 0 : found.get(1).toLong(),
                        found.get(2) == null ? 0 : found.get(2).toLong()));
    }

    /** Gives a sign of life, which counts for {@code ms}. */
    public Future<Void> live(long ms) {
        return link.send(Request.cmd(Command.SET)
                        .arg(LogKeys.member(member))
                        .arg("1")
                        .arg("PX")
                        .arg(ms))
                .mapEmpty();
    }

    /** Whether a process has given a sign of life that still counts. */
    public Future<Boolean> isAlive(String id) {
        return link.send(Request.cmd(Command.EXISTS).arg(LogKeys.member(id))).map(found -> found.toInteger() == 1);
    }

    /** Gives a partition up, so that the next owner need not wait; nothing happens if this process does not own it. */
    public Future<Void> release(int partition) {
        return link.send(scripts.release(partition, member)).mapEmpty();
    }

    /**
     * Takes a partition over: every append with a smaller epoch is refused from now on. Fails as
     * {@link Scripts#isFenced} when another process has taken it since {@code epochSeen}.
     */
    public Future<Acquired> acquire(int partition, long epochSeen) {
        return link.send(scripts.acquire(partition, member, epochSeen)).map(answer -> {
            Acquired acquired =
                    new Acquired(answer.get(0).toLong(), answer.get(1).toLong());
            long lastEntry = LogKeys.version(answer.get(2).toString());
            // An empty log is all that a restored backup has, or one that was trimmed to its end: whoever loads the
            // partition finds out whether a snapshot stands where the head does.
            if (lastEntry != 0 && lastEntry != acquired.version()) {
                throw new WireFormatException("partition " + partition + ": the head says version "
                        + acquired.version() + ", the last log entry " + lastEntry
                        + "; the log was changed by something else");
            }
            return acquired;
        });
    }

    /** Appends a commit; fsynced, as Redis is configured, when the future completes. */
    public Future<Void> append(int partition, long epoch, LogAppend append) {
        byte[] body = codec.encode(append.transactions());
        return link.send(scripts.append(partition, epoch, append.afterVersion(), append.lastVersion(), body))
                .mapEmpty();
    }

    /**
     * Lets go of entries that hold nothing above {@code version}: of most of them, a bounded number at once, so that
     * Redis is not held up. Repeat it while entries go.
     *
     * @return how many entries went
     */
    public Future<Long> trim(int partition, long epoch, long version) {
        return link.send(scripts.trim(partition, epoch, LogKeys.entryId(version + 1)))
                .map(Response::toLong);
    }

    /** One entry as it is stored; not decoded, so that this can be left to a worker. */
    public static final class RawEntry {

        private final String id;
        private final byte[] body;

        RawEntry(String id, byte[] body) {
            this.id = id;
            this.body = body;
        }

        /** The version of its last transaction. */
        public long lastVersion() {
            return LogKeys.version(id);
        }
    }

    /** Some entries that hold transactions behind {@code afterVersion}, in order and not decoded; empty at the end. */
    public Future<List<RawEntry>> readRaw(int partition, long afterVersion) {
        return link.send(range(partition, afterVersion)).map(PartitionLog::raw);
    }

    private static List<RawEntry> raw(Response entries) {
        List<RawEntry> found = new ArrayList<>(entries.size());
        for (Response entry : entries) {
            Response fields = entry.get(1);
            for (int i = 0; i + 1 < fields.size(); i += 2) {
                if (fields.get(i).toString().equals(LogKeys.FIELD_BODY)) {
                    found.add(new RawEntry(
                            entry.get(0).toString(), fields.get(i + 1).toBytes()));
                }
            }
        }
        return found;
    }

    /**
     * Some transactions behind {@code afterVersion}, in order; empty at the end of the log. The first one returned may
     * have a higher version than the next: then the log was trimmed.
     */
    public Future<List<CommittedTransaction>> read(int partition, long afterVersion) {
        return readRaw(partition, afterVersion).map(entries -> decode(codec, entries, afterVersion));
    }

    private static Request range(int partition, long afterVersion) {
        return Request.cmd(Command.XRANGE)
                .arg(LogKeys.log(partition))
                .arg("(" + LogKeys.entryId(afterVersion))
                .arg("+")
                .arg("COUNT")
                .arg(ENTRIES_PER_READ);
    }

    /**
     * The transactions of some entries that are behind {@code afterVersion}. On any thread that owns {@code codec}.
     *
     * @throws WireFormatException when an entry is damaged, with its id
     * @throws IllegalStateException when a document of it cannot be brought to the shape of today, with both names
     */
    public static List<CommittedTransaction> decode(LogCodec codec, List<RawEntry> entries, long afterVersion) {
        List<CommittedTransaction> transactions = new ArrayList<>();
        for (RawEntry entry : entries) {
            for (CommittedTransaction tx : decodeBody(codec, entry)) {
                // An entry may begin before the version asked for.
                if (tx.version() > afterVersion) {
                    transactions.add(tx);
                }
            }
        }
        return transactions;
    }

    private static List<CommittedTransaction> decodeBody(LogCodec codec, RawEntry entry) {
        try {
            return codec.decode(entry.body);
        } catch (WireFormatException e) {
            throw new WireFormatException("entry " + entry.id + ": " + e.getMessage(), e);
        } catch (SchemaException e) {
            throw new IllegalStateException("entry " + entry.id + ": " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        codec.close();
    }
}
