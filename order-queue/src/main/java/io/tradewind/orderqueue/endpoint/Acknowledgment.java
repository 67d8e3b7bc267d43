package io.tradewind.orderqueue.endpoint;

import io.tradewind.contracts.Failure;
import io.tradewind.contracts.orders.Denial;
import io.tradewind.contracts.orders.DenialCode;
import io.tradewind.contracts.orders.PlaceResult;
import io.tradewind.contracts.state.Transaction;
import java.util.function.Consumer;

/**
 * An admitted order on its way into the log. Whoever repeats it meanwhile waits for the outcome; its sender is answered
 * when that is there: it is durable, it was surely not done, or nobody knows.
 *
 * <p>One for each order, which is all that waiting costs; on the event loop of its desk. After a crash a client that got
 * no answer repeats the order, or asks for it.
 */
abstract class Acknowledgment implements Runnable, Consumer<Failure> {

    /** When an order that the log did not take is worth another try. */
    private static final long SOON_MS = 1_000;

    private static final PlaceResult NOTHING_DONE = new PlaceResult.Denied(
            new Denial(DenialCode.SERVICE_UNAVAILABLE, "the log is not available; nothing was done", null, SOON_MS));

    private static final PlaceResult NOT_KNOWN = new PlaceResult.Unknown("the log did not answer");

    private final LoadedDesk loaded;
    private final String orderId;

    Acknowledgment(LoadedDesk loaded, String orderId) {
        this.loaded = loaded;
        this.orderId = orderId;
    }

    /** Writes the order; {@link LoadedDesk#flush} is left to the caller. */
    final void write(Transaction tx) {
        loaded.admitted(orderId);
        loaded.write(tx, this, this);
    }

    /** It is durable: sends or queues it, unless the desk was discarded, and answers. */
    abstract void onDurable();

    /** Answers that it was not done, or that this is not known. */
    abstract void onFailure(PlaceResult result);

    @Override
    public final void run() {
        loaded.settled(orderId).complete();
        onDurable();
    }

    @Override
    public final void accept(Failure failure) {
        loaded.settled(orderId).fail("the first try of this order was not acknowledged");
        onFailure(failure == Failure.UNAVAILABLE ? NOTHING_DONE : NOT_KNOWN);
    }
}
