package io.tradewind.dbsync;

import io.tradewind.contracts.state.CommittedTransaction;
import io.tradewind.contracts.state.Domains;
import io.tradewind.contracts.state.LogCodec;
import io.tradewind.contracts.state.Mutation;
import io.tradewind.contracts.state.Partitions;
import io.tradewind.dbsync.domain.LogEntry;
import io.tradewind.dbsync.domain.Offsets;
import io.tradewind.dbsync.domain.PartitionRead;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Logs of some partitions, made from a seed: few entities that change often, cut into commits of random size. */
public final class RandomLog {

    private static final int ACCOUNTS = 2;
    private static final int ORDERS = 6;
    private static final String[] STATUSES = {"accepted", "pending_new", "new", "filled", "canceled"};
    private static final String[] SYMBOLS = {"AAPL", "MSFT", "BTC/USD"};

    private final Random random;
    private final Map<Integer, List<List<CommittedTransaction>>> commits = new HashMap<>();
    private int executions;

    public RandomLog(long seed, int partitions, int transactionsEach) {
        this.random = new Random(seed);
        for (int p = 0; p < partitions; p++) {
            commits.put(p, partition(p, transactionsEach));
        }
    }

    public Map<Integer, List<List<CommittedTransaction>>> commits() {
        return commits;
    }

    /** What a reader of the log finds behind these offsets. */
    public List<PartitionRead> read(LogCodec codec, Offsets offsets, int count) {
        List<PartitionRead> reads = new ArrayList<>();
        commits.forEach((partition, entries) -> {
            List<LogEntry> found = new ArrayList<>();
            long head = 0;
            for (List<CommittedTransaction> entry : entries) {
                head = entry.get(entry.size() - 1).version();
                if (head > offsets.of(partition) && found.size() < count) {
                    found.add(new LogEntry(head, codec.encode(entry)));
                }
            }
            reads.add(new PartitionRead(partition, head, found, found.size() == count));
        });
        return reads;
    }

    private List<List<CommittedTransaction>> partition(int partition, int transactions) {
        List<List<CommittedTransaction>> entries = new ArrayList<>();
        long version = 0;
        while (version < transactions) {
            List<CommittedTransaction> entry = new ArrayList<>();
            int size = 1 + random.nextInt(5);
            for (int i = 0; i < size; i++) {
                entry.add(TestLog.tx(++version, mutations(partition)));
            }
            entries.add(entry);
        }
        return entries;
    }

    private List<Mutation> mutations(int partition) {
        List<Mutation> mutations = new ArrayList<>();
        int size = 1 + random.nextInt(4);
        for (int i = 0; i < size; i++) {
            mutations.add(mutation(account(partition, random.nextInt(ACCOUNTS))));
        }
        return mutations;
    }

    /** One that really belongs to the partition. */
    private static String account(int partition, int number) {
        int i = 0;
        for (int found = -1; ; i++) {
            if (Partitions.of("account-" + i) == partition && ++found == number) {
                return "account-" + i;
            }
        }
    }

    private Mutation mutation(String account) {
        String order = "order-" + random.nextInt(ORDERS);
        String symbol = SYMBOLS[random.nextInt(SYMBOLS.length)];
        return switch (random.nextInt(8)) {
            case 0, 1, 2 ->
                TestLog.order(account, order, STATUSES[random.nextInt(STATUSES.length)], "" + random.nextInt(10));
            case 3 -> TestLog.position(account, symbol, "" + random.nextInt(100));
            case 4 -> TestLog.delete(Domains.POSITION, account, symbol);
            case 5 -> TestLog.activity(account, "execution-" + executions++, order, "" + random.nextInt(10));
            case 6 -> TestLog.accountOn(account, "2026-01-0" + (1 + random.nextInt(5)), "" + random.nextInt(1_000_000));
            default ->
                random.nextInt(4) == 0
                        ? TestLog.delete(Domains.SIGNAL, account, symbol)
                        : TestLog.put(Domains.SIGNAL, account, symbol, "{\"strength\":" + random.nextInt(9) + "}");
        };
    }
}
