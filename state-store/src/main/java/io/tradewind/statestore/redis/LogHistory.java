package io.tradewind.statestore.redis;

import io.tradewind.contracts.state.LogKeys;
import io.tradewind.statestore.domain.StoredEntry;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads the logs backwards, over a connection of its own: what an answer about history carries must not hold up the
 * answers that commits wait for. On the event loop of its {@link RedisLink}, which belongs to whoever made it.
 */
public final class LogHistory {

    private final RedisLink link;

    public LogHistory(RedisLink link) {
        this.link = link;
    }

    /**
     * The entry that holds {@code version}, if the log still does, and those before it, newest first. When it does not,
     * the first one is newer, or missing.
     *
     * @param count entries before that one, at most
     */
    public Future<List<StoredEntry>> readBack(int partition, long version, int count) {
        Request holding = Request.cmd(Command.XRANGE)
                .arg(LogKeys.log(partition))
                .arg(LogKeys.entryId(version))
                .arg("+")
                .arg("COUNT")
                .arg(1);
        Request before = Request.cmd(Command.XREVRANGE)
                .arg(LogKeys.log(partition))
                .arg("(" + LogKeys.entryId(version))
                .arg("-")
                .arg("COUNT")
                .arg(count);
        Future<Response> first = link.send(holding);
        return Future.join(first, link.send(before)).map(both -> {
            List<StoredEntry> entries = new ArrayList<>();
            add(entries, both.resultAt(0));
            add(entries, both.resultAt(1));
            return entries;
        });
    }

    private static void add(List<StoredEntry> entries, Response stream) {
        for (Response entry : stream) {
            Response fields = entry.get(1);
            for (int i = 0; i + 1 < fields.size(); i += 2) {
                if (fields.get(i).toString().equals(LogKeys.FIELD_BODY)) {
                    entries.add(new StoredEntry(
                            LogKeys.version(entry.get(0).toString()),
                            fields.get(i + 1).toBytes()));
                }
            }
        }
    }
}
