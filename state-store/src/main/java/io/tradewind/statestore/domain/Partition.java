package io.tradewind.statestore.domain;

import io.tradewind.contracts.state.Cause;
import io.tradewind.contracts.state.CommittedTransaction;
import io.tradewind.contracts.state.EntitiesPage;
import io.tradewind.contracts.state.Entity;
import io.tradewind.contracts.state.EntityKey;
import io.tradewind.contracts.state.Expectation;
import io.tradewind.contracts.state.Mutation;
import io.tradewind.contracts.state.ReadEntities;
import io.tradewind.contracts.state.Transaction;
import io.tradewind.contracts.state.TransactionOutcome;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The rules of one partition: versions, expectations, idempotence, group commit. Pure: no clock, no I/O, no thread of
 * its own; whoever drives it calls every method from one thread.
 *
 * <pre>
 *              stage                nextAppend             onDurable
 *   command ──────────► waiting ──────────────► in flight ───────────► durable: readable, published
 *                          │                        │
 *                          └────── discard ─────────┘  the log refused, or nobody knows: see below
 * </pre>
 *
 * A transaction gets its version when it is staged, ahead of its durability; expectations are checked against what is
 * staged, reads see only what is durable. When an append fails, the driver finds out which version the log really ends
 * with, calls {@link #onDurable} for that and {@link #discardStaged} for the rest, whose versions are then given anew.
 */
public final class Partition {

    /** Transactions staged and not yet durable, at most; more are turned away before they are staged. */
    public static final int MAX_STAGED = 65_536;

    /** Entities with a relaxed change waiting for the log, at most. */
    public static final int MAX_RELAXED = 16_384;

    /** Bytes of documents in one append; one more transaction may take it over. */
    static final int MAX_APPEND_BYTES = 2 * 1024 * 1024;

    /** Transactions in one append. */
    static final int MAX_APPEND_TRANSACTIONS = 4_096;

    private final int number;
    private final EntityTable table = new EntityTable();
    private final RecentTransactions recent = new RecentTransactions();
    private final RecentLog tail = new RecentLog();

    private final Deque<CommittedTransaction> waiting = new ArrayDeque<>();
    private final Deque<CommittedTransaction> inFlight = new ArrayDeque<>();
    /** Versions of entities that are staged; 0 for a staged delete. */
    private final Map<EntityKey, Long> stagedVersions = new HashMap<>();

    private final Map<EntityKey, Mutation> relaxed = new LinkedHashMap<>();

    private String lastPartitionKey;
    private long stagedVersion;
    private long sentVersion;
    private long durableVersion;
    private long durableAtMs;

    public Partition(int number) {
        this.number = number;
    }

    /**
     * Applies a transaction read from the log.
     *
     * @throws IllegalStateException when it does not follow the last one: the log is damaged
     */
    public void replay(CommittedTransaction tx) {
        if (tx.version() != durableVersion + 1) {
            throw new IllegalStateException("partition " + number + ": log goes from version " + durableVersion + " to "
                    + tx.version() + "; a version is missing or doubled");
        }
        recent.remember(tx.id(), tx.version());
        apply(tx);
        stagedVersion = durableVersion;
        sentVersion = durableVersion;
    }

    /** Takes in a snapshot, part by part, into a partition that has nothing yet; {@link #restored} ends it. */
    public SnapshotSink restoring() {
        return new SnapshotSink() {
            @Override
            public void schemas(Map<String, Integer> versions) {
                // The loader brings every document to the current shape before it comes here.
            }

            @Override
            public void entity(Entity entity) {
                table.put(entity);
            }

            @Override
            public void transaction(String id, long version) {
                recent.remember(id, version);
            }
        };
    }

    /** The snapshot is in, and this is the version and commit time that it stands for. */
    public void restored(long version, long timeMs) {
        durableVersion = version;
        durableAtMs = timeMs;
        stagedVersion = version;
        sentVersion = version;
    }

    /** Begins a snapshot of what is durable now; changes go on meanwhile. The one before, if unfinished, is void. */
    public SnapshotCapture capture() {
        return new SnapshotCapture(
                number, durableVersion, durableAtMs, table.walk(durableVersion), recent.copyUpTo(durableVersion));
    }

    /** Whether so much is staged that no more should be. */
    public boolean isFull() {
        return waiting.size() + inFlight.size() >= MAX_STAGED || relaxed.size() >= MAX_RELAXED;
    }

    /**
     * Whether a transaction is staged or durable, as far back as {@link RecentTransactions} remember. What is staged behind
     * it becomes durable behind it, or not at all.
     */
    public boolean knows(String transactionId) {
        return recent.versionOf(transactionId) >= 0;
    }

    /** Gives each valid transaction its version; see the outcome for when it may be told. */
    public Staged stage(List<Transaction> transactions, long nowMs) {
        List<TransactionOutcome> outcomes = new ArrayList<>(transactions.size());
        long durableAt = 0;
        for (Transaction tx : transactions) {
            TransactionOutcome outcome = stageOne(tx, nowMs);
            outcomes.add(outcome);
            if (outcome instanceof TransactionOutcome.Committed committed) {
                durableAt = Math.max(durableAt, committed.version());
            }
        }
        return new Staged(outcomes, durableAt <= durableVersion ? 0 : durableAt);
    }

    /** Takes relaxed changes: the latest of each entity is staged by the next {@link #stageRelaxed}. */
    public List<TransactionOutcome> takeRelaxed(List<Transaction> transactions) {
        List<TransactionOutcome> outcomes = new ArrayList<>(transactions.size());
        for (Transaction tx : transactions) {
            TransactionOutcome problem = problemOf(tx);
            if (problem == null) {
                for (Mutation mutation : tx.mutations()) {
                    // Behind what is waiting already: the order of last changes is the order in the log.
                    relaxed.remove(mutation.key());
                    relaxed.put(mutation.key(), mutation);
                }
                problem = new TransactionOutcome.Committed(0, false);
            }
            outcomes.add(problem);
        }
        return outcomes;
    }

    /**
     * Stages all relaxed changes as one transaction.
     *
     * @param id of that transaction, new
     */
    public void stageRelaxed(String id, long nowMs) {
        if (!relaxed.isEmpty()) {
            List<Mutation> mutations = List.copyOf(relaxed.values());
            relaxed.clear();
            enqueue(id, new Cause(id, null, "state-store"), mutations, nowMs);
        }
    }

    public boolean hasWaiting() {
        return !waiting.isEmpty();
    }

    /** Whether anything is staged or waiting to be. */
    public boolean isIdle() {
        return waiting.isEmpty() && inFlight.isEmpty() && relaxed.isEmpty();
    }

    /** Takes what has gathered, as one commit for the log. Call only when {@link #hasWaiting}. */
    public LogAppend nextAppend() {
        List<CommittedTransaction> group = new ArrayList<>();
        long bytes = 0;
        while (!waiting.isEmpty() && group.size() < MAX_APPEND_TRANSACTIONS && bytes < MAX_APPEND_BYTES) {
            CommittedTransaction tx = waiting.removeFirst();
            for (Mutation mutation : tx.mutations()) {
                bytes += mutation.isDelete() ? 0 : mutation.json().size();
            }
            group.add(tx);
        }
        inFlight.addAll(group);
        LogAppend append = new LogAppend(sentVersion, group);
        sentVersion = append.lastVersion();
        return append;
    }

    /**
     * The log has everything up to {@code version}.
     *
     * @return what became durable by that, in version order, to be published
     */
    public List<CommittedTransaction> onDurable(long version) {
        List<CommittedTransaction> durable = new ArrayList<>();
        while (!inFlight.isEmpty() && inFlight.peekFirst().version() <= version) {
            CommittedTransaction tx = inFlight.removeFirst();
            apply(tx);
            for (Mutation mutation : tx.mutations()) {
                stagedVersions.computeIfPresent(
                        mutation.key(), (k, staged) -> Math.abs(staged) <= version ? null : staged);
            }
            durable.add(tx);
        }
        return durable;
    }

    /** Lets go of everything that is staged and not durable; its versions will be given to others. */
    public void discardStaged() {
        recent.forgetAbove(durableVersion);
        inFlight.clear();
        waiting.clear();
        stagedVersions.clear();
        stagedVersion = durableVersion;
        sentVersion = durableVersion;
    }

    public EntitiesPage read(ReadEntities query, boolean stale) {
        List<Entity> found = new ArrayList<>();
        boolean more = false;
        if (!query.ids().isEmpty()) {
            for (String id : query.ids()) {
                Entity entity = table.get(new EntityKey(query.domain(), query.partitionKey(), id));
                if (entity != null) {
                    found.add(entity);
                }
            }
        } else {
            found = list(query, query.limit() + 1);
            more = found.size() > query.limit();
            found = more ? found.subList(0, query.limit()) : found;
        }
        return new EntitiesPage(durableVersion, durableAtMs, stale, found, more);
    }

    private List<Entity> list(ReadEntities query, int limit) {
        return query.partitionKey() != null
                ? table.list(query.domain(), query.partitionKey(), query.afterId(), query.descending(), limit)
                : table.listAll(query.domain(), query.afterKey(), query.afterId(), query.descending(), limit);
    }

    /** @return {@code null} when the tail in memory does not reach back to {@code version} */
    public List<CommittedTransaction> recentAfter(long version, int limit) {
        return version == durableVersion ? List.of() : tail.after(version, limit);
    }

    public int number() {
        return number;
    }

    public long durableVersion() {
        return durableVersion;
    }

    /** Commit time of the last durable transaction, milliseconds since the epoch; 0 when there is none. */
    public long durableAtMs() {
        return durableAtMs;
    }

    public long entities() {
        return table.count();
    }

    public long documentBytes() {
        return table.bytes();
    }

    /** What the entities of each domain take. */
    public Map<String, DomainUsage> usage() {
        return table.usage();
    }

    /** How often compressed entities had to be unpacked for a read or a change. */
    public long unpacked() {
        return table.unpacked();
    }

    /**
     * The next entities to be compressed, by another thread; ask again until the {@link #packPasses} have grown.
     *
     * @param unchangedSinceMs those whose last change is at or before this time
     * @param limit entities to look at, at most, which bounds the time that this takes
     * @return {@code null} when there are none among those looked at, or when a job is out
     */
    public PackJob nextPack(long unchangedSinceMs, int limit) {
        return table.coldScan().next(unchangedSinceMs, limit);
    }

    /** How often {@link #nextPack} has looked at everything. */
    public long packPasses() {
        return table.coldScan().passes();
    }

    /**
     * Takes in the result of the job that is out.
     *
     * @return how many entities are compressed by it that were not before
     */
    public int install(PackedJob packed) {
        return table.install(packed);
    }

    /** Begins to look for what may leave; the deletes are then committed like any other transaction. */
    public RetentionScan retention(RetentionRules rules, long nowMs) {
        return new RetentionScan(table, rules, nowMs);
    }

    /** The job that is out will not come back. */
    public void abandonPack() {
        table.coldScan().back();
    }

    private TransactionOutcome stageOne(Transaction tx, long nowMs) {
        long known = recent.versionOf(tx.id());
        if (known >= 0) {
            return new TransactionOutcome.Committed(known, true);
        }
        TransactionOutcome problem = problemOf(tx);
        if (problem != null) {
            return problem;
        }
        // A durable change is newer than any relaxed one that still waits: that one must not overtake it.
        tx.mutations().forEach(mutation -> relaxed.remove(mutation.key()));
        return new TransactionOutcome.Committed(enqueue(tx.id(), tx.cause(), tx.mutations(), nowMs), false);
    }

    private TransactionOutcome problemOf(Transaction tx) {
        if (tx.mutations().isEmpty()) {
            return new TransactionOutcome.Refused("transaction " + tx.id() + " changes nothing");
        }
        for (Mutation mutation : tx.mutations()) {
            if (!livesHere(mutation.key())) {
                return new TransactionOutcome.Refused(
                        mutation.key() + " lives on partition " + mutation.key().partition() + ", not on " + number);
            }
        }
        for (Expectation expectation : tx.expectations()) {
            long actual = currentVersion(expectation.key());
            if (actual != expectation.version()) {
                return new TransactionOutcome.Conflict(expectation.key(), expectation.version(), actual);
            }
        }
        return null;
    }

    private boolean livesHere(EntityKey key) {
        // Nearly all transactions of a partition are of the same few accounts: the hash of the last one is remembered.
        if (key.partitionKey().equals(lastPartitionKey)) {
            return true;
        }
        if (key.partition() != number) {
            return false;
        }
        lastPartitionKey = key.partitionKey();
        return true;
    }

    private long currentVersion(EntityKey key) {
        Long staged = stagedVersions.get(key);
        if (staged != null) {
            return Math.max(0, staged);
        }
        Entity entity = table.get(key);
        return entity == null ? Expectation.ABSENT : entity.version();
    }

    private long enqueue(String id, Cause cause, List<Mutation> mutations, long nowMs) {
        long version = ++stagedVersion;
        for (Mutation mutation : mutations) {
            // A staged delete is kept as the negative version, so that it is cleared when that version is durable.
            stagedVersions.put(mutation.key(), mutation.isDelete() ? -version : version);
        }
        recent.remember(id, version);
        waiting.addLast(new CommittedTransaction(version, nowMs, id, cause, mutations));
        return version;
    }

    private void apply(CommittedTransaction tx) {
        for (Mutation mutation : tx.mutations()) {
            if (mutation.isDelete()) {
                table.remove(mutation.key());
            } else {
                table.put(new Entity(mutation.key(), tx.version(), tx.timeMs(), mutation.json()));
            }
        }
        durableVersion = tx.version();
        durableAtMs = tx.timeMs();
        tail.add(tx);
    }
}
