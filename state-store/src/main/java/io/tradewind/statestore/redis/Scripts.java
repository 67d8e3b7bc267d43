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

    /** The beginning of a refusal by the scripts: somebody else owns the partition. */
    private static final String FENCED = "FENCED";

    private static final String KEYS = "2";

    private final String appendSource;
    private final String acquireSource;
    private final String trimSource;
    private final String releaseSource;
    private String appendDigest;
    private String acquireDigest;
    private String trimDigest;
    private String releaseDigest;

    private Scripts(String appendSource, String acquireSource, String trimSource, String releaseSource) {
        this.appendSource = appendSource;
        this.acquireSource = acquireSource;
        this.trimSource = trimSource;
        this.releaseSource = releaseSource;
    }

    /** Reads the sources from the class path; once, at start. */
    public static Scripts read(Vertx vertx) {
        return new Scripts(
                vertx.fileSystem().readFileBlocking("lua/append.lua").toString(),
                vertx.fileSystem().readFileBlocking("lua/acquire.lua").toString(),
                vertx.fileSystem().readFileBlocking("lua/trim.lua").toString(),
                vertx.fileSystem().readFileBlocking("lua/release.lua").toString());
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
                .compose(digest -> {
                    trimDigest = digest.toString();
                    return link.sendOn(connection, loadRequest(releaseSource));
                })
                .map(digest -> {
                    releaseDigest = digest.toString();
                    return null;
                });
    }

    /** Whether {@code failure} says that somebody else owns the partition. */
    public static boolean isFenced(Throwable failure) {
        return failure.getMessage() != null && failure.getMessage().startsWith(FENCED);
    }

    Request acquire(int partition, String member, long epochSeen) {
        return Request.cmd(Command.EVALSHA)
                .arg(acquireDigest)
                .arg(KEYS)
                .arg(LogKeys.head(partition))
                .arg(LogKeys.log(partition))
                .arg(member)
                .arg(Long.toString(epochSeen));
    }

    Request release(int partition, String member) {
        return Request.cmd(Command.EVALSHA)
                .arg(releaseDigest)
                .arg("1")
                .arg(LogKeys.head(partition))
                .arg(member);
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
