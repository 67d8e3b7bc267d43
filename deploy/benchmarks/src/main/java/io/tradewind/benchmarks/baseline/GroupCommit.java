package io.tradewind.benchmarks.baseline;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.Request;

/**
 * Appends what arrives while an append is in flight with the next one: one XADD for all of it. The least that a server
 * has to do to acknowledge durably, and so the limit that Tradewind is held against.
 *
 * <p>On one event loop, over one connection. There is no bound on a batch but the clients' number of requests in
 * flight.
 */
final class GroupCommit {

    /** While the server syncs one append to disk, the next is on its way to it. */
    private static final int MAX_IN_FLIGHT = 2;

    /** The stream is deleted afterwards; until then it is not to fill the memory of the Redis under test. */
    private static final int KEEP_ENTRIES = 1_000;

    private final RedisConnection redis;
    private final String key;
    private int inFlight;
    private Buffer pending = Buffer.buffer();
    private Promise<Void> pendingDone = Promise.promise();

    GroupCommit(RedisConnection redis, String key) {
        this.redis = redis;
        this.key = key;
    }

    /** Ends when {@code body} is in the stream, which is when it is on disk if Redis syncs always. */
    Future<Void> append(Buffer body) {
        pending.appendBuffer(body);
        Future<Void> done = pendingDone.future();
        if (inFlight < MAX_IN_FLIGHT) {
            flush();
        }
        return done;
    }

    private void flush() {
        Buffer batch = pending;
        Promise<Void> done = pendingDone;
        pending = Buffer.buffer(batch.length());
        pendingDone = Promise.promise();
        inFlight++;
        redis.send(Request.cmd(Command.XADD)
                        .arg(key)
                        .arg("MAXLEN")
                        .arg("~")
                        .arg(KEEP_ENTRIES)
                        .arg("*")
                        .arg("b")
                        .arg(batch))
                .onComplete(appended -> {
                    inFlight--;
                    if (pending.length() > 0) {
                        flush();
                    }
                    if (appended.succeeded()) {
                        done.complete();
                    } else {
                        done.fail(appended.cause());
                    }
                });
    }
}
