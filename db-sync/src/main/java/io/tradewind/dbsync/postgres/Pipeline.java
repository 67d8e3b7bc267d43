package io.tradewind.dbsync.postgres;

import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * Statements of one transaction, in their order, a few of them on their way at a time: while Postgres works on one, the
 * next ones are encoded and sent. After one that fails no more are sent; those that were sent already fail because of it.
 *
 * <p>On the event loop of its database, gone with the transaction. Bounds what waits in memory.
 */
final class Pipeline {

    /** Statements on their way at a time, unless one must be over before the next. */
    static final int WINDOW = 4;

    private final int window;
    private final List<Future<Void>> statements = new ArrayList<>();

    /** @param window statements on their way at a time, from 1 */
    Pipeline(int window) {
        this.window = window;
    }

    /** @param statement sends it and gives its outcome */
    void add(Supplier<? extends Future<?>> statement) {
        Future<Void> before =
                statements.size() < window ? Future.succeededFuture() : statements.get(statements.size() - window);
        statements.add(before.compose(done -> statement.get().mapEmpty()));
    }

    /** @return completes when all have ended; fails with the first failure, from which the others follow */
    Future<Void> done() {
        if (statements.isEmpty()) {
            return Future.succeededFuture();
        }
        return Future.join(statements)
                .transform(ended ->
                        statements.stream().filter(Future::failed).findFirst().orElse(Future.succeededFuture()));
    }
}
