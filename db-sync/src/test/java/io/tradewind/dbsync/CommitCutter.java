package io.tradewind.dbsync;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Stands between db-sync and Postgres and cuts the connection around a COMMIT: before Postgres hears of it, or after,
 * when only the answer is lost. Which one, and when, follows from a seed. Can also fall silent. Runs on one event loop of its own Vert.x.
 */
final class CommitCutter implements AutoCloseable {

    private static final byte[] COMMIT = "COMMIT".getBytes(StandardCharsets.US_ASCII);
    private static final String LOOPBACK = "127.0.0.1";

    private enum Fate {
        PASS,
        CUT_BEFORE,
        CUT_AFTER
    }

    private final Random random;
    private final NetServer server;
    private final NetClient client;
    private final int port;
    private int cutBefore;
    private int cutAfter;
    private volatile boolean calm;
    private final AtomicInteger generation = new AtomicInteger();

    CommitCutter(Vertx vertx, int postgresPort, long seed) {
        this.random = new Random(seed);
        this.client = vertx.createNetClient();
        this.server = vertx.createNetServer().connectHandler(down -> {
            down.pause();
            client.connect(postgresPort, LOOPBACK)
                    .onSuccess(up -> join(down, up))
                    .onFailure(failure -> down.close());
        });
        this.port = Await.result(server.listen(0, LOOPBACK)).actualPort();
    }

    int port() {
        return port;
    }

    /** From now on everything passes. */
    void calm() {
        calm = true;
    }

    /** From now on the connections there are pass nothing in either direction, yet stay open; new ones work. */
    void freeze() {
        generation.incrementAndGet();
    }

    String cuts() {
        return cutBefore + " cut before, " + cutAfter + " after the commit";
    }

    private void join(NetSocket down, NetSocket up) {
        boolean[] mute = {false};
        int mine = generation.get();
        down.handler(data -> {
            if (generation.get() != mine) {
                return;
            }
            Fate fate = isCommit(data) ? fate() : Fate.PASS;
            if (fate == Fate.CUT_BEFORE) {
                cutBefore++;
                down.close();
                up.close();
                return;
            }
            if (fate == Fate.CUT_AFTER) {
                cutAfter++;
                mute[0] = true;
            }
            up.write(data);
        });
        up.handler(data -> {
            if (generation.get() != mine) {
                return;
            }
            if (mute[0]) {
                down.close();
                up.close();
            } else {
                down.write(data);
            }
        });
        down.closeHandler(closed -> up.close());
        up.closeHandler(closed -> down.close());
        down.exceptionHandler(failure -> up.close());
        up.exceptionHandler(failure -> down.close());
        down.resume();
    }

    private Fate fate() {
        return calm ? Fate.PASS : Fate.values()[random.nextInt(Fate.values().length)];
    }

    private static boolean isCommit(Buffer data) {
        // A simple query message: 'Q', four bytes of length, the text. Commits travel alone.
        if (data.length() < 5 + COMMIT.length || data.getByte(0) != 'Q') {
            return false;
        }
        for (int i = 0; i < COMMIT.length; i++) {
            if (data.getByte(5 + i) != COMMIT[i]) {
                return false;
            }
        }
        return true;
    }

    @Override
    public void close() {
        Await.result(server.close());
        Await.result(client.close());
    }
}
