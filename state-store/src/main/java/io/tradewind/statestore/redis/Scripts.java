package io.tradewind.statestore.redis;

import io.tradewind.contracts.state.LogKeys;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.Request;

/** The Lua scripts, loaded into each new connection's server and called by their digest. */
public final class Scripts {

    /** Error codes at the beginning of a refusal by the scripts. */
    public static final String FENCED = "FENCED";

    private static final String KEYS = "2";

    private final String appendSource;
    private final String acquireSource;
    private final String trimSource;
    private String appendDigest;
    private String acquireDigest;
    private String trimDigest;

    private Scripts(String appendSource, String acquireSource, String trimSource) {
        this.appendSource = appendSource;
        this.acquireSource = acquireSource;
        this.trimSource = trimSource;
    }

    /** Reads the sources from the class path; once, at start. */
    public static Scripts read(Vertx vertx) {
        return new Scripts(
                vertx.fileSystem().readFileBlocking("lua/append.lua").toString(),
                vertx.fileSystem().readFileBlocking("lua/acquire.lua").toString(),
                vertx.fileSystem().readFileBlocking("lua/trim.lua").toString());
    }

    /** Makes the scripts known to a server, which forgets them when it restarts. */
    public Future<Void> load(RedisLink link, RedisConnection connection) {
        return link.sendOn(connection, loadRequest(appendSource))
                .compose(digest -> {
                    appendDigest = digest.toString();
                    return link.sendOn(connection, loadRequest(acquireSource));
                })
                .compose(digest -> {
                    acquireDigest = digest.toString();
                    return link.sendOn(connection, loadRequest(trimSource));
                })
                .map(digest -> {
                    trimDigest = digest.toString();
                    return null;
                });
    }

    Request acquire(int partition) {
        return Request.cmd(Command.EVALSHA)
                .arg(acquireDigest)
                .arg(KEYS)
                .arg(LogKeys.head(partition))
                .arg(LogKeys.log(partition));
    }

    Request append(int partition, long epoch, long afterVersion, long lastVersion, byte[] body) {
        return Request.cmd(Command.EVALSHA)
                .arg(appendDigest)
                .arg(KEYS)
                .arg(LogKeys.head(partition))
                .arg(LogKeys.log(partition))
                .arg(Long.toString(epoch))
                .arg(Long.toString(afterVersion))
                .arg(Long.toString(lastVersion))
                .arg(Buffer.buffer(body));
    }

    Request trim(int partition, long epoch, String lowestEntryId) {
        return Request.cmd(Command.EVALSHA)
                .arg(trimDigest)
                .arg(KEYS)
                .arg(LogKeys.head(partition))
                .arg(LogKeys.log(partition))
                .arg(Long.toString(epoch))
                .arg(lowestEntryId);
    }

    private static Request loadRequest(String source) {
        return Request.cmd(Command.SCRIPT).arg("LOAD").arg(source);
    }
}
