package io.tradewind.orderqueue.paper;

import static io.tradewind.orderqueue.domain.Samples.AAPL;
import static io.tradewind.orderqueue.domain.Samples.ids;
import static io.tradewind.orderqueue.domain.Samples.limit;
import static io.tradewind.orderqueue.domain.Samples.quote;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tradewind.contracts.broker.BrokerOrder;
import io.tradewind.contracts.broker.ExecutionReport;
import io.tradewind.contracts.broker.ExecutionReport.Kind;
import io.tradewind.contracts.market.MarketHours;
import io.tradewind.contracts.orders.Order;
import io.tradewind.contracts.orders.Side;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.math.BigDecimal;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The line to the paper venue, quick and slow. */
@Timeout(60)
class PaperBrokerTest {

    private static final PaperRules RULES =
            PaperRules.of(BigDecimal.ZERO, BigDecimal.ZERO, BigDecimal.ZERO, BigDecimal.ZERO, MarketHours.ALWAYS);

    private final Vertx vertx = Vertx.vertx();
    private final Context loop = vertx.getOrCreateContext();
    private final List<ExecutionReport> heard = new CopyOnWriteArrayList<>();
    private PaperBroker broker;

    @AfterEach
    void close() throws Exception {
        await(broker::close);
        vertx.close().await(30, TimeUnit.SECONDS);
    }

    private void open(PaperRules rules) throws Exception {
        broker = new PaperBroker(vertx, Clock.systemUTC(), ids("e"), rules);
        await(() -> broker.open(heard::addAll));
    }

    /** On one event loop, as the order-queue calls it. */
    private <T> T await(Callable<Future<T>> call) throws Exception {
        Promise<T> done = Promise.promise();
        loop.runOnContext(v -> {
            try {
                call.call().onComplete(done);
            } catch (Exception e) {
                done.fail(e);
            }
        });
        return done.future().await(30, TimeUnit.SECONDS);
    }

    private static Order order(String id) {
        return Order.accepted(id, limit(Side.BUY, "1", "100", "c-" + id), System.currentTimeMillis());
    }

    @Test
    void shouldAnswerAQuestionAfterEveryRequestBeforeItHoweverSlowTheLineIs() throws Exception {
        open(RULES.with(0, 5, 20, 1));
        List<String> arrived = new ArrayList<>();
        Optional<BrokerOrder> found = await(() -> {
            for (int i = 0; i < 20; i++) {
                String id = "o" + i;
                broker.submit(List.of(order(id))).onSuccess(v -> arrived.add(id));
            }
            broker.cancel(List.of("o19")).onSuccess(v -> arrived.add("cancel"));
            assertEquals(List.of(), arrived, "nothing arrives at once");
            return broker.find("o19");
        });
        assertFalse(found.orElseThrow().open(), "submitted and canceled");
        assertEquals(21, arrived.size());
        assertEquals("o0", arrived.get(0));
        assertEquals("cancel", arrived.get(20));
        assertEquals(19, await(() -> broker.openOrders(null)).items().size());
        assertEquals(0, await(() -> broker.executions(0, null)).items().size());
        until(() -> heard.size() == 21);
        assertEquals(Kind.CANCELED, heard.get(20).kind());
    }

    @Test
    void shouldTellReportsAfterTheCallThatCausedThem() throws Exception {
        open(RULES);
        await(() -> {
            broker.onQuotes(List.of(quote(AAPL, "99", "100")));
            Future<Void> sent = broker.submit(List.of(order("o1")));
            assertTrue(heard.isEmpty());
            return sent;
        });
        until(() -> heard.size() == 1);
        assertEquals(Kind.FILL, heard.get(0).kind());
    }

    private void until(Callable<Boolean> condition) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (!condition.call()) {
            assertTrue(System.nanoTime() < deadline, "not in time");
            await(Future::succeededFuture); // whatever is due on the loop happens before
        }
    }
}
