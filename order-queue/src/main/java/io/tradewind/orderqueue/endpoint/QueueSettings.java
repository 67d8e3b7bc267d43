package io.tradewind.orderqueue.endpoint;

import io.tradewind.contracts.market.TradingDays;
import io.tradewind.orderqueue.domain.DeskLimits;
import java.time.Duration;
import java.util.List;

/**
 * What is set about the order-queue, as its configuration says.
 *
 * @param accounts opened when they do not exist
 * @param instance this process
 */
public record QueueSettings(
        String instance,
        DeskLimits limits,
        TradingDays days,
        List<String> accounts,
        Duration stateTimeout,
        Duration markInterval,
        Duration reconcileInterval,
        Duration reconcileGrace,
        Workforce workforce) {

    /**
     * How many workers there are, and how they are looked after.
     *
     * @param checkInterval how often each is asked whether its event loop turns
     * @param timeout after which one that has not answered is replaced
     * @param rebalanceInterval how often load is compared
     */
    public record Workforce(int workers, Duration checkInterval, Duration timeout, Duration rebalanceInterval) {}
}
