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
 * @param workers how many there are
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
        int workers) {}
