package io.tradewind.orderqueue.endpoint;

import io.tradewind.contracts.broker.Broker;
import io.tradewind.contracts.state.StateClient;
import io.tradewind.orderqueue.domain.Risk;
import io.tradewind.orderqueue.domain.TradingStates;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.util.List;
import java.util.function.Supplier;

/**
 * What the desks of one worker have in common; used on its event loop.
 *
 * @param accounts of all partitions, to be opened when they do not exist
 */
record DeskParts(
        Vertx vertx,
        StateClient state,
        DeskLoader loader,
        Broker broker,
        BrokerConnection connection,
        TradingStates tradingStates,
        Risk risk,
        List<String> accounts,
        Consumers consumers,
        Supplier<String> ids,
        Clock clock,
        QueueMetrics metrics) {}
