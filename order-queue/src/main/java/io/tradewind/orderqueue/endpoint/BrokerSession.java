package io.tradewind.orderqueue.endpoint;

import io.tradewind.contracts.broker.Broker;
import io.tradewind.contracts.market.Quote;
import java.util.List;
import java.util.function.Consumer;

/**
 * What one worker has of the broker. Made on the event loop of the worker, and used there only.
 *
 * @param market hears the quotes; a real venue has its own
 */
public record BrokerSession(Broker broker, Consumer<List<Quote>> market) {

    /** A session with a venue that follows the market itself. */
    public static BrokerSession of(Broker broker) {
        return new BrokerSession(broker, quotes -> {});
    }
}
