package io.tradewind.contracts.state;

import io.tradewind.contracts.Addresses;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.MessageConsumer;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows one partition from a version on: every committed transaction once, in order, without gaps. Live changes come
 * over the event bus, which may lose some; a gap is found by its versions and filled from the log. A probe now and then
 * finds a loss that no later change uncovers.
 *
 * <p>Runs on the event loop of the Vert.x context that it was started on; its listener is called there. Closed by
 * whoever started it, on that event loop.
 */
public final class ChangeFollower {

    /**
     * What a follower hears. Called in order, on the context of the follower. What it throws is logged, and counts as
     * heard: following goes on behind it.
     */
    public interface Listener {

        /** The next transactions, in version order. */
        void onChanges(List<CommittedTransaction> transactions);

        /**
         * The log no longer reaches back to the next version: read the entities afresh.
         *
         * @param headVersion following continues behind this version
         */
        void onReset(long headVersion);
    }

    /** Pause before a failed catch-up is tried again, and between probes for lost changes. */
    private static final long RETRY_MS = 250;

    private static final long PROBE_MS = 2_000;

    private static final Logger LOG = LoggerFactory.getLogger(ChangeFollower.class);

    private final Vertx vertx;
    private final StateClient client;
    private final int partition;
    private final Listener listener;
    private MessageConsumer<Changes> consumer;
    private Context context;
    private long version;
    private long seen;
    private long versionAtLastProbe = -1;
    private final long probeMs;
    private boolean catchingUp;
    private boolean closed;
    private long probeTimer = -1;

    public ChangeFollower(Vertx vertx, StateClient client, int partition, Listener listener) {
        this(vertx, client, partition, listener, PROBE_MS);
    }

    /** @param probeMs how often the log is asked for what may have been lost */
    ChangeFollower(Vertx vertx, StateClient client, int partition, Listener listener, long probeMs) {
        this.vertx = vertx;
        this.probeMs = probeMs;
        this.client = client;
        this.partition = Partitions.check(partition);
        this.listener = listener;
    }

    /**
     * Starts behind {@code afterVersion}.
     *
     * @return completes when live changes are subscribed to; catching up goes on behind it
     */
    public Future<Void> start(long afterVersion) {
        context = vertx.getOrCreateContext();
        version = afterVersion;
        // Before subscribing: a live change that comes first must not begin to read the log a second time.
        catchingUp = true;
        consumer = vertx.eventBus().consumer(Addresses.stateChanges(partition));
        consumer.handler(message -> onLive(message.body()));
        probeTimer = vertx.setPeriodic(probeMs, id -> probe());
        return consumer.completion().onSuccess(done -> context.runOnContext(v -> readOn()));
    }

    /** The last version that the listener was given. */
    public long version() {
        return version;
    }

    public Future<Void> close() {
        closed = true;
        vertx.cancelTimer(probeTimer);
        return consumer == null ? Future.succeededFuture() : consumer.unregister();
    }

    private void onLive(Changes changes) {
        // While catching up, live changes are let go: the log has them too, and reading goes on until it has them.
        seen = Math.max(seen, changes.lastVersion());
        if (closed || catchingUp || changes.lastVersion() <= version) {
            return;
        }
        if (changes.firstVersion() > version + 1) {
            catchUp();
        } else {
            deliver(changes.transactions());
        }
    }

    private void deliver(List<CommittedTransaction> transactions) {
        long first = transactions.get(0).version();
        long last = transactions.get(transactions.size() - 1).version();
        if (last <= version) {
            return;
        }
        int known = (int) Math.max(0, version + 1 - first);
        List<CommittedTransaction> news = known == 0 ? transactions : transactions.subList(known, transactions.size());
        version = last;
        tell(() -> listener.onChanges(news));
    }

    /** A listener that throws must not leave the follower half-way: it would be deaf from then on. */
    private void tell(Runnable call) {
        try {
            call.run();
        } catch (RuntimeException e) {
            LOG.error("partition {}: the listener failed on what leads to version {}", partition, version, e);
        }
    }

    private void probe() {
        if (!catchingUp && version == versionAtLastProbe) {
            catchUp();
        }
        versionAtLastProbe = version;
    }

    private void catchUp() {
        catchingUp = true;
        readOn();
    }

    private void readOn() {
        if (closed) {
            return;
        }
        client.readLog(new ReadLog(partition, version, ReadLog.MAX_LIMIT))
                .onSuccess(page -> context.runOnContext(v -> onPage(page)))
                .onFailure(failure -> {
                    LOG.debug("partition {}: log not readable behind {}: {}", partition, version, failure.toString());
                    readLater();
                });
    }

    private void readLater() {
        context.owner().setTimer(RETRY_MS, id -> context.runOnContext(v -> readOn()));
    }

    private void onPage(LogPage page) {
        if (closed) {
            return;
        }
        long before = version;
        if (page.reset() || skips(page)) {
            LOG.info(
                    "partition {}: log no longer holds version {}, reset to {}",
                    partition,
                    version + 1,
                    page.headVersion());
            version = page.headVersion();
            tell(() -> listener.onReset(page.headVersion()));
        } else if (!page.transactions().isEmpty()) {
            deliver(page.transactions());
        }
        if (version >= Math.max(seen, page.headVersion())) {
            catchingUp = false;
        } else if (version != before) {
            readOn();
        } else {
            // A change was published that the log does not show: an owner is changing, or the store was set back to
            // an earlier state. Ask once more in a while, not at once and for ever, and then believe the log.
            seen = 0;
            readLater();
        }
    }

    private boolean skips(LogPage page) {
        return !page.transactions().isEmpty() && page.transactions().get(0).version() > version + 1;
    }
}
