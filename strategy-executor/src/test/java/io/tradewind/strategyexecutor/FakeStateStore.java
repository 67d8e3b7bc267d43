package io.tradewind.strategyexecutor;

import io.tradewind.contracts.Addresses;
import io.tradewind.contracts.state.Changes;
import io.tradewind.contracts.state.Commit;
import io.tradewind.contracts.state.CommitReply;
import io.tradewind.contracts.state.CommittedTransaction;
import io.tradewind.contracts.state.Durability;
import io.tradewind.contracts.state.EntitiesPage;
import io.tradewind.contracts.state.Entity;
import io.tradewind.contracts.state.EntityKey;
import io.tradewind.contracts.state.LogPage;
import io.tradewind.contracts.state.Mutation;
import io.tradewind.contracts.state.Partitions;
import io.tradewind.contracts.state.ReadEntities;
import io.tradewind.contracts.state.ReadLog;
import io.tradewind.contracts.state.Transaction;
import io.tradewind.contracts.state.TransactionOutcome;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.MessageConsumer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

/** A state-store for tests: keeps everything in memory, answers and publishes as the real one does. Any thread. */
final class FakeStateStore {

    private static final long EPOCH = 1;

    private final Vertx vertx;
    private final Map<String, Entity> entities = new TreeMap<>();
    private final List<List<CommittedTransaction>> logs = new ArrayList<>();
    private final List<Commit> commits = new ArrayList<>();

    FakeStateStore(Vertx vertx) {
        this.vertx = vertx;
        IntStream.range(0, Partitions.COUNT).forEach(p -> logs.add(new ArrayList<>()));
    }

    Future<Void> open() {
        List<Future<Void>> ready = new ArrayList<>();
        for (int p = 0; p < Partitions.COUNT; p++) {
            MessageConsumer<Commit> commit = vertx.eventBus().consumer(Addresses.stateCommit(p));
            commit.handler(message -> message.reply(commit(message.body())));
            MessageConsumer<ReadEntities> read = vertx.eventBus().consumer(Addresses.stateRead(p));
            read.handler(message -> message.reply(read(message.body())));
            MessageConsumer<ReadLog> log = vertx.eventBus().consumer(Addresses.stateLog(p));
            log.handler(message -> message.reply(readLog(message.body())));
            ready.addAll(List.of(commit.completion(), read.completion(), log.completion()));
        }
        return Future.all(ready).mapEmpty();
    }

    synchronized CommitReply commit(Commit command) {
        commits.add(command);
        List<CommittedTransaction> log = logs.get(command.partition());
        List<TransactionOutcome> outcomes = new ArrayList<>();
        List<CommittedTransaction> applied = new ArrayList<>();
        for (Transaction transaction : command.transactions()) {
            long version = log.size() + 1L;
            CommittedTransaction committed = new CommittedTransaction(
                    version, version, transaction.id(), transaction.cause(), transaction.mutations());
            log.add(committed);
            applied.add(committed);
            transaction.mutations().forEach(mutation -> apply(mutation, version));
            outcomes.add(
                    new TransactionOutcome.Committed(command.durability() == Durability.RELAXED ? 0 : version, false));
        }
        vertx.eventBus()
                .publish(Addresses.stateChanges(command.partition()), new Changes(command.partition(), EPOCH, applied));
        return new CommitReply(outcomes);
    }

    /** The entity now; {@code null} when there is none. */
    synchronized Entity entity(String domain, String partitionKey, String id) {
        return entities.get(new EntityKey(domain, partitionKey, id).toString());
    }

    /** Every mutation so far in a domain, with the durability that it was asked for. */
    synchronized List<Mutation> mutations(String domain, Durability durability) {
        return commits.stream()
                .filter(commit -> commit.durability() == durability)
                .flatMap(commit -> commit.transactions().stream())
                .flatMap(transaction -> transaction.mutations().stream())
                .filter(mutation -> mutation.key().domain().equals(domain))
                .toList();
    }

    private void apply(Mutation mutation, long version) {
        if (mutation.isDelete()) {
            entities.remove(mutation.key().toString());
        } else {
            entities.put(mutation.key().toString(), new Entity(mutation.key(), version, version, mutation.json()));
        }
    }

    private synchronized EntitiesPage read(ReadEntities query) {
        List<Entity> found = entities.values().stream()
                .filter(entity -> entity.key().domain().equals(query.domain())
                        && entity.key().partitionKey().equals(query.partitionKey()))
                .toList();
        int version = logs.get(query.partition()).size();
        return new EntitiesPage(version, version, false, found, false);
    }

    private synchronized LogPage readLog(ReadLog query) {
        List<CommittedTransaction> log = logs.get(query.partition());
        return new LogPage(log.size(), false, log.subList((int) query.afterVersion(), log.size()));
    }
}
