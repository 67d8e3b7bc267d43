package io.tradewind.systemtests.harness;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tradewind.systemtests.harness.Ledger.Entry;
import io.tradewind.systemtests.harness.Ledger.Outcome;
import java.io.IOException;
import java.net.ConnectException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/**
 * Several clients that send orders as fast as they are answered, each with a random sequence of its own from one seed.
 * Most are market buys, some are sells (which may be denied), some are limit orders that rest. The caller stops it.
 */
public final class Burst {

    private static final int WRITERS = 12;
    private static final Duration STOP_LIMIT = Duration.ofMinutes(2);
    /** What a client that was refused waits before it tries again. */
    private static final long BACK_OFF_MS = 10;

    private static final List<String> SYMBOLS = List.of("AAPL", "MSFT", "GOOG", "AMZN", "NVDA", "SPY");

    private final ApiClient client;
    private final Ledger ledger;
    private final String prefix;
    private final boolean endsWithServer;
    private final long pauseMs;
    private final List<Thread> writers = new ArrayList<>();
    private final Map<Integer, LongAdder> statuses = new ConcurrentHashMap<>();
    private final LongAdder noConnection = new LongAdder();
    private final LongAdder brokenOff = new LongAdder();
    private volatile boolean stopped;

    private Burst(ApiClient client, Ledger ledger, String prefix, boolean endsWithServer, long pauseMs) {
        this.client = client;
        this.ledger = ledger;
        this.prefix = prefix;
        this.endsWithServer = endsWithServer;
        this.pauseMs = pauseMs;
    }

    /**
     * @param prefix of the client order ids; another one for every burst
     * @param endsWithServer whether a client gives up when nobody listens any more
     */
    public static Burst start(ApiClient client, Ledger ledger, String prefix, long seed, boolean endsWithServer) {
        return start(client, ledger, prefix, seed, endsWithServer, 0);
    }

    /** @param pauseMs that a client makes after every order: what is looked at for long must not grow without a bound */
    public static Burst start(
            ApiClient client, Ledger ledger, String prefix, long seed, boolean endsWithServer, long pauseMs) {
        Burst burst = new Burst(client, ledger, prefix, endsWithServer, pauseMs);
        for (int w = 0; w < WRITERS; w++) {
            int writer = w;
            Thread thread = new Thread(() -> burst.write(writer, new Random(31 * seed + writer)), prefix + "-" + w);
            thread.setDaemon(true);
            burst.writers.add(thread);
            thread.start();
        }
        return burst;
    }

    private void write(int writer, Random random) {
        for (int i = 0; !stopped; i++) {
            String clientOrderId = prefix + "-" + writer + "-" + i;
            boolean rests = random.nextInt(12) == 0;
            ObjectNode order = order(random, rests).put("client_order_id", clientOrderId);
            if (!send(clientOrderId, order.toString(), rests)) {
                return;
            }
        }
    }

    private static ObjectNode order(Random random, boolean rests) {
        String symbol = SYMBOLS.get(random.nextInt(SYMBOLS.size()));
        String qty = Integer.toString(1 + random.nextInt(5));
        if (rests) {
            return ApiClient.limit(symbol, "buy", qty, "1");
        }
        return ApiClient.market(symbol, random.nextInt(4) == 0 ? "sell" : "buy", qty);
    }

    /** @return whether to go on */
    private boolean send(String clientOrderId, String body, boolean rests) {
        Outcome outcome;
        String orderId = null;
        try {
            ApiClient.Reply reply = client.post("/v2/orders", body);
            statuses.computeIfAbsent(reply.status(), status -> new LongAdder()).increment();
            outcome = outcome(reply.status());
            if (outcome == Outcome.ACKNOWLEDGED) {
                orderId = reply.json().path("id").asText();
            }
        } catch (ConnectException e) {
            noConnection.increment();
            outcome = Outcome.REFUSED;
            stopped |= endsWithServer;
        } catch (IOException e) {
            brokenOff.increment();
            outcome = Outcome.UNKNOWN;
        }
        ledger.put(new Entry(clientOrderId, body, rests, outcome, orderId));
        return pause(outcome == Outcome.ACKNOWLEDGED ? pauseMs : Math.max(pauseMs, BACK_OFF_MS));
    }

    private static Outcome outcome(int status) {
        if (status == 200) {
            return Outcome.ACKNOWLEDGED;
        }
        return (status >= 400 && status < 500) || status == 503 ? Outcome.REFUSED : Outcome.UNKNOWN;
    }

    private static boolean pause(long ms) {
        try {
            TimeUnit.MILLISECONDS.sleep(ms);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Returns when every client has its last answer. */
    public void stop() throws InterruptedException {
        stopped = true;
        long deadlineNs = System.nanoTime() + STOP_LIMIT.toNanos();
        for (Thread writer : writers) {
            writer.join(Math.max(1, TimeUnit.NANOSECONDS.toMillis(deadlineNs - System.nanoTime())));
            if (writer.isAlive()) {
                writer.interrupt();
                throw new AssertionError("a client hangs in a request for more than " + STOP_LIMIT.toSeconds() + " s");
            }
        }
    }

    /** How many answers of each HTTP status came. */
    public Map<Integer, Long> statuses() {
        Map<Integer, Long> counts = new TreeMap<>();
        statuses.forEach((status, count) -> counts.put(status, count.sum()));
        return counts;
    }

    @Override
    public String toString() {
        return "answers " + statuses() + ", " + brokenOff.sum() + " broken off, " + noConnection.sum()
                + " without connection";
    }
}
