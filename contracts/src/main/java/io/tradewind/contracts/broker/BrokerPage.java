package io.tradewind.contracts.broker;

import java.util.List;

/**
 * A part of a long answer.
 *
 * @param items at most {@link Broker#MAX_PAGE}
 * @param next where the next page begins, to be handed back as it is; {@code null} when this was the last
 */
public record BrokerPage<T>(List<T> items, String next) {

    public BrokerPage {
        items = List.copyOf(items);
        if (items.size() > Broker.MAX_PAGE) {
            throw new IllegalArgumentException(
                    "a page of " + items.size() + " items: must have at most " + Broker.MAX_PAGE);
        }
    }
}
