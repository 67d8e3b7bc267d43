package io.tradewind.strategyexecutor.runner;

import io.tradewind.contracts.market.Bar;
import io.tradewind.contracts.market.Quote;
import io.tradewind.contracts.orders.Order;
import io.tradewind.contracts.orders.PlaceOrder;
import io.tradewind.contracts.orders.PlaceResult;
import io.tradewind.strategyexecutor.domain.CallOutcome;
import io.tradewind.strategyexecutor.domain.RunState;
import io.tradewind.strategyexecutor.domain.RunningSlots;
import io.tradewind.strategyexecutor.domain.StrategyStatus;
import io.tradewind.strategyexecutor.domain.TaskPriority;
import io.tradewind.strategyexecutor.domain.TaskQueue;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.math.BigDecimal;
import java.time.Clock;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs one strategy for one account: feeds it from a bounded queue, one call at a time, each with a deadline.
 *
 * <pre>
 *   STARTING ──onStart done──► RUNNING ──stop──► STOPPING ──onStop done──► STOPPED
 *       │                       │   ▲
 *       │                       │   └─ a call would not end: new thread and object, up to a cap
 *       └──failed──► PARKED ◄───┴─ too many failures in a row, or too many replacements
 * </pre>
 *
 * A call that overruns its deadline is interrupted; one that does not end within a grace time either is given up: its
 * thread is left to itself, without any right to trade or signal, because Java cannot end it.
 *
 * <p>Longer than most classes here: who is called when, and what may happen meanwhile, is only clear in one place.
 *
 * <p>Everything here happens on the event loop that the runner was made on; only the calls themselves run on the
 * strategy's own thread. Closed by {@link #stop()}. A crash of the process takes the strategy with it: it keeps nothing
 * but what it stored.
 */
public final class StrategyRunner {

    private static final Logger LOG = LoggerFactory.getLogger(StrategyRunner.class);

    private final Context loop;
    private final Timers timers;
    private final Clock clock;
    private final RunSpec spec;
    private final RunLimits limits;
    private final RunningSlots slots;
    private final GivenUpThreads givenUp;
    private final Outside outside;
    private final Consumer<StrategyRunner> onStateChange;

    private final TaskQueue<Task> queue;
    private final RunRecord record;
    private final Promise<Void> started = Promise.promise();
    private final Promise<Void> stopped = Promise.promise();

    private RunState state = RunState.STARTING;
    private long sinceMs;
    private Incarnation self;
    private int incarnations;
    private boolean created;
    private boolean waitingForSlot;
    private Call call;
    private long feedMs;

    /** Made on the event loop {@code loop}. {@code onStateChange} is called there, after each change of state. */
    public StrategyRunner(
            Context loop,
            Timers timers,
            Clock clock,
            RunSpec spec,
            RunLimits limits,
            RunningSlots slots,
            GivenUpThreads givenUp,
            RunMeters meters,
            Outside outside,
            Consumer<StrategyRunner> onStateChange) {
        this.loop = loop;
        this.timers = timers;
        this.clock = clock;
        this.spec = spec;
        this.limits = limits;
        this.slots = slots;
        this.givenUp = givenUp;
        this.outside = outside;
        this.onStateChange = onStateChange;
        this.queue = new TaskQueue<>(limits.queueSize());
        this.record = new RunRecord(title(), clock, meters, limits.maxFailures());
        this.sinceMs = clock.millis();
        this.feedMs = sinceMs;
    }

    /**
     * Makes the strategy and tells it to start; once.
     *
     * @return completes when it runs; fails with what it threw, or why it did not come to run
     */
    public Future<Void> start() {
        if (state == RunState.STARTING) {
            incarnate();
        } else {
            started.tryFail(new IllegalStateException("stopped before it had started"));
        }
        return started.future();
    }

    /** Lets it say its last words, within bounds, and ends it. Never fails. */
    public Future<Void> stop() {
        switch (state) {
            case STARTING, RUNNING -> beginStop();
            case PARKED -> finishStop();
            case STOPPING, STOPPED -> LOG.debug("strategy {} is already told to stop", title());
        }
        return stopped.future();
    }

    public void onQuote(Quote quote, long timeMs) {
        tell(TaskPriority.LOW, quote.symbol(), "onQuote " + quote.symbol(), timeMs, self -> self.strategy()
                .onQuote(quote, self.context));
    }

    public void onBar(Bar bar, long timeMs) {
        tell(TaskPriority.NORMAL, null, "onBar " + bar.symbol(), timeMs, self -> self.strategy()
                .onBar(bar, self.context));
    }

    /** An order of this strategy changed. */
    public void onOrder(Order order) {
        tell(TaskPriority.HIGH, null, "onOrder " + order.id(), 0, self -> self.strategy()
                .onOrder(order, self.context));
    }

    public RunSpec spec() {
        return spec;
    }

    public RunState state() {
        return state;
    }

    public StrategyStatus status() {
        return new StrategyStatus(
                spec.name(),
                spec.accountId(),
                state,
                sinceMs,
                spec.parameters(),
                record.counters().counts(),
                queue.size(),
                record.lastError(),
                record.lastErrorMs());
    }

    private void incarnate() {
        incarnations++;
        created = false;
        CallThread thread = new CallThread("strategy-" + title() + "-" + incarnations);
        LoopBridge bridge = new LoopBridge();
        RunContext context = new RunContext(spec.name(), spec.accountId(), spec.parameters(), bridge);
        context.belongsTo(thread);
        self = new Incarnation(thread, context);
        bridge.owner = context;
        queue.offer(
                TaskPriority.URGENT,
                null,
                new Task(Task.Kind.START, "onStart", feedMs, limits.deadlineMs(), me -> me.create(spec.factory())));
        pump();
    }

    private void tell(TaskPriority priority, Object key, String what, long timeMs, Task.Work work) {
        if (state != RunState.RUNNING) {
            return;
        }
        feedMs = Math.max(feedMs, timeMs);
        switch (queue.offer(priority, key, new Task(Task.Kind.NEWS, what, timeMs, limits.deadlineMs(), work))) {
            case ADDED -> LOG.trace("strategy {}: {} waits", title(), what);
            case CONFLATED -> record.counters().conflated();
            case DISPLACED, REFUSED -> record.count(CallOutcome.DROPPED, 1);
        }
        pump();
    }

    private void pump() {
        if (call == null && !waitingForSlot && !queue.isEmpty()) {
            waitingForSlot = true;
            slots.acquire(this::next);
        }
    }

    // Owns a slot.
    private void next() {
        waitingForSlot = false;
        Task task = queue.poll();
        if (task == null) {
            slots.release();
            return;
        }
        Call begun = new Call(task, clock.millis());
        call = begun;
        begun.timer = timers.set(task.deadlineMs(), () -> interrupt(begun, CallOutcome.TIMEOUT));
        Incarnation me = self;
        me.thread.execute(() -> perform(me, begun));
    }

    // On the thread of the strategy.
    private void perform(Incarnation me, Call begun) {
        Throwable failure = null;
        // An interrupt that came too late for the call before is not meant for this one.
        if (Thread.interrupted()) {
            LOG.debug("strategy {}: a late interrupt was cleared before {}", title(), begun.task.what());
        }
        me.context.enter(begun);
        try {
            begun.task.work().run(me);
        } catch (Throwable e) {
            // Whatever a strategy throws, an Error too, is its own failure and must not end the thread.
            failure = e;
        }
        Throwable thrown = failure;
        loop.runOnContext(v -> ended(begun, thrown));
    }

    private void ended(Call done, Throwable failure) {
        if (call != done) {
            LOG.info("strategy {}: {} came back after it had been given up", title(), done.task.what());
            return;
        }
        timers.cancel(done.timer);
        call = null;
        slots.release();
        CallOutcome outcome = done.cancelledAs != null
                ? done.cancelledAs
                : failure == null ? CallOutcome.SUCCEEDED : CallOutcome.EXCEPTION;
        record.ended(done, outcome, failure);
        if (done.task.kind() == Task.Kind.START) {
            created = outcome == CallOutcome.SUCCEEDED;
        }
        if (state == RunState.STOPPING) {
            continueStop(done);
        } else if (done.task.kind() == Task.Kind.START && !created) {
            startFailed(failure);
        } else if (record.failedTooOften()) {
            park(record.failuresInARow() + " calls in a row failed");
        } else {
            if (state == RunState.STARTING) {
                enter(RunState.RUNNING);
                started.complete();
            }
            pump();
        }
    }

    private void startFailed(Throwable failure) {
        String why = record.lastError();
        if (failure instanceof IllegalArgumentException) {
            // Its parameters do not fit: nothing to bring back to life.
            end(RunState.STOPPED);
        } else {
            park("it could not be started");
        }
        started.tryFail(failure != null ? failure : new IllegalStateException(why));
    }

    private void interrupt(Call overdue, CallOutcome as) {
        if (call != overdue) {
            return;
        }
        overdue.cancel(as);
        self.thread.interrupt();
        overdue.timer = timers.set(limits.graceMs(), () -> giveUp(overdue));
    }

    private void giveUp(Call lost) {
        if (call != lost) {
            return;
        }
        call = null;
        givenUp.add(self.thread);
        retire();
        slots.release();
        record.ended(lost, lost.cancelledAs, null);
        cancelQueued();
        LOG.warn(
                "strategy {}: {} did not end {} ms after its interrupt; its thread is given up, {} such threads run",
                title(),
                lost.task.what(),
                limits.graceMs(),
                givenUp.alive());
        if (state == RunState.STOPPING) {
            finishStop();
        } else if (state == RunState.STARTING) {
            startFailed(null);
        } else if (record.failedTooOften()) {
            park(record.failuresInARow() + " calls in a row failed");
        } else if (record.counters().replacements() >= limits.maxReplacements() || givenUp.isFull()) {
            park("it was replaced " + record.counters().replacements() + " times, and " + givenUp.alive()
                    + " given-up threads run still");
        } else {
            record.counters().replaced();
            incarnate();
        }
    }

    private void park(String why) {
        LOG.error("strategy {} is parked: {}; last error: {}", title(), why, record.lastError());
        end(RunState.PARKED);
    }

    private void beginStop() {
        boolean speaks = created;
        enter(RunState.STOPPING);
        cancelQueued();
        if (call != null) {
            hasten(call);
        } else if (speaks) {
            sayStop();
        } else {
            finishStop();
        }
    }

    // A call that runs may end by itself, but not for as long as it likes. One that was interrupted has its time
    // already.
    private void hasten(Call running) {
        if (running.cancelledAs == null && timers.cancel(running.timer)) {
            running.timer = timers.set(limits.graceMs(), () -> interrupt(running, CallOutcome.CANCELLED));
        }
    }

    private void continueStop(Call done) {
        if (created && done.task.kind() != Task.Kind.STOP) {
            sayStop();
        } else {
            finishStop();
        }
    }

    private void sayStop() {
        queue.offer(
                TaskPriority.URGENT,
                null,
                new Task(Task.Kind.STOP, "onStop", 0, limits.stopDeadlineMs(), me -> me.strategy()
                        .onStop(me.context)));
        pump();
    }

    private void finishStop() {
        end(RunState.STOPPED);
        started.tryFail(new IllegalStateException("stopped before it had started"));
        stopped.tryComplete();
    }

    private void end(RunState how) {
        cancelQueued();
        retire();
        enter(how);
        if (how == RunState.STOPPED) {
            stopped.tryComplete();
        }
    }

    private void retire() {
        if (self != null) {
            self.context.revoke();
            self.thread.end();
        }
    }

    private void cancelQueued() {
        record.count(CallOutcome.CANCELLED, queue.clear().size());
    }

    private void enter(RunState next) {
        state = next;
        sinceMs = clock.millis();
        onStateChange.accept(this);
    }

    private String title() {
        return spec.name() + "/" + spec.accountId();
    }

    /** Carries what a strategy asks for from its thread to the event loop, and answers back. */
    private final class LoopBridge implements RunContext.Bridge {

        private RunContext owner;

        @Override
        public void place(PlaceOrder order, Consumer<PlaceResult> answer) {
            loop.runOnContext(v -> {
                record.counters().ordered();
                outside.place(order).onSuccess(result -> deliver(order, result, answer));
            });
        }

        private void deliver(PlaceOrder order, PlaceResult result, Consumer<PlaceResult> answer) {
            if (owner.isRevoked() || (state != RunState.STARTING && state != RunState.RUNNING)) {
                LOG.debug("strategy {}: nobody is left for the answer to {}", title(), order.clientOrderId());
                return;
            }
            // Never refused: the context bounds the orders in flight.
            queue.offer(
                    TaskPriority.URGENT,
                    null,
                    new Task(
                            Task.Kind.NEWS,
                            "answer to " + order.clientOrderId(),
                            0,
                            limits.deadlineMs(),
                            me -> answer.accept(result)));
            pump();
        }

        @Override
        public void signal(Signal signal) {
            loop.runOnContext(v -> {
                record.counters().signalled();
                outside.signal(signal);
            });
        }

        @Override
        public BigDecimal position(String symbol) {
            return outside.position(symbol);
        }

        @Override
        public String newId() {
            return outside.newId();
        }
    }
}
