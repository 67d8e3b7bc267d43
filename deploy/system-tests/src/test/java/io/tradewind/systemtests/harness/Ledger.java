package io.tradewind.systemtests.harness;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** What clients know about the orders that they sent: the other side of every audit. Thread safe. */
public final class Ledger {

    /** What a client knows after it sent an order. */
    public enum Outcome {
        /** 200: it must be there, for ever. */
        ACKNOWLEDGED,
        /** A 4xx, a 503 that says so, or no connection: it must not be there. */
        REFUSED,
        /** No answer, or one that says that nobody knows: it may be there, once. */
        UNKNOWN
    }

    /**
     * One order that was sent.
     *
     * @param rests whether it is a limit order that no price will ever reach
     * @param orderId ours, for acknowledged ones; else {@code null}
     */
    public record Entry(String clientOrderId, String body, boolean rests, Outcome outcome, String orderId) {}

    private final String account;
    private final ApiClient client;
    private final Map<String, Entry> entries = new ConcurrentHashMap<>();

    /** Of the account that every program has. */
    public Ledger() {
        this(Audit.ACCOUNT, null);
    }

    /** @param client acts for the account; {@code null} for the one that the program itself hands out */
    public Ledger(String account, ApiClient client) {
        this.account = account;
        this.client = client;
    }

    /** Whose orders these are. */
    public String account() {
        return account;
    }

    /** Acts for the account. */
    public ApiClient client(Audited program) {
        return client == null ? program.client() : client;
    }

    public void put(Entry entry) {
        entries.put(entry.clientOrderId(), entry);
    }

    public Entry find(String clientOrderId) {
        return entries.get(clientOrderId);
    }

    public List<Entry> all() {
        return List.copyOf(entries.values());
    }

    public List<Entry> with(Outcome outcome) {
        return entries.values().stream()
                .filter(each -> each.outcome() == outcome)
                .toList();
    }

    public int count(Outcome outcome) {
        return with(outcome).size();
    }

    @Override
    public String toString() {
        return count(Outcome.ACKNOWLEDGED) + " acknowledged, " + count(Outcome.REFUSED) + " refused, "
                + count(Outcome.UNKNOWN) + " unknown";
    }
}
