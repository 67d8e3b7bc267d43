package io.tradewind.orderqueue.endpoint;

import io.tradewind.contracts.JsonObjects;
import io.tradewind.contracts.broker.Broker;
import io.tradewind.contracts.broker.ExecutionReport;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether the broker can be reached. Opens it, as often as it takes, and tells of every change; until then, and while
 * the line is down, orders are taken and wait.
 *
 * <p>On the event loop of the order-queue, which closes it. After a crash the next start opens it anew.
 */
final class BrokerConnection implements Broker.Listener {

    /** Pauses between attempts to open: the first, and the longest. */
    private static final long FIRST_PAUSE_MS = 100;

    private static final long LONGEST_PAUSE_MS = 5_000;

    private static final Logger LOG = LoggerFactory.getLogger(BrokerConnection.class);

    private final Vertx vertx;
    private final Broker broker;
    private final Clock clock;
    private final Consumer<List<ExecutionReport>> reports;
    private final Consumer<Boolean> changed;
    private String away = "it has not been reached yet";
    private long sinceMs;
    private volatile boolean up;
    private long times;
    private boolean closed;

    /** @param changed told {@code true} when the broker can be reached, {@code false} when it no longer can */
    BrokerConnection(
            Vertx vertx,
            Broker broker,
            Clock clock,
            Consumer<List<ExecutionReport>> reports,
            Consumer<Boolean> changed) {
        this.vertx = vertx;
        this.broker = broker;
        this.clock = clock;
        this.reports = reports;
        this.changed = changed;
    }

    /** Begins to connect. */
    void open() {
        sinceMs = clock.millis();
        open(FIRST_PAUSE_MS);
    }

    private void open(long pauseMs) {
        broker.open(this).onSuccess(opened -> onConnected()).onFailure(failure -> {
            if (!closed) {
                away = String.valueOf(failure.getMessage());
                LOG.warn("broker: not reached ({}); trying again", away);
                vertx.setTimer(pauseMs, timer -> {
                    if (!closed) {
                        open(Math.min(2 * pauseMs, LONGEST_PAUSE_MS));
                    }
                });
            }
        });
    }

    /** May be asked on any thread. */
    boolean isUp() {
        return up;
    }

    /** How often the line went up or down so far. */
    long times() {
        return times;
    }

    /** Since when and why the broker cannot be reached. */
    String whyAway() {
        return "the broker cannot be reached since " + JsonObjects.timeText(sinceMs) + ": " + away;
    }

    @Override
    public void onReports(List<ExecutionReport> news) {
        reports.accept(news);
    }

    @Override
    public void onDisconnected(String reason) {
        if (up && !closed) {
            LOG.warn("broker: connection lost: {}; no order leaves until it is back", reason);
            away = reason;
            change(false);
        }
    }

    @Override
    public void onConnected() {
        if (!up && !closed) {
            LOG.info("broker: connected");
            change(true);
        }
    }

    private void change(boolean isUp) {
        up = isUp;
        times++;
        sinceMs = clock.millis();
        changed.accept(up);
    }

    Future<Void> close() {
        closed = true;
        return broker.close();
    }
}
