package io.tradewind.statestore.redis;

import io.tradewind.contracts.state.CommittedTransaction;
import io.tradewind.contracts.state.LogCodec;
import io.tradewind.contracts.state.LogKeys;
import io.tradewind.contracts.wire.WireFormatException;
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
    private static final int ENTRIES_PER_READ = 16;

    private final RedisLink link;
    private final Scripts scripts;
    private final LogCodec codec = new LogCodec();

    public PartitionLog(RedisLink link, Scripts scripts) {
        this.link = link;
        this.scripts = scripts;
    }

    /** Whether there is a connection to Redis now. */
    public boolean isReachable() {
        return link.isUp();
    }

    /**
     * Ownership of a partition.
     *
     * @param epoch the fencing number of the new owner
     * @param epochBefore that of the owner before
     * @param version the last version in the log
     */
    public record Acquired(long epoch, long epochBefore, long version) {}

    /** Takes a partition over: every append with a smaller epoch is refused from now on. */
    public Future<Acquired> acquire(int partition) {
        return link.send(scripts.acquire(partition)).map(answer -> {
            Acquired acquired = new Acquired(
                    answer.get(0).toLong(),
                    answer.get(1).toLong(),
                    answer.get(2).toLong());
            long lastEntry = LogKeys.version(answer.get(3).toString());
            if (lastEntry != acquired.version()) {
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
     * Some transactions behind {@code afterVersion}, in order; empty at the end of the log. The first one returned may
     * have a higher version than the next: then the log was trimmed.
     */
    public Future<List<CommittedTransaction>> read(int partition, long afterVersion) {
        Request range = Request.cmd(Command.XRANGE)
                .arg(LogKeys.log(partition))
                .arg("(" + LogKeys.entryId(afterVersion))
                .arg("+")
                .arg("COUNT")
                .arg(ENTRIES_PER_READ);
        return link.send(range).map(entries -> decode(entries, afterVersion));
    }

    private List<CommittedTransaction> decode(Response entries, long afterVersion) {
        List<CommittedTransaction> transactions = new ArrayList<>();
        for (Response entry : entries) {
            Response fields = entry.get(1);
            for (int i = 0; i + 1 < fields.size(); i += 2) {
                if (fields.get(i).toString().equals(LogKeys.FIELD_BODY)) {
                    for (CommittedTransaction tx : decodeBody(entry.get(0), fields.get(i + 1))) {
                        // An entry may begin before the version asked for.
                        if (tx.version() > afterVersion) {
                            transactions.add(tx);
                        }
                    }
                }
            }
        }
        return transactions;
    }

    private List<CommittedTransaction> decodeBody(Response entryId, Response body) {
        try {
            return codec.decode(body.toBytes());
        } catch (WireFormatException e) {
            throw new WireFormatException("entry " + entryId + ": " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        codec.close();
    }
}
