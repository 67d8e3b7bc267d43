package io.tradewind.strategyexecutor.runner;

import io.tradewind.contracts.orders.PlaceOrder;
import io.tradewind.contracts.orders.PlaceResult;
import io.vertx.core.Future;
import java.math.BigDecimal;

/** What a strategy reaches the rest of the system through. */
public interface Outside {

    /** Sends an order. Called on the event loop; never fails, an unclear outcome is a {@link PlaceResult.Unknown}. */
    Future<PlaceResult> place(PlaceOrder order);

    /** Stores a signal. Called on the event loop. */
    void signal(Signal signal);

    /** Units held. Called on any thread. */
    BigDecimal position(String symbol);

    /** A new unique id, in the order of time. Called on any thread. */
    String newId();
}
