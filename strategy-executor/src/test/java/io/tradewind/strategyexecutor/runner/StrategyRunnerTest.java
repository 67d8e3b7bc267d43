package io.tradewind.strategyexecutor.runner;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tradewind.contracts.Json;
import io.tradewind.contracts.market.Bar;
import io.tradewind.contracts.market.Quote;
import io.tradewind.contracts.orders.PlaceOrder;
import io.tradewind.contracts.orders.PlaceResult;
import io.tradewind.contracts.orders.Priority;
import io.tradewind.contracts.orders.Side;
import io.tradewind.contracts.strategy.Strategy;
import io.tradewind.contracts.strategy.StrategyContext;
import io.tradewind.contracts.strategy.StrategyFactory;
import io.tradewind.strategyexecutor.domain.RunState;
import io.tradewind.strategyexecutor.domain.RunningSlots;
import io.tradewind.strategyexecutor.domain.StrategyStatus;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Time stands still but where a test lets a deadline pass, so that nothing here depends on how busy the machine is. */
@Timeout(180)
class StrategyRunnerTest {

    private static final long DEADLINE_MS = 200;
    private static final long GRACE_MS = 100;
    private static final RunLimits LIMITS =
            new RunLimits(10, Duration.ofMillis(DEADLINE_MS), Duration.ofMillis(GRACE_MS), 3, 2);
    private static final long WAIT_MS = 60_000;

    private final Vertx vertx = Vertx.vertx();
    private final Context loop = vertx.getOrCreateContext();
    /** Of the loop only. */
    private final ManualTimers timers = new ManualTimers();

    private final RunningSlots slots = new RunningSlots(2);
    private final GivenUpThreads givenUp = new GivenUpThreads();
    private final FakeOutside outside = new FakeOutside();
    private final AtomicBoolean letGo = new AtomicBoolean();

    @AfterEach
    void close() throws Exception {
        // Loops without end in these tests end with this flag, so that no core is kept busy afterwards.
        letGo.set(true);
        vertx.close().toCompletionStage().toCompletableFuture().get(WAIT_MS, TimeUnit.MILLISECONDS);
    }

    @Test
    void shouldDeliverWhatHappensInOrderOnOneThreadOfItsOwn() throws Exception {
        List<String> seen = new CopyOnWriteArrayList<>();
        List<Thread> threads = new CopyOnWriteArrayList<>();
        StrategyRunner runner = runner(new Strategy() {
            @Override
            public void onStart(StrategyContext context) {
                note("start");
            }

            @Override
            public void onBar(Bar bar, StrategyContext context) {
                note("bar " + bar.close() + " at " + context.nowMs());
            }

            @Override
            public void onQuote(Quote quote, StrategyContext context) {
                note("quote " + quote.last());
            }

            @Override
            public void onStop(StrategyContext context) {
                note("stop");
            }

            private void note(String what) {
                seen.add(what);
                threads.add(Thread.currentThread());
            }
        });
        await(runner::start);
        onLoop(() -> {
            runner.onBar(bar(1), 100);
            runner.onBar(bar(2), 200);
            runner.onQuote(quote("AAPL", 3), 300);
            return null;
        });
        until(runner, status -> status.counts().succeeded() == 4);
        await(runner::stop);
        assertEquals(List.of("start", "bar 1 at 100", "bar 2 at 200", "quote 3", "stop"), seen);
        assertEquals(1, threads.stream().distinct().count());
        assertTrue(threads.get(0).isDaemon());
        assertTrue(
                threads.get(0).getName().startsWith("strategy-test/default"),
                threads.get(0).getName());
        assertEquals(RunState.STOPPED, status(runner).state());
    }

    @Test
    void shouldInterruptACallThatOverrunsAndGoOn() throws Exception {
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch never = new CountDownLatch(1);
        StrategyRunner runner = runner(onBar((bar, context) -> {
            if (bar.close().intValue() == 1) {
                inside.countDown();
                try {
                    never.await();
                } catch (InterruptedException e) {
                    context.checkCancelled();
                }
            }
        }));
        await(runner::start);
        bars(runner, 1, 2);
        assertTrue(inside.await(WAIT_MS, TimeUnit.MILLISECONDS));
        pass(DEADLINE_MS - 1);
        assertEquals(0, status(runner).counts().timeouts());
        pass(1);
        StrategyStatus status = until(runner, s -> s.counts().succeeded() == 2);
        assertEquals(1, status.counts().timeouts());
        assertEquals(0, status.counts().replaced());
        assertEquals(RunState.RUNNING, status.state());
        assertTrue(status.lastError().contains("longer than 200 ms"), status.lastError());
    }

    @Test
    void shouldGiveUpAnEndlessLoopAndReplaceTheStrategyWhileOthersRunOn() throws Exception {
        AtomicInteger made = new AtomicInteger();
        CountDownLatch inside = new CountDownLatch(1);
        AtomicReference<Throwable> late = new AtomicReference<>();
        StrategyRunner runaway = runner(factory(parameters -> {
            made.incrementAndGet();
            return onBar((bar, context) -> {
                if (bar.close().intValue() == 1) {
                    inside.countDown();
                    while (!letGo.get()) {
                        Thread.onSpinWait();
                    }
                    try {
                        context.marketOrder("AAPL", Side.BUY, BigDecimal.ONE, Priority.NORMAL);
                    } catch (RuntimeException e) {
                        late.set(e);
                        throw e;
                    }
                }
            });
        }));
        StrategyRunner other = runner(onBar((bar, context) -> {}));
        await(runaway::start);
        await(other::start);
        bars(runaway, 1);
        bars(other, 2, 3);
        until(other, s -> s.counts().succeeded() == 3);
        assertTrue(inside.await(WAIT_MS, TimeUnit.MILLISECONDS));
        pass(DEADLINE_MS + GRACE_MS);
        StrategyStatus status =
                until(runaway, s -> s.counts().replaced() == 1 && s.counts().succeeded() == 2);
        assertEquals(1, status.counts().timeouts());
        assertEquals(RunState.RUNNING, status.state());
        assertEquals(2, made.get());
        assertEquals(1, onLoop(givenUp::alive));

        bars(runaway, 2);
        until(runaway, s -> s.counts().succeeded() == 3);

        letGo.set(true);
        waitFor(() -> late.get() != null);
        assertInstanceOf(CallCancelledException.class, late.get());
        assertEquals(List.of(), outside.orders);
        waitFor(() -> onLoop(givenUp::alive) == 0);
    }

    @Test
    void shouldParkAStrategyThatHangsAgainAndAgain() throws Exception {
        AtomicInteger inside = new AtomicInteger();
        StrategyRunner runner = runner(onBar((bar, context) -> {
            inside.incrementAndGet();
            while (!letGo.get()) {
                Thread.onSpinWait();
            }
        }));
        await(runner::start);
        for (int i = 0; i < 3; i++) {
            int replaced = i;
            until(runner, s -> s.counts().replaced() == replaced && s.counts().succeeded() == replaced + 1);
            bars(runner, 1);
            waitFor(() -> inside.get() == replaced + 1);
            pass(DEADLINE_MS + GRACE_MS);
        }
        StrategyStatus status = status(runner);
        assertEquals(RunState.PARKED, status.state());
        assertEquals(3, status.counts().timeouts());
        assertEquals(2, status.counts().replaced());
        assertEquals(0, onLoop(slots::taken));
    }

    @Test
    void shouldCountWhatItThrowsAndParkItAfterTooManyInARow() throws Exception {
        StrategyRunner runner = runner(onBar((bar, context) -> {
            if (bar.close().intValue() < 0) {
                throw new IllegalStateException("no such luck");
            }
        }));
        await(runner::start);
        bars(runner, -1, -1, 1, -1, -1);
        StrategyStatus status = until(runner, s -> s.counts().exceptions() == 4);
        assertEquals(RunState.RUNNING, status.state());
        assertTrue(status.lastError().contains("no such luck"), status.lastError());
        bars(runner, -1, 1, 1);
        status = until(runner, s -> s.state() == RunState.PARKED);
        assertEquals(5, status.counts().exceptions());
        assertEquals(2, status.counts().cancelled());
        await(runner::stop);
        assertEquals(RunState.STOPPED, status(runner).state());
    }

    @Test
    void shouldConflateQuotesAndDropBarsThatDoNotFit() throws Exception {
        CountDownLatch gate = new CountDownLatch(1);
        CountDownLatch inside = new CountDownLatch(1);
        List<String> quotes = new CopyOnWriteArrayList<>();
        StrategyRunner runner = runner(new Strategy() {
            @Override
            public void onBar(Bar bar, StrategyContext context) {
                inside.countDown();
                try {
                    gate.await();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            }

            @Override
            public void onQuote(Quote quote, StrategyContext context) {
                quotes.add(quote.symbol() + " " + quote.last());
            }
        });
        await(runner::start);
        bars(runner, 0);
        assertTrue(inside.await(WAIT_MS, TimeUnit.MILLISECONDS));
        onLoop(() -> {
            for (int i = 0; i < 50; i++) {
                runner.onQuote(quote("AAPL", i), i);
            }
            for (int i = 0; i < 12; i++) {
                runner.onBar(bar(i), i);
            }
            return null;
        });
        StrategyStatus status = status(runner);
        assertEquals(49, status.counts().conflated());
        assertEquals(3, status.counts().dropped());
        assertEquals(10, status.queued());
        gate.countDown();
        until(runner, s -> s.queued() == 0);
        onLoop(() -> {
            runner.onQuote(quote("MSFT", 7), 8);
            runner.onQuote(quote("MSFT", 8), 9);
            return null;
        });
        waitFor(() -> quotes.contains("MSFT 8"));
    }

    @Test
    void shouldAnswerOrdersOnTheThreadOfTheStrategy() throws Exception {
        AtomicReference<Thread> own = new AtomicReference<>();
        AtomicReference<Thread> answered = new AtomicReference<>();
        StrategyRunner runner = runner(onBar((bar, context) -> {
            own.set(Thread.currentThread());
            context.signal("AAPL", 1, "because");
            context.limitOrder("BTC/USD", Side.SELL, BigDecimal.TEN, BigDecimal.ONE, Priority.HIGH)
                    .thenAccept(result -> answered.set(Thread.currentThread()));
        }));
        await(runner::start);
        bars(runner, 1);
        waitFor(() -> answered.get() != null);
        assertEquals(own.get(), answered.get());
        PlaceOrder order = outside.orders.get(0);
        assertEquals("strategy:test", order.source());
        assertEquals("default", order.accountId());
        assertTrue(order.clientOrderId().startsWith("test-"), order.clientOrderId());
        assertEquals(1, outside.signals.size());
        StrategyStatus status = until(runner, s -> s.counts().succeeded() == 3);
        assertEquals(1, status.counts().orders());
        assertEquals(1, status.counts().signals());
    }

    @Test
    void shouldNotLetAnotherThreadUseTheContext() throws Exception {
        AtomicReference<StrategyContext> leaked = new AtomicReference<>();
        StrategyRunner runner = runner(onBar((bar, context) -> leaked.set(context)));
        await(runner::start);
        bars(runner, 1);
        waitFor(() -> leaked.get() != null);
        assertThrows(IllegalStateException.class, () -> leaked.get().signal("AAPL", 1, "from outside"));
        assertThrows(IllegalStateException.class, () -> leaked.get()
                .marketOrder("AAPL", Side.BUY, BigDecimal.ONE, Priority.LOW));
    }

    @Test
    void shouldSayWhyItCouldNotStart() throws Exception {
        StrategyRunner wrong = runner(factory(parameters -> {
            throw new IllegalArgumentException("fast must be less than slow");
        }));
        ExecutionException failure = assertThrows(ExecutionException.class, () -> await(wrong::start));
        assertInstanceOf(IllegalArgumentException.class, failure.getCause());
        assertEquals(RunState.STOPPED, status(wrong).state());

        StrategyRunner broken = runner(factory(parameters -> {
            throw new IllegalStateException("broken");
        }));
        assertThrows(ExecutionException.class, () -> await(broken::start));
        assertEquals(RunState.PARKED, status(broken).state());
    }

    @Test
    void shouldStopInTimeThoughACallHangs() throws Exception {
        CountDownLatch inside = new CountDownLatch(1);
        AtomicBoolean told = new AtomicBoolean();
        StrategyRunner runner = runner(new Strategy() {
            @Override
            public void onBar(Bar bar, StrategyContext context) {
                inside.countDown();
                while (!letGo.get()) {
                    Thread.onSpinWait();
                }
            }

            @Override
            public void onStop(StrategyContext context) {
                told.set(true);
            }
        });
        await(runner::start);
        bars(runner, 1, 2);
        assertTrue(inside.await(WAIT_MS, TimeUnit.MILLISECONDS));
        Future<Void> stopped = onLoop(runner::stop);
        assertFalse(stopped.isComplete());
        pass(2 * GRACE_MS);
        assertTrue(stopped.isComplete(), "given time to end by itself, then to heed its interrupt");
        StrategyStatus status = status(runner);
        assertEquals(RunState.STOPPED, status.state());
        assertEquals(2, status.counts().cancelled());
        assertFalse(told.get());
        assertEquals(0, onLoop(slots::taken));
    }

    @FunctionalInterface
    private interface OnBar {
        void onBar(Bar bar, StrategyContext context);
    }

    private static Strategy onBar(OnBar handler) {
        return new Strategy() {
            @Override
            public void onBar(Bar bar, StrategyContext context) {
                handler.onBar(bar, context);
            }
        };
    }

    private static StrategyFactory factory(Function<Map<String, String>, Strategy> make) {
        return new StrategyFactory() {
            @Override
            public String name() {
                return "test";
            }

            @Override
            public Map<String, String> defaults() {
                return Map.of();
            }

            @Override
            public Strategy create(Map<String, String> parameters) {
                return make.apply(parameters);
            }
        };
    }

    private StrategyRunner runner(Strategy strategy) throws Exception {
        return runner(factory(parameters -> strategy));
    }

    private StrategyRunner runner(StrategyFactory factory) throws Exception {
        return onLoop(() -> new StrategyRunner(
                loop,
                timers,
                Clock.systemUTC(),
                new RunSpec(factory, "default", Map.of()),
                LIMITS,
                slots,
                givenUp,
                new RunMeters(new SimpleMeterRegistry(), "test"),
                outside,
                changed -> {}));
    }

    private void bars(StrategyRunner runner, int... closes) throws Exception {
        onLoop(() -> {
            for (int close : closes) {
                runner.onBar(bar(close), 1);
            }
            return null;
        });
    }

    private static Bar bar(int close) {
        BigDecimal price = BigDecimal.valueOf(close);
        return new Bar("AAPL", 0, 1, price, price, price, price, BigDecimal.ONE);
    }

    private static Quote quote(String symbol, int last) {
        BigDecimal price = BigDecimal.valueOf(last);
        return new Quote(symbol, price, BigDecimal.ONE, price, BigDecimal.ONE, price, 1);
    }

    private void pass(long ms) throws Exception {
        onLoop(() -> {
            timers.pass(ms);
            return null;
        });
    }

    private StrategyStatus status(StrategyRunner runner) throws Exception {
        return onLoop(runner::status);
    }

    private StrategyStatus until(StrategyRunner runner, Predicate<StrategyStatus> condition) throws Exception {
        waitFor(() -> condition.test(status(runner)));
        return status(runner);
    }

    private static void waitFor(Callable<Boolean> condition) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(WAIT_MS);
        while (!condition.call()) {
            assertTrue(System.nanoTime() < deadline, "the condition did not come true within " + WAIT_MS + " ms");
            TimeUnit.MILLISECONDS.sleep(5);
        }
    }

    private <T> T onLoop(Callable<T> call) throws Exception {
        CompletableFuture<T> result = new CompletableFuture<>();
        loop.runOnContext(v -> {
            try {
                result.complete(call.call());
            } catch (Exception e) {
                result.completeExceptionally(e);
            }
        });
        return result.get(WAIT_MS, TimeUnit.MILLISECONDS);
    }

    private void await(Callable<Future<Void>> action) throws Exception {
        CompletableFuture<Void> done = new CompletableFuture<>();
        onLoop(() -> action.call().onComplete(done::complete, done::completeExceptionally));
        done.get(WAIT_MS, TimeUnit.MILLISECONDS);
    }

    /** Takes every order, and holds nothing. */
    private static final class FakeOutside implements Outside {

        final List<PlaceOrder> orders = new CopyOnWriteArrayList<>();
        final List<Signal> signals = new CopyOnWriteArrayList<>();
        private final AtomicInteger ids = new AtomicInteger();

        @Override
        public Future<PlaceResult> place(PlaceOrder order) {
            orders.add(order);
            return Future.succeededFuture(new PlaceResult.Accepted(Json.of("{}")));
        }

        @Override
        public void signal(Signal signal) {
            signals.add(signal);
        }

        @Override
        public BigDecimal position(String symbol) {
            return BigDecimal.ZERO;
        }

        @Override
        public String newId() {
            return "id" + ids.incrementAndGet();
        }
    }
}
