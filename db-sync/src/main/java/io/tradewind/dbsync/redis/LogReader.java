package io.tradewind.dbsync.redis;

import io.tradewind.contracts.state.LogKeys;
import io.tradewind.contracts.state.Partitions;
import io.tradewind.dbsync.domain.LogEntry;
import io.tradewind.dbsync.domain.Offsets;
import io.tradewind.dbsync.domain.PartitionRead;
import io.tradewind.servicekit.config.RedisConfig;
import io.tradewind.servicekit.redis.RedisOnDemand;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads all partition logs behind given offsets, over a connection of its own, see {@link RedisOnDemand}. It never
 * writes.
 *
 * <p>Used on one event loop; closed by its owner. Keeps no place in the logs: that is in Postgres.
 */
public final class LogReader {

    private static final Map<String, Integer> PARTITION_OF_LOG = partitionOfLog();

    private final RedisOnDemand redis;

    public LogReader(Vertx vertx, RedisConfig config) {
        this.redis = new RedisOnDemand(vertx, config.uri(), config.connectTimeout(), config.commandTimeout());
    }

    /**
     * What is behind the offsets, in one round trip.
     *
     * @param count entries per partition, at most
     * @return one per partition
     */
    public Future<List<PartitionRead>> read(Offsets offsets, int count) {
        List<Request> requests = new ArrayList<>(Partitions.COUNT + 1);
        Request xread = Request.cmd(Command.XREAD).arg("COUNT").arg(count).arg("STREAMS");
        for (int p = 0; p < Partitions.COUNT; p++) {
            // Heads first: every entry that a head counts is then there when the entries are read.
            requests.add(Request.cmd(Command.HGET).arg(LogKeys.head(p)).arg("version"));
            xread.arg(LogKeys.log(p));
        }
        for (int p = 0; p < Partitions.COUNT; p++) {
            xread.arg(LogKeys.entryId(offsets.of(p)));
        }
        requests.add(xread);
        return redis.batch(requests).map(answers -> reads(answers, count));
    }

    /** Whether the log still holds an entry at or below {@code version}; if not, what followed it may be trimmed away. */
    public Future<Boolean> reachesBackTo(int partition, long version) {
        Request first = Request.cmd(Command.XRANGE)
                .arg(LogKeys.log(partition))
                .arg("-")
                .arg(LogKeys.entryId(version))
                .arg("COUNT")
                .arg(1);
        return redis.send(first).map(answer -> answer != null && answer.size() > 0);
    }

    /** Closes the connection; a read in flight fails. */
    public Future<Void> close() {
        return redis.close();
    }

    private static List<PartitionRead> reads(List<Response> answers, int count) {
        Map<Integer, List<LogEntry>> entries = new HashMap<>();
        Response streams = answers.get(Partitions.COUNT);
        if (streams != null) {
            for (Response stream : streams) {
                entries.put(PARTITION_OF_LOG.get(stream.get(0).toString()), entries(stream.get(1)));
            }
        }
        List<PartitionRead> reads = new ArrayList<>(Partitions.COUNT);
        for (int p = 0; p < Partitions.COUNT; p++) {
            List<LogEntry> found = entries.getOrDefault(p, List.of());
            Response version = answers.get(p);
            long last = found.isEmpty() ? 0 : found.get(found.size() - 1).version();
            long head = Math.max(version == null ? 0 : version.toLong(), last);
            reads.add(new PartitionRead(p, head, found, found.size() >= count));
        }
        return reads;
    }

    private static List<LogEntry> entries(Response stream) {
        List<LogEntry> entries = new ArrayList<>(stream.size());
        for (Response entry : stream) {
            entries.add(new LogEntry(LogKeys.version(entry.get(0).toString()), body(entry.get(1))));
        }
        return entries;
    }

    private static byte[] body(Response fields) {
        for (int i = 0; i + 1 < fields.size(); i += 2) {
            if (LogKeys.FIELD_BODY.equals(fields.get(i).toString())) {
                return fields.get(i + 1).toBytes();
            }
        }
        // Empty bytes are no valid entry; whoever decodes them says which entry it was.
        return new byte[0];
    }

    private static Map<String, Integer> partitionOfLog() {
        Map<String, Integer> partitions = new HashMap<>();
        for (int p = 0; p < Partitions.COUNT; p++) {
            partitions.put(LogKeys.log(p), p);
        }
        return Map.copyOf(partitions);
    }
}
