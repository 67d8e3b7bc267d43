package io.tradewind.orderqueue.endpoint;

import io.tradewind.contracts.broker.Broker;
import io.tradewind.contracts.broker.BrokerExecution;
import io.tradewind.contracts.broker.BrokerOpenOrder;
import io.tradewind.contracts.broker.BrokerOrder;
import io.tradewind.contracts.broker.BrokerPosition;
import io.tradewind.contracts.broker.ExecutionReport;
import io.tradewind.contracts.orders.Order;
import io.tradewind.contracts.state.Domains;
import io.tradewind.contracts.state.Entity;
import io.tradewind.contracts.state.EntityKey;
import io.tradewind.contracts.state.ReadEntities;
import io.tradewind.contracts.state.StateClient;
import io.tradewind.orderqueue.domain.Mismatch;
import io.tradewind.orderqueue.domain.Reconciliation;
import io.tradewind.orderqueue.domain.Reconciliation.Found;
import io.vertx.core.Future;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * One desk compared with the broker: takes the steps of {@link Reconciliation}, asks the broker and the state-store in
 * between, and does what the rules say, unless it is a dry run. When the desk is thrown away meanwhile, nothing more is
 * done: the next desk is compared itself.
 *
 * <p>On the event loop of the desk; lives for one run. A crash in the middle leaves what was booked, once each, and the
 * rest for the next run.
 */
final class DeskComparison {

    /** Questions to the broker at a time, and ids in one question to the state-store. */
    private static final int AT_A_TIME = 500;

    private final LoadedDesk loaded;
    private final BrokerLink link;
    private final Broker broker;
    private final StateClient state;
    private final Clock clock;
    private final boolean starting;
    private final boolean dryRun;
    private final Reconciliation run;
    private final Set<String> suspects = new LinkedHashSet<>();
    private final Map<String, String> strangers = new LinkedHashMap<>();
    private final List<Mismatch> mismatches = new ArrayList<>();
    private List<BrokerExecution> toLookUp = List.of();

    /** @param starting whether every order that may be at the broker is asked for, because no report counts as heard */
    DeskComparison(
            LoadedDesk loaded,
            BrokerLink link,
            Broker broker,
            StateClient state,
            Clock clock,
            boolean starting,
            boolean dryRun) {
        this.loaded = loaded;
        this.link = link;
        this.broker = broker;
        this.state = state;
        this.clock = clock;
        this.starting = starting;
        this.dryRun = dryRun;
        this.run = new Reconciliation(loaded.desk(), starting);
    }

    int orders() {
        return run.orders();
    }

    List<Mismatch> mismatches() {
        return mismatches;
    }

    /** Whether this is still the desk that is loaded. */
    boolean isOver() {
        return loaded.isDiscarded();
    }

    // ---- first look

    /** @return whether there is anything to look at again */
    Future<Boolean> look(List<BrokerOpenOrder> orders, List<BrokerExecution> executions) {
        loaded.settle();
        suspects.addAll(run.suspects(orders));
        Map<String, String> accounts = orders.stream()
                .collect(Collectors.toMap(BrokerOpenOrder::orderId, BrokerOpenOrder::accountId, (one, same) -> one));
        run.strangers().forEach(id -> strangers.put(id, accounts.get(id)));
        return unbooked(run.toLookUp(executions, suspects)).map(unbooked -> {
            toLookUp = unbooked;
            return !suspects.isEmpty() || !strangers.isEmpty() || !toLookUp.isEmpty();
        });
    }

    /** Those of the executions that the state-store has no activity of. */
    private Future<List<BrokerExecution>> unbooked(List<BrokerExecution> executions) {
        Map<String, List<BrokerExecution>> byAccount = executions.stream()
                .collect(Collectors.groupingBy(each -> each.report().accountId()));
        List<BrokerExecution> unbooked = new ArrayList<>();
        Future<Void> done = Future.succeededFuture();
        for (Map.Entry<String, List<BrokerExecution>> entry : byAccount.entrySet()) {
            done = done.compose(v -> inParts(entry.getValue(), part -> {
                List<String> ids = part.stream().map(Reconciliation::activityId).toList();
                return state.read(ReadEntities.byIds(Domains.ACTIVITY, entry.getKey(), ids))
                        .compose(page -> {
                            if (page.stale()) {
                                return Future.failedFuture("the state-store cannot confirm its state now");
                            }
                            Set<String> booked = page.entities().stream()
                                    .map(entity -> entity.key().id())
                                    .collect(Collectors.toSet());
                            part.stream()
                                    .filter(each -> !booked.contains(Reconciliation.activityId(each)))
                                    .forEach(unbooked::add);
                            return Future.succeededFuture();
                        });
            }));
        }
        return done.map(v -> unbooked);
    }

    // ---- second look

    /** Asks about everything that was suspect, and settles what still is. */
    Future<Void> lookAgain() {
        return inParts(List.copyOf(suspects), this::askForOrders)
                .compose(v -> inParts(List.copyOf(strangers.keySet()), this::askForStrangers))
                .compose(v -> toLookUp.isEmpty() ? Future.succeededFuture() : lookUpAgain());
    }

    private Future<Void> askForOrders(List<String> ids) {
        return found(ids).map(found -> {
            if (!isOver()) {
                List<ExecutionReport> reports = new ArrayList<>();
                Map<Found, BrokerOrder> toSettle = new LinkedHashMap<>();
                long now = clock.millis();
                found.forEach((id, theirs) -> order(id, theirs, reports, toSettle, now));
                link.book(loaded, reports);
                loaded.settle();
                toSettle.forEach((mismatch, theirs) -> mismatches.add(run.settled(mismatch, theirs)));
            }
            return null;
        });
    }

    private void order(
            String id, BrokerOrder theirs, List<ExecutionReport> reports, Map<Found, BrokerOrder> toSettle, long now) {
        Found found = run.order(id, theirs);
        if (dryRun) {
            if (found != null) {
                mismatches.add(found.mismatch());
            }
            return;
        }
        if (found != null) {
            reports.addAll(run.settle(found, now));
            toSettle.put(found, theirs);
        } else if (starting && theirs != null) {
            // Nothing wrong with it; what the broker says about it is the answer that the desk has not had.
            reports.addAll(theirs.reports());
        }
        if (theirs != null && theirs.open() && loaded.desk().isCanceling(id)) {
            link.cancel(loaded, List.of(id));
        }
    }

    private Future<Void> askForStrangers(List<String> ids) {
        return found(ids).compose(found -> {
            List<String> open = found.entrySet().stream()
                    .filter(entry ->
                            entry.getValue() == null || entry.getValue().open())
                    .map(Map.Entry::getKey)
                    .toList();
            return orders(open).map(ours -> {
                List<String> toCancel = new ArrayList<>();
                for (String id : open) {
                    // Not even known by its id: an order of the broker's own that it only lists.
                    boolean known = found.get(id) != null && ours.containsKey(id);
                    Found stranger = isOver() ? null : run.stranger(id, known);
                    if (stranger != null) {
                        mismatches.add(stranger.mismatch());
                        if (!stranger.mismatch().isEscalated()) {
                            toCancel.add(id);
                        }
                    }
                }
                if (!dryRun) {
                    link.cancel(loaded, toCancel);
                }
                return null;
            });
        });
    }

    private Future<Map<String, Order>> orders(List<String> ids) {
        Map<String, Order> stored = new LinkedHashMap<>();
        Map<String, List<String>> byAccount = ids.stream().collect(Collectors.groupingBy(strangers::get));
        List<Future<?>> reads = new ArrayList<>();
        byAccount.forEach((account, own) -> reads.add(storedOrders(account, own, stored)));
        return Future.all(reads).map(v -> stored);
    }

    private Future<Void> storedOrders(String account, List<String> ids, Map<String, Order> into) {
        return state.read(ReadEntities.byIds(Domains.ORDER, account, ids)).compose(page -> {
            if (page.stale()) {
                return Future.failedFuture("the state-store cannot confirm its state now");
            }
            for (Entity entity : page.entities()) {
                into.put(entity.key().id(), Order.fromJson(entity.json()));
            }
            return Future.succeededFuture();
        });
    }

    private Future<Void> lookUpAgain() {
        // What is booked and not durable yet is not in the state-store either.
        return loaded.whenDurable().compose(v -> unbooked(toLookUp)).compose(unbooked -> {
            Map<EntityKey, List<BrokerExecution>> byOrder = unbooked.stream()
                    .collect(Collectors.groupingBy(
                            each -> new EntityKey(
                                    Domains.ORDER,
                                    each.report().accountId(),
                                    each.report().orderId()),
                            LinkedHashMap::new,
                            Collectors.toList()));
            return inParts(List.copyOf(byOrder.keySet()), keys -> {
                Map<String, Order> stored = new LinkedHashMap<>();
                Map<String, List<String>> ids = keys.stream()
                        .collect(Collectors.groupingBy(
                                EntityKey::partitionKey, Collectors.mapping(EntityKey::id, Collectors.toList())));
                List<Future<?>> reads = new ArrayList<>();
                ids.forEach((account, own) -> reads.add(storedOrders(account, own, stored)));
                return Future.all(reads).map(v -> {
                    keys.forEach(key -> outside(byOrder.get(key), stored.get(key.id())));
                    loaded.flush();
                    return null;
                });
            });
        });
    }

    private void outside(List<BrokerExecution> executions, Order over) {
        if (isOver()) {
            return;
        }
        List<BrokerExecution> bookable = new ArrayList<>();
        for (BrokerExecution execution : executions) {
            Found found = run.execution(execution, over != null);
            if (found != null) {
                mismatches.add(found.mismatch());
                if (!found.mismatch().isEscalated()) {
                    bookable.add(execution);
                }
            }
        }
        if (!bookable.isEmpty() && !dryRun) {
            loaded.write(loaded.desk().bookOutside(bookable, over, clock.millis()));
        }
    }

    // ---- positions

    boolean look(List<BrokerPosition> theirs) {
        return run.holdings(theirs);
    }

    void lookAgain(List<BrokerPosition> theirs) {
        run.positions(theirs).forEach(found -> mismatches.add(found.mismatch()));
    }

    // ---- asking

    /** What the broker knows of each; {@code null} of those that it has never seen. */
    private Future<Map<String, BrokerOrder>> found(List<String> ids) {
        Map<String, BrokerOrder> found = new LinkedHashMap<>();
        List<Future<?>> answers = new ArrayList<>();
        ids.forEach(id -> answers.add(broker.find(id).onSuccess(order -> found.put(id, order.orElse(null)))));
        return Future.all(answers).map(v -> found);
    }

    private static <T> Future<Void> inParts(List<T> all, Function<List<T>, Future<Void>> step) {
        Future<Void> done = Future.succeededFuture();
        for (int from = 0; from < all.size(); from += AT_A_TIME) {
            List<T> part = all.subList(from, Math.min(all.size(), from + AT_A_TIME));
            done = done.compose(v -> step.apply(part));
        }
        return done;
    }
}
