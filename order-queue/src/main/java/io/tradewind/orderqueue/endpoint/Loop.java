package io.tradewind.orderqueue.endpoint;

import io.tradewind.contracts.Failure;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.VertxInternal;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * An event loop that others ask to do something. The task runs on the loop, its answer arrives on the context of whoever
 * asked. When the loop is given up because it no longer turns, whoever waits for it is told so at once, and so is
 * everybody who asks later.
 *
 * <p>Any thread. Holds the questions that are not answered yet; nothing to close.
 */
final class Loop {

    private final VertxInternal vertx;
    private final ContextInternal context;
    private final Set<Promise<?>> unanswered = ConcurrentHashMap.newKeySet();
    private volatile String givenUp;

    Loop(Vertx vertx, ContextInternal context) {
        this.vertx = (VertxInternal) vertx;
        this.context = context;
    }

    /** The event loop of the caller. */
    static Loop current(Vertx vertx) {
        return new Loop(vertx, ((VertxInternal) vertx).getOrCreateContext());
    }

    /** Has a task done; fails with {@link Failure#UNKNOWN} when the loop was given up before it answered. */
    <T> Future<T> ask(Supplier<Future<T>> task) {
        Promise<T> answer = vertx.getOrCreateContext().promise();
        unanswered.add(answer);
        run(() -> {
            Future<T> done;
            try {
                done = task.get();
            } catch (RuntimeException bug) {
                done = Future.failedFuture(bug);
            }
            done.onComplete(answer::tryComplete, answer::tryFail);
        });
        String reason = givenUp;
        if (reason != null) {
            answer.tryFail(Failure.UNKNOWN.exception(reason));
        }
        return answer.future().onComplete(over -> unanswered.remove(answer));
    }

    /** Has something done that nobody waits for; not when the loop was given up. */
    void run(Runnable task) {
        context.runOnContext(v -> {
            if (givenUp == null) {
                task.run();
            }
        });
    }

    /** Has something done also when the loop was given up, as soon as it turns again. */
    void runInAnyCase(Runnable task) {
        context.runOnContext(v -> task.run());
    }

    /** The loop does not turn: nobody waits for it any longer. */
    void giveUp(String reason) {
        givenUp = reason;
        unanswered.forEach(each -> each.tryFail(Failure.UNKNOWN.exception(reason)));
    }
}
