package io.tradewind.systemtests.harness;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tradewind.systemtests.harness.Books.OrderTrail;
import io.tradewind.systemtests.harness.Ledger.Entry;
import io.tradewind.systemtests.harness.Ledger.Outcome;
import java.io.IOException;
import java.math.BigDecimal;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Compares the three accounts of what happened: what clients were told, what the logs hold, and what the tables hold.
 * For accounts that only the clients of the ledgers trade for, a ledger each. Blocking; one thread.
 */
public final class Audit {

    /** Whose orders are audited when nothing else is said. */
    public static final String ACCOUNT = "default";

    private static final Duration SETTLE_LIMIT = Duration.ofMinutes(2);
    private static final int MAX_TOLD = 10;

    private final Audited program;
    private final List<Ledger> ledgers;
    private final List<String> problems = new ArrayList<>();

    private Audit(Audited program, List<Ledger> ledgers) {
        this.program = program;
        this.ledgers = ledgers;
    }

    /**
     * Sends every order of unknown outcome again, waits until nothing moves, and compares.
     *
     * @return the books, for further questions
     * @throws AssertionError that tells what differs
     */
    public static Books check(Audited program, Ledger... ledgers) throws IOException, SQLException {
        Audit audit = new Audit(program, List.of(ledgers));
        audit.lookForRefused();
        audit.sendUnknownAgain();
        Books books = audit.settled();
        audit.problems.addAll(books.problems());
        audit.compareOrders(books);
        audit.ledgers.forEach(ledger -> audit.compareMoney(books, ledger.account()));
        audit.compareTables(books);
        assertEquals(
                List.of(),
                audit.problems.subList(0, Math.min(MAX_TOLD, audit.problems.size())),
                () -> audit.problems.size() + " problems; " + audit.ledgers + program.quoted());
        return books;
    }

    private void lookForRefused() throws IOException {
        Books books = Books.read(program.redis());
        for (Ledger ledger : ledgers) {
            for (Entry entry : ledger.with(Outcome.REFUSED)) {
                if (!books.orderIds(entry.clientOrderId()).isEmpty()) {
                    problems.add("was refused, but is there: " + entry.clientOrderId());
                }
            }
        }
    }

    private Entry find(String clientOrderId) {
        return ledgers.stream()
                .map(ledger -> ledger.find(clientOrderId))
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }

    /** The promise to a client without an answer: ask again with the same id, and there will be one order. */
    private void sendUnknownAgain() throws IOException {
        for (Ledger ledger : ledgers) {
            sendUnknownAgain(ledger);
        }
    }

    private void sendUnknownAgain(Ledger ledger) {
        ApiClient client = ledger.client(program);
        for (Entry entry : ledger.with(Outcome.UNKNOWN)) {
            ApiClient.Reply reply = Waiting.valueOf(
                    "answer to " + entry.clientOrderId() + ", sent again",
                    SETTLE_LIMIT,
                    () -> client.post("/v2/orders", entry.body()),
                    answer -> answer.status() < 500);
            if (reply.status() == 200) {
                String id = reply.json().path("id").asText();
                ledger.put(new Entry(entry.clientOrderId(), entry.body(), entry.rests(), Outcome.ACKNOWLEDGED, id));
            } else if (reply.status() == 403) {
                // A sell of more than there is by now; so the first try has not left an order either.
                ledger.put(new Entry(entry.clientOrderId(), entry.body(), entry.rests(), Outcome.REFUSED, null));
            } else {
                problems.add(
                        "sent again, " + entry.clientOrderId() + " is answered " + reply.status() + " " + reply.body());
            }
        }
    }

    /** The books once every order has come to its end, or rests. */
    private Books settled() {
        return Waiting.valueOf(
                "every order is done",
                SETTLE_LIMIT,
                () -> Books.read(program.redis()),
                books -> books.orders().values().stream().allMatch(this::isDone));
    }

    private boolean isDone(OrderTrail order) {
        Entry entry = find(order.field("client_order_id"));
        return order.status().equals(entry != null && entry.rests() ? "new" : "filled");
    }

    private void compareOrders(Books books) {
        for (Ledger ledger : ledgers) {
            for (Entry entry : ledger.all()) {
                List<String> expected = entry.outcome() == Outcome.ACKNOWLEDGED ? List.of(entry.orderId()) : List.of();
                List<String> found = books.orderIds(entry.clientOrderId());
                if (!found.equals(expected)) {
                    problems.add(entry.clientOrderId() + " (" + entry.outcome() + "): orders " + found + " instead of "
                            + expected);
                }
            }
        }
        books.orders().values().forEach(order -> {
            Entry entry = find(order.field("client_order_id"));
            if (entry == null) {
                problems.add("nobody sent " + order);
            } else if (order.fills().size() != (entry.rests() ? 0 : 1)) {
                problems.add("not executed once: " + order);
            }
        });
    }

    /** Position = sum of fills; cash = deposits and what the fills brought and cost. */
    private void compareMoney(Books books, String accountId) {
        Map<String, BigDecimal> held = new HashMap<>();
        BigDecimal spent = BigDecimal.ZERO;
        for (OrderTrail order : books.orders().values()) {
            if (!order.field("account_id").equals(accountId)) {
                continue;
            }
            int sign = order.field("side").equals("buy") ? 1 : -1;
            for (Map<String, String> fill : order.fills()) {
                BigDecimal qty = Books.decimal(fill, "qty").multiply(BigDecimal.valueOf(sign));
                held.merge(order.field("symbol"), qty, BigDecimal::add);
                spent = spent.add(qty.multiply(Books.decimal(fill, "price"))).add(Books.decimal(fill, "fee"));
            }
        }
        held.forEach((symbol, qty) -> {
            BigDecimal position = Books.decimal(books.position(accountId, symbol), "qty");
            if (position.compareTo(qty) != 0) {
                problems.add(accountId + ": position " + symbol + " is " + position + ", its fills make " + qty);
            }
        });
        Map<String, String> account = books.account(accountId);
        BigDecimal expected = Books.decimal(account, "deposits").subtract(spent);
        if (Books.decimal(account, "cash").compareTo(expected) != 0) {
            problems.add(accountId + ": cash is " + account.get("cash") + ", deposits and fills make " + expected);
        }
    }

    private void compareTables(Books books) throws SQLException {
        try (Tables tables = Tables.open(program.postgres())) {
            tables.awaitVersions(books.versions());
            compareOrderRows(books, tables);
            compareFillRows(books, tables);
            for (Map<String, String> row : tables.rows("SELECT account_id, symbol, qty FROM positions")) {
                BigDecimal inLog = Books.decimal(books.position(row.get("account_id"), row.get("symbol")), "qty");
                if (inLog.compareTo(new BigDecimal(row.get("qty"))) != 0) {
                    problems.add("Postgres has position " + row + ", the log " + inLog);
                }
            }
            for (Map<String, String> letter : tables.rows("SELECT entity_id, reason FROM dead_letters LIMIT 3")) {
                problems.add("dead letter " + letter);
            }
        }
    }

    private void compareOrderRows(Books books, Tables tables) throws SQLException {
        List<Map<String, String>> rows =
                tables.rows("SELECT id, client_order_id, status, filled_qty, version FROM orders");
        if (rows.size() != books.orders().size()) {
            problems.add("Postgres has " + rows.size() + " orders, the log "
                    + books.orders().size());
        }
        for (Map<String, String> row : rows) {
            OrderTrail order = books.orders().get(row.get("id"));
            boolean same = order != null
                    && order.status().equals(row.get("status"))
                    && order.field("client_order_id").equals(row.get("client_order_id"))
                    && Books.decimal(row, "filled_qty").compareTo(new BigDecimal(order.field("filled_qty"))) == 0
                    && Long.parseLong(row.get("version")) == order.version();
            if (!same) {
                problems.add("Postgres has order " + row + ", the log " + order);
            }
        }
    }

    private void compareFillRows(Books books, Tables tables) throws SQLException {
        Map<String, BigDecimal> filled = new HashMap<>();
        int count = 0;
        for (Map<String, String> row : tables.rows("SELECT order_id, qty FROM activities")) {
            filled.merge(row.get("order_id"), new BigDecimal(row.get("qty")), BigDecimal::add);
            count++;
        }
        int inLog = books.orders().values().stream()
                .mapToInt(order -> order.fills().size())
                .sum();
        if (count != inLog) {
            problems.add("Postgres has " + count + " fills, the log " + inLog);
        }
        books.orders().forEach((id, order) -> {
            BigDecimal rows = filled.getOrDefault(id, BigDecimal.ZERO);
            if (rows.compareTo(Books.sum(order.fills(), "qty")) != 0) {
                problems.add("Postgres has fills of " + rows + " for " + order);
            }
        });
    }
}
