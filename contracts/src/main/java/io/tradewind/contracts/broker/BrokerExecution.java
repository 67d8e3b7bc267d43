package io.tradewind.contracts.broker;

import io.tradewind.contracts.orders.Side;

/**
 * An execution as the broker's list of executions has it.
 *
 * @param report of kind {@link ExecutionReport.Kind#FILL}, the same as was or will be reported; its order id is our id,
 *     or the broker's own for an order that did not come from us
 */
public record BrokerExecution(ExecutionReport report, String symbol, Side side) {

    public BrokerExecution {
        if (report.kind() != ExecutionReport.Kind.FILL) {
            throw new IllegalArgumentException("an execution is a FILL, not " + report.kind());
        }
    }
}
