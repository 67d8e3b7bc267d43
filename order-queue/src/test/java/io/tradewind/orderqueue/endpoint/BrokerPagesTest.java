package io.tradewind.orderqueue.endpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tradewind.contracts.broker.BrokerPage;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class BrokerPagesTest {

    /** Less than a thread gets by itself, so that the depth does not depend on the machine. */
    private static final long STACK_BYTES = 256 * 1024;

    private static final int MOST = BrokerPages.MAX_PAGES;

    @Test
    void shouldTakeAsManyPagesAsAreAllowedWhenEachIsThereAtOnce() throws InterruptedException {
        assertEquals(
                MOST, onSmallStack(() -> BrokerPages.all(pages(MOST))).result().size());
    }

    @Test
    void shouldTakeThemWhenEachComesLater() throws InterruptedException {
        Queue<Runnable> later = new ArrayDeque<>();
        Function<String, Future<BrokerPage<Integer>>> pages = pages(MOST);
        Future<List<Integer>> all = onSmallStack(() -> {
            Future<List<Integer>> asked = BrokerPages.all(cursor -> {
                Promise<BrokerPage<Integer>> page = Promise.promise();
                later.add(() -> page.complete(pages.apply(cursor).result()));
                return page.future();
            });
            while (!later.isEmpty()) {
                later.remove().run();
            }
            return asked;
        });
        assertEquals(MOST, all.result().size());
        assertEquals(0, all.result().get(0));
        assertEquals(MOST - 1, all.result().get(MOST - 1));
    }

    @Test
    void shouldRefuseABrokerThatListsMore() {
        Future<List<Integer>> all = BrokerPages.all(pages(MOST + 1));
        assertTrue(all.failed());
        assertTrue(
                all.cause().getMessage().contains("more than " + MOST + " pages"),
                all.cause().getMessage());
    }

    @Test
    void shouldFailWithThePageThatDoes() {
        Function<String, Future<BrokerPage<Integer>>> pages = pages(5);
        Future<List<Integer>> all =
                BrokerPages.all(cursor -> "3".equals(cursor) ? Future.failedFuture("no") : pages.apply(cursor));
        assertTrue(all.failed());
        assertEquals("no", all.cause().getMessage());
    }

    @Test
    void shouldFailWhenTheBrokerThrows() {
        Future<List<Integer>> all = BrokerPages.all(cursor -> {
            throw new IllegalStateException("bug");
        });
        assertEquals("bug", all.cause().getMessage());
        assertTrue(BrokerPages.all(cursor -> Future.succeededFuture()).failed());
    }

    /** Pages of one item each, which is their number. */
    private static Function<String, Future<BrokerPage<Integer>>> pages(int count) {
        return cursor -> {
            int page = cursor == null ? 0 : Integer.parseInt(cursor);
            return Future.succeededFuture(
                    new BrokerPage<>(List.of(page), page + 1 == count ? null : Integer.toString(page + 1)));
        };
    }

    private interface Asking {
        Future<List<Integer>> ask();
    }

    private static Future<List<Integer>> onSmallStack(Asking asking) throws InterruptedException {
        AtomicReference<Future<List<Integer>>> answer = new AtomicReference<>();
        AtomicReference<Throwable> failure = new AtomicReference<>();
        Thread thread = new Thread(
                null,
                () -> {
                    try {
                        answer.set(asking.ask());
                    } catch (Throwable e) {
                        failure.set(e);
                    }
                },
                "small-stack",
                STACK_BYTES);
        thread.start();
        thread.join();
        assertEquals(null, failure.get());
        assertTrue(answer.get().succeeded(), () -> String.valueOf(answer.get().cause()));
        return answer.get();
    }
}
