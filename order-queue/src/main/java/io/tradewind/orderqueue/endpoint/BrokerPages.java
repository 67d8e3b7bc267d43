package io.tradewind.orderqueue.endpoint;

import io.tradewind.contracts.broker.BrokerPage;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;

/**
 * Asks a broker for a list page after page, until it has all of it. Pages that are there at once are taken in a loop: one
 * composed future for each of them would nest as deep as there are pages, and so many do not fit on the stack.
 *
 * <p>On the event loop that asks. Nothing to close.
 */
final class BrokerPages<T> {

    /** Pages of one list; a broker that lists more is not compared. */
    static final int MAX_PAGES = 2_000;

    private final Function<String, Future<BrokerPage<T>>> ask;
    private final List<T> items = new ArrayList<>();
    private final Promise<List<T>> all = Promise.promise();
    private int pages;

    private BrokerPages(Function<String, Future<BrokerPage<T>>> ask) {
        this.ask = ask;
    }

    /** @param ask for the page that begins at a cursor; {@code null} is the first one */
    static <T> Future<List<T>> all(Function<String, Future<BrokerPage<T>>> ask) {
        BrokerPages<T> pages = new BrokerPages<>(ask);
        pages.from(null);
        return pages.all.future();
    }

    private void from(String first) {
        String cursor = first;
        do {
            if (pages++ == MAX_PAGES) {
                all.fail("the broker lists more than " + MAX_PAGES + " pages");
                return;
            }
            Future<BrokerPage<T>> answer = ask(cursor);
            if (!answer.isComplete()) {
                answer.onSuccess(page -> {
                            if (take(page)) {
                                from(page.next());
                            }
                        })
                        .onFailure(all::fail);
                return;
            }
            if (answer.failed()) {
                all.fail(answer.cause());
                return;
            }
            if (!take(answer.result())) {
                return;
            }
            cursor = answer.result().next();
        } while (true);
    }

    /** A broker that throws, or has nothing to say, must not leave the comparison waiting. */
    private Future<BrokerPage<T>> ask(String cursor) {
        try {
            return ask.apply(cursor).map(page -> Objects.requireNonNull(page, "the broker answered without a page"));
        } catch (RuntimeException e) {
            return Future.failedFuture(e);
        }
    }

    /** Whether there are more. */
    private boolean take(BrokerPage<T> page) {
        items.addAll(page.items());
        if (page.next() == null) {
            all.complete(items);
        }
        return page.next() != null;
    }
}
