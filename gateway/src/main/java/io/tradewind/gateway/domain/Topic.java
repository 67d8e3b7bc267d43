package io.tradewind.gateway.domain;

import io.tradewind.contracts.state.Domains;
import io.tradewind.contracts.state.EntityKey;
import java.util.List;
import java.util.Locale;

/**
 * What a stream can be about, and which entities that is:
 *
 * <table>
 * <caption>Topics</caption>
 * <tr><th>topic</th><th>domain</th><th>partition key</th></tr>
 * <tr><td>orders</td><td>order</td><td>the account of the key</td></tr>
 * <tr><td>positions</td><td>position</td><td>the account of the key</td></tr>
 * <tr><td>account</td><td>account</td><td>the account of the key</td></tr>
 * <tr><td>activities</td><td>activity</td><td>the account of the key</td></tr>
 * <tr><td>signals</td><td>signal</td><td>the account of the key</td></tr>
 * <tr><td>strategies</td><td>strategy</td><td>the account of the key</td></tr>
 * <tr><td>risk</td><td>risk</td><td>the account of the key, and what holds for all</td></tr>
 * <tr><td>market</td><td>market</td><td>the market</td></tr>
 * </table>
 */
public enum Topic {
    ORDERS(Domains.ORDER),
    POSITIONS(Domains.POSITION),
    ACCOUNT(Domains.ACCOUNT),
    ACTIVITIES(Domains.ACTIVITY),
    SIGNALS(Domains.SIGNAL),
    STRATEGIES(Domains.STRATEGY),
    RISK(Domains.RISK),
    MARKET(Domains.MARKET);

    private final String domain;
    private final String text = name().toLowerCase(Locale.ROOT);

    Topic(String domain) {
        this.domain = domain;
    }

    /** As written in requests and in the {@code event} field. */
    public String text() {
        return text;
    }

    public String domain() {
        return domain;
    }

    /** Whose entities of the domain somebody with this account sees. */
    public List<String> partitionKeys(String account) {
        return switch (this) {
            case MARKET -> List.of(Domains.MARKET_KEY);
            case RISK -> List.of(account, Domains.GLOBAL_KEY);
            default -> List.of(account);
        };
    }

    /** The name of an entity within the topic: its id, or {@code global/id} for what holds for every account. */
    public static String keyOf(EntityKey key) {
        return key.partitionKey().equals(Domains.GLOBAL_KEY) ? Domains.GLOBAL_KEY + "/" + key.id() : key.id();
    }

    /** @return the topic written as {@code text}, or {@code null} when there is none */
    public static Topic parse(String text) {
        for (Topic value : values()) {
            if (value.text.equals(text)) {
                return value;
            }
        }
        return null;
    }
}
