package io.tradewind.systemtests.harness;

import io.tradewind.contracts.JsonObjects;
import io.tradewind.contracts.orders.OrderStatus;
import io.tradewind.contracts.state.CommittedTransaction;
import io.tradewind.contracts.state.Domains;
import io.tradewind.contracts.state.Mutation;
import io.tradewind.contracts.state.Partitions;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What the logs say, folded from the very first transaction: every order with its statuses, every fill, every position
 * and account. Notes what must never be in a log. One thread.
 */
public final class Books {

    /** An order by the log. */
    public static final class OrderTrail {
        private final List<String> statuses = new ArrayList<>();
        private final List<Map<String, String>> fills = new ArrayList<>();
        private Map<String, String> last = Map.of();
        private long version;

        public String status() {
            return last.get("status");
        }

        public String field(String name) {
            return last.get(name);
        }

        public List<String> statuses() {
            return List.copyOf(statuses);
        }

        public List<Map<String, String>> fills() {
            return List.copyOf(fills);
        }

        public long version() {
            return version;
        }

        @Override
        public String toString() {
            return last.get("client_order_id") + " " + statuses + ", " + fills.size() + " fills";
        }
    }

    /** An order waits for its turn, or is sent as soon as it is durable. */
    private static final Set<String> FIRST_STATUSES = Set.of("accepted", "pending_new");

    private final Map<String, OrderTrail> orders = new LinkedHashMap<>();
    private final Map<String, List<String>> orderIdsByClientId = new HashMap<>();
    private final Map<String, Map<String, String>> positions = new HashMap<>();
    private final Map<String, Map<String, String>> accounts = new HashMap<>();
    private final Map<String, String> activityIds = new HashMap<>();
    private final List<String> problems = new ArrayList<>();
    private final long[] versions = new long[Partitions.COUNT];

    private Books() {}

    /** Reads all partitions. */
    public static Books read(URI redis) throws IOException {
        Books books = new Books();
        try (PartitionLogs logs = PartitionLogs.open(redis)) {
            for (int p = 0; p < Partitions.COUNT; p++) {
                int partition = p;
                logs.replay(p, transaction -> books.add(partition, transaction));
            }
        }
        return books;
    }

    private void add(int partition, CommittedTransaction transaction) {
        versions[partition] = transaction.version();
        for (Mutation mutation : transaction.mutations()) {
            if (mutation.isDelete()) {
                continue;
            }
            switch (mutation.key().domain()) {
                case Domains.ORDER -> addOrder(transaction.version(), JsonObjects.read(mutation.json()));
                case Domains.ACTIVITY -> addFill(mutation.key().id(), JsonObjects.read(mutation.json()));
                case Domains.POSITION ->
                    positions.put(
                            mutation.key().partitionKey() + "/" + mutation.key().id(),
                            JsonObjects.read(mutation.json()));
                case Domains.ACCOUNT -> accounts.put(mutation.key().id(), JsonObjects.read(mutation.json()));
                default -> {
                    // Market data, owners and whatever else comes: not what is audited here.
                }
            }
        }
    }

    private void addOrder(long version, Map<String, String> order) {
        OrderTrail trail = orders.computeIfAbsent(order.get("id"), id -> new OrderTrail());
        if (trail.statuses.isEmpty()) {
            orderIdsByClientId
                    .computeIfAbsent(order.get("client_order_id"), id -> new ArrayList<>())
                    .add(order.get("id"));
        } else if (OrderStatus.parse(trail.status()).isTerminal()) {
            problems.add("order changed after its end: " + trail + " then " + order.get("status"));
        }
        trail.statuses.add(order.get("status"));
        trail.last = order;
        trail.version = version;
    }

    private void addFill(String id, Map<String, String> fill) {
        if (activityIds.put(id, fill.get("order_id")) != null) {
            problems.add("activity " + id + " was written twice");
        }
        OrderTrail trail = orders.get(fill.get("order_id"));
        if (trail == null) {
            problems.add("activity " + id + " of an order that is not in the log before it");
        } else {
            trail.fills.add(fill);
        }
    }

    public Map<String, OrderTrail> orders() {
        return orders;
    }

    public List<String> orderIds(String clientOrderId) {
        return orderIdsByClientId.getOrDefault(clientOrderId, List.of());
    }

    /** Fields of the position, empty when there never was one. */
    public Map<String, String> position(String account, String symbol) {
        return positions.getOrDefault(account + "/" + symbol, Map.of());
    }

    public Map<String, Map<String, String>> positions() {
        return positions;
    }

    public Map<String, String> account(String id) {
        return accounts.getOrDefault(id, Map.of());
    }

    /** Where each log ended when it was read. */
    public long[] versions() {
        return versions.clone();
    }

    /** What must never be in a log, and is; empty when all is well. */
    public List<String> problems() {
        List<String> all = new ArrayList<>(problems);
        orderIdsByClientId.forEach((clientId, ids) -> {
            if (ids.size() > 1) {
                all.add("client_order_id " + clientId + " has " + ids.size() + " orders");
            }
        });
        orders.values().forEach(trail -> {
            BigDecimal filled = sum(trail.fills, "qty");
            if (filled.compareTo(decimal(trail.last, "filled_qty")) != 0) {
                all.add("filled_qty is not the sum of the fills: " + trail);
            }
            if (!FIRST_STATUSES.contains(trail.statuses.get(0))) {
                all.add("does not begin as accepted or pending_new: " + trail);
            }
            if (!trail.fills.isEmpty() && !trail.statuses.contains("pending_new")) {
                all.add("executed without a durable intent before: " + trail);
            }
            if (trail.status().equals("filled") && filled.compareTo(decimal(trail.last, "qty")) != 0) {
                all.add("filled, but not by its quantity: " + trail);
            }
        });
        return all;
    }

    static BigDecimal sum(List<Map<String, String>> documents, String field) {
        return documents.stream().map(each -> decimal(each, field)).reduce(BigDecimal.ZERO, BigDecimal::add);
    }

    public static BigDecimal decimal(Map<String, String> document, String field) {
        return new BigDecimal(document.getOrDefault(field, "0"));
    }
}
