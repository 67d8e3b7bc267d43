package io.tradewind.strategyexecutor.state;

import io.tradewind.contracts.Json;
import io.tradewind.contracts.JsonObjects;
import io.tradewind.contracts.orders.Order;
import io.tradewind.contracts.state.ChangeFollower;
import io.tradewind.contracts.state.CommittedTransaction;
import io.tradewind.contracts.state.Domains;
import io.tradewind.contracts.state.EntitiesPage;
import io.tradewind.contracts.state.Entity;
import io.tradewind.contracts.state.EntityKey;
import io.tradewind.contracts.state.Mutation;
import io.tradewind.contracts.state.Partitions;
import io.tradewind.contracts.state.ReadEntities;
import io.tradewind.contracts.state.StateClient;
import io.tradewind.servicekit.Backoff;
import io.tradewind.servicekit.Retry;
import io.tradewind.strategyexecutor.domain.PositionBook;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What strategies see of one account: its positions, and changes of their orders. Reads the positions once, then
 * follows the partition's changes.
 *
 * <p>Belongs to the event loop that it was started on; positions may be read from any thread. Closed by whoever started
 * it. Keeps nothing: after a crash it is read again.
 */
public final class AccountView {

    private static final Logger LOG = LoggerFactory.getLogger(AccountView.class);

    /** Only these orders are worth decoding; an account may have thousands of others in a second. */
    private static final byte[] STRATEGY_SOURCE = "\"source\":\"strategy:".getBytes(StandardCharsets.UTF_8);

    private static final Duration RETRY_MIN = Duration.ofMillis(100);
    private static final Duration RETRY_MAX = Duration.ofSeconds(2);

    private final Vertx vertx;
    private final StateClient state;
    private final String accountId;
    private final Consumer<Order> onStrategyOrder;
    private final PositionBook positions = new PositionBook();
    private final ChangeFollower follower;
    private boolean closed;

    /** @param onStrategyOrder hears of each change of an order that a strategy sent, positions first */
    public AccountView(Vertx vertx, StateClient state, String accountId, Consumer<Order> onStrategyOrder) {
        this.vertx = vertx;
        this.state = state;
        this.accountId = accountId;
        this.onStrategyOrder = onStrategyOrder;
        this.follower = new ChangeFollower(vertx, state, Partitions.of(accountId), new ChangeFollower.Listener() {
            @Override
            public void onChanges(List<CommittedTransaction> transactions) {
                transactions.forEach(AccountView.this::apply);
            }

            @Override
            public void onReset(long headVersion) {
                reread(headVersion);
            }
        });
    }

    /** @return completes when positions are known and changes come in; fails when the state-store does not answer */
    public Future<Void> start() {
        return readPositions().compose(version -> closed ? Future.succeededFuture() : follower.start(version));
    }

    public Future<Void> close() {
        closed = true;
        return follower.close();
    }

    /** Units held; on any thread. */
    public BigDecimal position(String symbol) {
        return positions.qty(symbol);
    }

    private void reread(long headVersion) {
        LOG.warn(
                "account {}: changes up to version {} are no longer in the log; positions are read again, changes of"
                        + " orders in between are not told to strategies",
                accountId,
                headVersion);
        Retry.forever(
                        vertx,
                        "reading the positions of account " + accountId,
                        new Backoff(RETRY_MIN, RETRY_MAX, new Random()),
                        () -> closed,
                        this::readPositions)
                .onFailure(failure -> LOG.debug("account {} is not read again: {}", accountId, failure.toString()));
    }

    /** The version from which on changes are to be followed. */
    private Future<Long> readPositions() {
        ReadEntities first = ReadEntities.of(Domains.POSITION, accountId, ReadEntities.MAX_LIMIT);
        return state.read(first).compose(page -> readOn(first, page, page.version(), new HashSet<>()));
    }

    private Future<Long> readOn(ReadEntities query, EntitiesPage page, long version, Set<String> symbols) {
        for (Entity entity : page.entities()) {
            symbols.add(entity.key().id());
            positions.changed(entity.key().id(), entity.version(), qty(entity.json()));
        }
        if (!page.more()) {
            positions.onlyThese(symbols, version);
            return Future.succeededFuture(version);
        }
        Entity last = page.entities().get(page.entities().size() - 1);
        ReadEntities next = query.after(last.key());
        return state.read(next).compose(more -> readOn(next, more, version, symbols));
    }

    private void apply(CommittedTransaction transaction) {
        List<Order> orders = new ArrayList<>();
        for (Mutation mutation : transaction.mutations()) {
            EntityKey key = mutation.key();
            if (!key.partitionKey().equals(accountId)) {
                continue;
            }
            if (key.domain().equals(Domains.POSITION)) {
                positions.changed(
                        key.id(), transaction.version(), mutation.isDelete() ? BigDecimal.ZERO : qty(mutation.json()));
            } else if (key.domain().equals(Domains.ORDER)
                    && !mutation.isDelete()
                    && contains(mutation.json().bytes(), STRATEGY_SOURCE)) {
                orders.add(Order.fromJson(mutation.json()));
            }
        }
        orders.forEach(onStrategyOrder);
    }

    private static BigDecimal qty(Json position) {
        String qty = JsonObjects.read(position).get("qty");
        if (qty == null) {
            throw new IllegalArgumentException("not a position, it has no qty: " + position);
        }
        return new BigDecimal(qty);
    }

    private static boolean contains(byte[] text, byte[] part) {
        for (int i = text.length - part.length; i >= 0; i--) {
            if (text[i] == part[0] && startsAt(text, i, part)) {
                return true;
            }
        }
        return false;
    }

    private static boolean startsAt(byte[] text, int offset, byte[] part) {
        for (int i = 0; i < part.length; i++) {
            if (text[offset + i] != part[i]) {
                return false;
            }
        }
        return true;
    }
}
