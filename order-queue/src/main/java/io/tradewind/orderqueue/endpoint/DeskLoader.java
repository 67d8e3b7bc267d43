package io.tradewind.orderqueue.endpoint;

import io.tradewind.contracts.JsonObjects;
import io.tradewind.contracts.state.Cause;
import io.tradewind.contracts.state.Commit;
import io.tradewind.contracts.state.Domains;
import io.tradewind.contracts.state.Durability;
import io.tradewind.contracts.state.EntitiesPage;
import io.tradewind.contracts.state.Entity;
import io.tradewind.contracts.state.EntityKey;
import io.tradewind.contracts.state.Expectation;
import io.tradewind.contracts.state.Mutation;
import io.tradewind.contracts.state.Partitions;
import io.tradewind.contracts.state.ReadEntities;
import io.tradewind.contracts.state.StateClient;
import io.tradewind.contracts.state.Transaction;
import io.tradewind.contracts.state.TransactionOutcome;
import io.tradewind.orderqueue.domain.AdmissionPause;
import io.tradewind.orderqueue.domain.Desk;
import io.tradewind.orderqueue.domain.DeskLimits;
import io.tradewind.orderqueue.domain.Prices;
import io.tradewind.orderqueue.domain.Risk;
import io.vertx.core.Future;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Builds a {@link Desk} from the state-store. First it writes the owner entity of the partition: from then on nothing
 * that an earlier desk still has on its way can take effect, so that what is read afterwards is all there is.
 *
 * <p>On the event loop of its driver. Stateless but for its parts.
 */
final class DeskLoader {

    private static final String OWNER_ID = "order-queue";

    private final StateClient state;
    private final DeskLimits limits;
    private final Prices prices;
    private final Risk risk;
    private final AdmissionPause pause;
    private final Supplier<String> ids;
    private final Clock clock;
    private final String instance;
    /** Whether what holds for all accounts was read once; from then on every change of it passes by this process. */
    private boolean sharedLoaded;

    DeskLoader(
            StateClient state,
            DeskLimits limits,
            Prices prices,
            Risk risk,
            AdmissionPause pause,
            Supplier<String> ids,
            Clock clock,
            String instance) {
        this.state = state;
        this.limits = limits;
        this.prices = prices;
        this.risk = risk;
        this.pause = pause;
        this.ids = ids;
        this.clock = clock;
        this.instance = instance;
    }

    /** Takes the partition over and loads everything that its desk needs. */
    Future<Desk> load(int partition) {
        return claim(partition).compose(owner -> {
            Desk desk = new Desk(limits, prices, pause, risk, ids, owner);
            List<EntityKey> open = new ArrayList<>();
            return loadShared()
                    .compose(v -> each(partition, Domains.RISK, this::loadRisk))
                    .compose(v -> each(partition, Domains.ACCOUNT, entity -> desk.loadAccount(entity.json())))
                    .compose(v -> each(partition, Domains.POSITION, entity -> desk.loadPosition(entity.json())))
                    .compose(v -> each(partition, Domains.ORDER, entity -> {
                        if (desk.loadOrder(entity.json())) {
                            open.add(entity.key());
                        }
                    }))
                    .compose(v -> loadExecutions(desk, open, nextWithFills(desk, open, 0)))
                    .map(desk);
        });
    }

    /** No order is admitted before a halt of all, the limits of all and the rules of all instruments are known. */
    private Future<Void> loadShared() {
        if (sharedLoaded) {
            return Future.succeededFuture();
        }
        return eachFrom(ReadEntities.of(Domains.RISK, Domains.GLOBAL_KEY, ReadEntities.MAX_LIMIT), this::loadRisk)
                .compose(v -> eachFrom(
                        ReadEntities.of(Domains.ASSET, Domains.MARKET_KEY, ReadEntities.MAX_LIMIT), this::loadRisk))
                .onSuccess(v -> sharedLoaded = true);
    }

    private void loadRisk(Entity entity) {
        risk.load(entity.key(), entity.json(), entity.version());
    }

    private Future<Expectation> claim(int partition) {
        EntityKey key = new EntityKey(Domains.OWNER, Partitions.pinnedKey(partition), OWNER_ID);
        return state.read(ReadEntities.one(key)).compose(page -> {
            long version = page.entities().isEmpty()
                    ? Expectation.ABSENT
                    : page.entities().get(0).version();
            Mutation put = new Mutation(key, JsonObjects.write(out -> out.text("service", OWNER_ID)
                    .text("instance", instance)
                    .time("since", clock.millis())));
            Transaction tx = new Transaction(
                    ids.get(),
                    new Cause(instance, null, OWNER_ID),
                    List.of(put),
                    List.of(new Expectation(key, version)));
            return state.commit(new Commit(partition, Durability.SETTLING, List.of(tx)))
                    .compose(reply -> {
                        TransactionOutcome outcome = reply.outcomes().get(0);
                        return outcome instanceof TransactionOutcome.Committed committed
                                ? Future.succeededFuture(new Expectation(key, committed.version()))
                                : Future.failedFuture("partition " + partition + " was not claimed: " + outcome);
                    });
        });
    }

    private Future<Void> each(int partition, String domain, Consumer<Entity> consumer) {
        return eachFrom(ReadEntities.ofPartition(partition, domain), consumer);
    }

    private Future<Void> eachFrom(ReadEntities query, Consumer<Entity> consumer) {
        return state.read(query).compose(page -> {
            if (page.stale()) {
                return Future.failedFuture("partition " + query.partition() + " cannot confirm its state now");
            }
            page.entities().forEach(consumer);
            return page.more() ? eachFrom(query.after(last(page).key()), consumer) : Future.succeededFuture();
        });
    }

    /** The fills of open orders, one order after the other: there are few, and each has few. */
    private Future<Void> loadExecutions(Desk desk, List<EntityKey> open, int index) {
        if (index == open.size()) {
            return Future.succeededFuture();
        }
        EntityKey order = open.get(index);
        // Ids of activities begin with the order id: they stand right behind it.
        ReadEntities query = ReadEntities.of(Domains.ACTIVITY, order.partitionKey(), ReadEntities.MAX_LIMIT)
                .after(new EntityKey(Domains.ACTIVITY, order.partitionKey(), order.id()));
        return loadExecutionsOf(desk, order, query)
                .compose(v -> loadExecutions(desk, open, nextWithFills(desk, open, index + 1)));
    }

    private Future<Void> loadExecutionsOf(Desk desk, EntityKey order, ReadEntities query) {
        return state.read(query).compose(page -> {
            for (Entity entity : page.entities()) {
                var fields = JsonObjects.read(entity.json());
                if (!order.id().equals(fields.get("order_id"))) {
                    return Future.succeededFuture();
                }
                desk.loadExecution(order.id(), fields.get("execution_id"));
            }
            return page.more()
                    ? loadExecutionsOf(desk, order, query.after(last(page).key()))
                    : Future.succeededFuture();
        });
    }

    private static int nextWithFills(Desk desk, List<EntityKey> open, int from) {
        int next = from;
        while (next < open.size() && !desk.hasFills(open.get(next).id())) {
            next++;
        }
        return next;
    }

    private static Entity last(EntitiesPage page) {
        return page.entities().get(page.entities().size() - 1);
    }
}
