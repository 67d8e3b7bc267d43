package io.tradewind.contracts.broker;

import java.util.List;

/**
 * An order as the broker sees it.
 *
 * @param open whether it is still working
 * @param reports everything that happened to it so far, oldest first
 */
public record BrokerOrder(String orderId, boolean open, List<ExecutionReport> reports) {

    public BrokerOrder {
        reports = List.copyOf(reports);
    }
}
