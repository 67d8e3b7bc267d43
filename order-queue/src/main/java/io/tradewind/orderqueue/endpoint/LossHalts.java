package io.tradewind.orderqueue.endpoint;

import io.tradewind.contracts.Addresses;
import io.tradewind.contracts.orders.CancelOrders;
import io.tradewind.contracts.state.Partitions;
import io.tradewind.contracts.state.Transaction;
import io.tradewind.orderqueue.domain.DailyLoss;
import io.tradewind.orderqueue.domain.Desk;
import io.vertx.core.eventbus.EventBus;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What follows when accounts that lost too much were halted and that is durable: the halt holds for every order, it is
 * logged and counted, and open orders are canceled where that is wanted. On the event loop of the desks; stateless. After a
 * crash in between, the desk that is loaded next asks for those cancels again.
 */
final class LossHalts {

    private static final String ACTOR = "order-queue";
    private static final Logger LOG = LoggerFactory.getLogger(LossHalts.class);

    private final EventBus bus;
    private final QueueMetrics metrics;

    LossHalts(EventBus bus, QueueMetrics metrics) {
        this.bus = bus;
        this.metrics = metrics;
    }

    /** Looks at the accounts of a desk at the latest prices, and halts those that have lost too much. */
    void look(LoadedDesk loaded, long nowMs) {
        Transaction tx = loaded.desk().haltLosers(nowMs);
        if (tx != null) {
            write(loaded, tx);
            loaded.flush();
        }
    }

    /** Writes a transaction that may halt accounts; what follows, follows when it is durable. */
    void write(LoadedDesk loaded, Transaction tx) {
        List<DailyLoss.Breach> breaches = loaded.desk().takeBreaches();
        if (breaches.isEmpty()) {
            loaded.write(tx);
        } else {
            loaded.write(tx, () -> durable(loaded.desk(), breaches), failure -> {});
        }
    }

    private void durable(Desk desk, List<DailyLoss.Breach> breaches) {
        for (DailyLoss.Breach breach : breaches) {
            LOG.warn("account {} is halted: {}", breach.accountId(), breach.reason());
            metrics.dailyLossBreached();
            desk.halted(breach);
            if (breach.cancelOpen()) {
                cancelOpen(breach.accountId());
            }
        }
    }

    /** A desk was loaded: cancels that a halt asked for may not have been carried out. */
    void resume(Desk desk) {
        desk.haltedWithOpenOrders().forEach(this::cancelOpen);
    }

    private void cancelOpen(String accountId) {
        int partition = Partitions.of(accountId);
        bus.send(
                Addresses.ordersCancel(partition),
                new CancelOrders(partition, accountId, List.of(), ACTOR, DailyLoss.EVENT));
    }
}
