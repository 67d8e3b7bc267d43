package io.tradewind.statestore.endpoint;

import io.tradewind.contracts.state.ReadEntities;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * How long ago the owner of a partition last knew that nothing newer than its state exists. Every answer of the log
 * confirms it, as of the moment at which the log was asked; a reader that needs it fresher has the log asked. One
 * question is on its way at a time: readers that come meanwhile share the next one, whose answer is newer than they are.
 *
 * <p>On the event loop of its partition; nothing to close.
 */
final class Freshness {

    /** Readers who wait longer are answered with what there is. */
    static final long MAX_WAIT_MS = 500;

    /** Readers waiting for the log; more are answered with what there is. */
    static final int MAX_WAITING = 4_096;

    private final Vertx vertx;
    private final Supplier<Future<Boolean>> ask;
    private Batch waiting;
    private boolean asking;
    private long confirmedNs = System.nanoTime();

    /** @param ask the log, whether this is still the owner; calls {@link #confirmed} when it is */
    Freshness(Vertx vertx, Supplier<Future<Boolean>> ask) {
        this.vertx = vertx;
        this.ask = ask;
    }

    /** Readers that are told together, once. */
    private final class Batch {

        private final List<Consumer<Boolean>> readers = new ArrayList<>();
        private final long timer = vertx.setTimer(MAX_WAIT_MS, late -> tell(false));

        void tell(boolean confirmed) {
            vertx.cancelTimer(timer);
            List<Consumer<Boolean>> told = List.copyOf(readers);
            readers.clear();
            told.forEach(reader -> reader.accept(confirmed));
        }
    }

    /** The log, asked at {@code askedNs} of the system's nanosecond clock, knew no other owner. */
    void confirmed(long askedNs) {
        if (askedNs - confirmedNs > 0) {
            confirmedNs = askedNs;
        }
    }

    /** How long ago that was, milliseconds. */
    long ageMs() {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - confirmedNs);
    }

    /** @param whenKnown told whether the state is no older than that; at once when it need not be asked for */
    void whenFresh(long maxAgeMs, Consumer<Boolean> whenKnown) {
        if (maxAgeMs == ReadEntities.ANY_AGE || ageMs() < maxAgeMs) {
            whenKnown.accept(true);
        } else if (waiting != null && waiting.readers.size() >= MAX_WAITING) {
            whenKnown.accept(false);
        } else {
            if (waiting == null) {
                waiting = new Batch();
            }
            waiting.readers.add(whenKnown);
            askOn();
        }
    }

    private void askOn() {
        if (asking || waiting == null) {
            return;
        }
        asking = true;
        Batch batch = waiting;
        waiting = null;
        ask.get().otherwise(false).onSuccess(isOwner -> {
            asking = false;
            batch.tell(isOwner);
            askOn();
        });
    }
}
