package io.tradewind.dbsync;

import io.tradewind.embeddedservers.TcpProxy;
import io.tradewind.embeddedservers.TcpProxy.Fate;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Stands between db-sync and Postgres and cuts the connection around a COMMIT: before Postgres hears of it, or after,
 * when only the answer is lost. Which one, and when, follows from a seed. Can also fall silent. Any thread.
 */
final class CommitCutter implements AutoCloseable {

    private static final List<Fate> FATES = List.of(Fate.values());
    private static final byte[] COMMIT = "COMMIT".getBytes(StandardCharsets.US_ASCII);
    /** A simple query message: 'Q', four bytes of length, the text. Commits travel alone. */
    private static final int HEADER_BYTES = 5;

    private final Random random;
    private final TcpProxy proxy;
    private final AtomicInteger cutBefore = new AtomicInteger();
    private final AtomicInteger cutAfter = new AtomicInteger();
    private volatile boolean calm;

    CommitCutter(int postgresPort, long seed) {
        random = new Random(seed);
        proxy = TcpProxy.to(postgresPort);
        proxy.judge(request -> isCommit(request) && !calm ? fate() : Fate.PASS);
    }

    int port() {
        return proxy.port();
    }

    /** From now on everything passes. */
    void calm() {
        calm = true;
    }

    /** From now on the connections there are pass nothing in either direction, yet stay open; new ones work. */
    void freeze() {
        proxy.silence();
    }

    String cuts() {
        return cutBefore + " cut before, " + cutAfter + " after the commit";
    }

    private Fate fate() {
        Fate fate = FATES.get(random.nextInt(FATES.size()));
        if (fate == Fate.CUT_BEFORE) {
            cutBefore.incrementAndGet();
        } else if (fate == Fate.CUT_AFTER) {
            cutAfter.incrementAndGet();
        }
        return fate;
    }

    private static boolean isCommit(byte[] data) {
        int end = HEADER_BYTES + COMMIT.length;
        return data.length >= end && data[0] == 'Q' && Arrays.equals(data, HEADER_BYTES, end, COMMIT, 0, COMMIT.length);
    }

    @Override
    public void close() {
        proxy.close();
    }
}
