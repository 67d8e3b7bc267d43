package io.tradewind.orderqueue.endpoint;

import io.tradewind.contracts.Addresses;
import io.tradewind.contracts.Failure;
import io.tradewind.contracts.Json;
import io.tradewind.contracts.orders.AccountIds;
import io.tradewind.contracts.orders.Denial;
import io.tradewind.contracts.orders.DenialCode;
import io.tradewind.contracts.risk.ChangeRisk;
import io.tradewind.contracts.risk.ChangeRisk.What;
import io.tradewind.contracts.risk.RiskReply;
import io.tradewind.contracts.state.Cause;
import io.tradewind.contracts.state.Commit;
import io.tradewind.contracts.state.Durability;
import io.tradewind.contracts.state.Entity;
import io.tradewind.contracts.state.EntityKey;
import io.tradewind.contracts.state.Expectation;
import io.tradewind.contracts.state.Mutation;
import io.tradewind.contracts.state.ReadEntities;
import io.tradewind.contracts.state.StateClient;
import io.tradewind.contracts.state.Transaction;
import io.tradewind.contracts.state.TransactionOutcome;
import io.tradewind.orderqueue.domain.FieldException;
import io.tradewind.orderqueue.domain.Instruments;
import io.tradewind.orderqueue.domain.LimitsBook;
import io.tradewind.orderqueue.domain.Risk;
import io.tradewind.orderqueue.domain.TradingStates;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageConsumer;
import java.time.Clock;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Changes limits and the rules of instruments while the desks work. A change is a transaction that expects the version
 * from which it was made; when that is durable it is put into the {@link Risk} of every worker, so that it holds for the
 * next order, and only then the answer is given. What is stored is read before it is shown or changed: a later version
 * always takes the place of an earlier one, in whichever order they arrive.
 *
 * <p>On the event loop of the order-queue; closed by the {@link OrderEndpoint}. After a crash the next start reads what
 * was durable, before any order is admitted.
 */
final class RiskEndpoint {

    /** Tries of a change that expects no version, when others change the same at the same time. */
    private static final int MAX_TRIES = 5;

    private final Vertx vertx;
    private final StateClient state;
    private final Workers workers;
    /** As far as it was asked for. */
    private final Risk risk = new Risk(new TradingStates());

    private final Supplier<String> ids;
    private final Clock clock;
    private MessageConsumer<ChangeRisk> consumer;

    RiskEndpoint(Vertx vertx, StateClient state, Workers workers, Supplier<String> ids, Clock clock) {
        this.vertx = vertx;
        this.state = state;
        this.workers = workers;
        this.ids = ids;
        this.clock = clock;
    }

    Future<Void> open() {
        consumer = vertx.eventBus().consumer(Addresses.ORDERS_RISK, this::onChange);
        return consumer.completion();
    }

    Future<Void> close() {
        return consumer == null ? Future.succeededFuture() : consumer.unregister();
    }

    private void onChange(Message<ChangeRisk> message) {
        ChangeRisk command = message.body();
        Future<RiskReply> reply = readAll(command).compose(v -> symbols()).compose(symbols -> {
            try {
                Denial denial = name(command, symbols);
                return denial != null
                        ? Future.succeededFuture(RiskReply.denied(denial))
                        : command.changes() == null
                                ? Future.succeededFuture(RiskReply.of(document(command)))
                                : change(command, 1);
            } catch (FieldException e) {
                return Future.succeededFuture(RiskReply.denied(e.denial()));
            }
        });
        reply.onSuccess(message::reply)
                .onFailure(failure -> message.fail(
                        Failure.of(failure).code(), "the change was not confirmed: " + failure.getMessage()));
    }

    /** The instruments that are quoted, as the first worker that answers knows them. */
    private Future<Set<String>> symbols() {
        return workers.askAny(worker -> worker.status().symbols());
    }

    private Denial name(ChangeRisk command, Set<String> symbols) {
        if (command.what() == What.LIMITS) {
            return command.name() == null ? null : denial(command.name());
        }
        boolean known = symbols.contains(command.name()) || risk.instruments().version(command.name()) > 0;
        return known
                ? null
                : Denial.of(
                        DenialCode.RISK_NAME_UNKNOWN,
                        "there is no asset '" + command.name() + "'; there are " + String.join(", ", symbols),
                        "symbol");
    }

    private static Denial denial(String accountId) {
        try {
            AccountIds.check(accountId);
            return null;
        } catch (IllegalArgumentException e) {
            return Denial.of(DenialCode.REQUEST_FIELD_INVALID, e.getMessage(), "account");
        }
    }

    private Future<RiskReply> change(ChangeRisk command, int tries) {
        EntityKey key = key(command);
        long version = command.what() == What.LIMITS
                ? risk.limits().version(command.name())
                : risk.instruments().version(command.name());
        if (command.expectedVersion() != ChangeRisk.ANY && command.expectedVersion() != version) {
            return Future.succeededFuture(RiskReply.denied(conflict(key, command.expectedVersion(), version)));
        }
        Json json = changed(command);
        Transaction tx = new Transaction(
                ids.get(),
                new Cause(command.correlationId(), null, command.actor()),
                List.of(new Mutation(key, json)),
                List.of(new Expectation(key, version == 0 ? Expectation.ABSENT : version)));
        // Also when the log is nearly full: a limit may be what is needed then.
        return state.commit(new Commit(key.partition(), Durability.SETTLING, List.of(tx)))
                .compose(reply -> {
                    TransactionOutcome outcome = reply.outcomes().get(0);
                    if (outcome instanceof TransactionOutcome.Committed committed) {
                        risk.load(key, json, committed.version());
                        return everywhere(key, json, committed.version()).map(v -> RiskReply.of(document(command)));
                    }
                    if (!(outcome instanceof TransactionOutcome.Conflict) || tries == MAX_TRIES) {
                        return Future.failedFuture(Failure.INTERNAL.exception("turned away: " + outcome));
                    }
                    // Somebody else was first; it is read, and then the expected version decides.
                    return read(key).compose(v -> change(command, tries + 1));
                });
    }

    /** A worker that is being replaced reads it from the state-store, before it takes orders. */
    private Future<Void> everywhere(EntityKey key, Json json, long version) {
        return workers.askAll(worker -> {
                    worker.risk().load(key, json, version);
                    return Future.succeededFuture();
                })
                .mapEmpty();
    }

    /** What the answer is made of: limits of an account count together with those of all. */
    private Future<Void> readAll(ChangeRisk command) {
        if (command.what() == What.LIMITS && command.name() != null && denial(command.name()) != null) {
            return Future.succeededFuture();
        }
        Future<Void> own = read(key(command));
        return command.what() == What.LIMITS && command.name() != null
                ? own.compose(v -> read(LimitsBook.key(null)))
                : own;
    }

    private Future<Void> read(EntityKey key) {
        return state.read(ReadEntities.one(key)).map(page -> {
            for (Entity entity : page.entities()) {
                risk.load(entity.key(), entity.json(), entity.version());
            }
            return null;
        });
    }

    private static EntityKey key(ChangeRisk command) {
        return command.what() == What.LIMITS ? LimitsBook.key(command.name()) : Instruments.key(command.name());
    }

    private Json changed(ChangeRisk command) {
        return command.what() == What.LIMITS
                ? risk.limits()
                        .changed(
                                command.name(),
                                command.changes(),
                                command.whole(),
                                command.reason(),
                                command.actor(),
                                clock.millis())
                : risk.instruments()
                        .changed(command.name(), command.changes(), command.whole())
                        .toJson();
    }

    private Json document(ChangeRisk command) {
        return command.what() == What.LIMITS
                ? risk.limits().answer(command.name())
                : risk.instruments().of(command.name()).toJson();
    }

    private static Denial conflict(EntityKey key, long expected, long version) {
        return Denial.of(
                DenialCode.RISK_CHANGE_CONFLICT,
                key.id() + " is at version " + version + ", not " + expected
                        + "; look at what was changed, and send the change again with that version",
                "expected_version");
    }
}
