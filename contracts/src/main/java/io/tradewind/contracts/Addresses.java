package io.tradewind.contracts;

import io.tradewind.contracts.state.Partitions;

/**
 * Every event-bus address, in one place. Delivery is at most once everywhere; whoever needs more asks again with the
 * same ids. "Owner" is the one service that registers the consumer; requests without an owner fail at once with
 * {@code NO_HANDLERS}. Failures are classified by {@link Failure}.
 *
 * <table>
 * <caption>Request and reply</caption>
 * <tr><th>address</th><th>owner</th><th>request → reply</th></tr>
 * <tr><td>state.commit.{p}</td><td>state-store, owner of p</td><td>Commit → CommitReply</td></tr>
 * <tr><td>state.read.{p}</td><td>state-store, owner of p</td><td>ReadEntities → EntitiesPage</td></tr>
 * <tr><td>state.log.{p}</td><td>state-store, owner of p</td><td>ReadLog → LogPage</td></tr>
 * <tr><td>state.history.{p}</td><td>state-store, owner of p</td><td>ReadHistory → HistoryPage</td></tr>
 * <tr><td>state.command.{p}</td><td>state-store, owner of p</td><td>StateCommand → Json</td></tr>
 * <tr><td>sync.command</td><td>the db-sync that leads</td><td>SyncCommand → Json</td></tr>
 * <tr><td>events-read</td><td>every state-store</td><td>JSON object or text → text</td></tr>
 * <tr><td>orders.place.{p}</td><td>order-queue, owner of p</td><td>PlaceOrders → PlaceOrdersReply</td></tr>
 * <tr><td>orders.cancel.{p}</td><td>order-queue, owner of p</td><td>CancelOrders → CancelOrdersReply</td></tr>
 * <tr><td>orders.find.{p}</td><td>order-queue, owner of p</td><td>FindOrders → FoundOrders</td></tr>
 * <tr><td>orders.close.{p}</td><td>order-queue, owner of p</td><td>ClosePositions → ClosePositionsReply</td></tr>
 * <tr><td>orders.refused.{p}</td><td>order-queue, owner of p</td><td>OrdersRefused; no reply, may be lost</td></tr>
 * <tr><td>orders.trading-state</td><td>order-queue</td><td>SetTradingState → TradingStateReply</td></tr>
 * <tr><td>orders.risk</td><td>order-queue</td><td>ChangeRisk → RiskReply</td></tr>
 * <tr><td>orders.reconcile</td><td>order-queue</td><td>Reconcile → Json</td></tr>
 * <tr><td>strategies.command</td><td>strategy-executor</td><td>StrategyCommand → Json</td></tr>
 * <tr><td>monitor.status</td><td>monitor</td><td>StatusQuery → Json</td></tr>
 * </table>
 *
 * <table>
 * <caption>Published events</caption>
 * <tr><th>address</th><th>publisher</th><th>event, delivery</th></tr>
 * <tr><td>state.changes.{p}</td><td>state-store, owner of p</td><td>Changes; gaps are filled from the log</td></tr>
 * <tr><td>sync.versions</td><td>db-sync</td><td>SyncedVersions; every second, only the latest matters</td></tr>
 * <tr><td>state.pressure</td><td>state-store, every member</td><td>LogPressure; repeated while it lasts</td></tr>
 * <tr><td>events.{domain}</td><td>state-store, owner of the partition</td><td>text, {@link
 * io.tradewind.contracts.state.PublicEvents}; gaps are filled by asking events-read</td></tr>
 * <tr><td>market.quotes</td><td>strategy-executor</td><td>Quotes; only the latest matters</td></tr>
 * </table>
 */
public final class Addresses {

    private static final String PREFIX = "tradewind.";

    public static final String ORDERS_TRADING_STATE = PREFIX + "orders.trading-state";
    public static final String ORDERS_RISK = PREFIX + "orders.risk";
    public static final String ORDERS_RECONCILE = PREFIX + "orders.reconcile";
    public static final String SYNC_VERSIONS = PREFIX + "sync.versions";
    public static final String SYNC_COMMAND = PREFIX + "sync.command";
    public static final String STATE_PRESSURE = PREFIX + "state.pressure";
    /** Not below {@link #events}: a domain may have any name. */
    public static final String EVENTS_READ = PREFIX + "events-read";

    public static final String MARKET_QUOTES = PREFIX + "market.quotes";
    public static final String STRATEGIES_COMMAND = PREFIX + "strategies.command";
    public static final String MONITOR_STATUS = PREFIX + "monitor.status";

    // Built once: an address is looked up for every message.
    private static final String[] STATE_COMMIT = perPartition("state.commit.");
    private static final String[] STATE_READ = perPartition("state.read.");
    private static final String[] STATE_LOG = perPartition("state.log.");
    private static final String[] STATE_HISTORY = perPartition("state.history.");
    private static final String[] STATE_COMMAND = perPartition("state.command.");
    private static final String[] STATE_CHANGES = perPartition("state.changes.");
    private static final String[] ORDERS_PLACE = perPartition("orders.place.");
    private static final String[] ORDERS_CANCEL = perPartition("orders.cancel.");
    private static final String[] ORDERS_REPLACE = perPartition("orders.replace.");
    private static final String[] ORDERS_FIND = perPartition("orders.find.");
    private static final String[] ORDERS_CLOSE = perPartition("orders.close.");
    private static final String[] ORDERS_REFUSED = perPartition("orders.refused.");

    private Addresses() {}

    public static String stateCommit(int partition) {
        return STATE_COMMIT[partition];
    }

    public static String stateRead(int partition) {
        return STATE_READ[partition];
    }

    public static String stateLog(int partition) {
        return STATE_LOG[partition];
    }

    public static String stateChanges(int partition) {
        return STATE_CHANGES[partition];
    }

    public static String stateHistory(int partition) {
        return STATE_HISTORY[partition];
    }

    public static String stateCommand(int partition) {
        return STATE_COMMAND[partition];
    }

    public static String ordersPlace(int partition) {
        return ORDERS_PLACE[partition];
    }

    public static String ordersRefused(int partition) {
        return ORDERS_REFUSED[partition];
    }

    public static String ordersCancel(int partition) {
        return ORDERS_CANCEL[partition];
    }

    public static String ordersReplace(int partition) {
        return ORDERS_REPLACE[partition];
    }

    public static String ordersFind(int partition) {
        return ORDERS_FIND[partition];
    }

    public static String ordersClose(int partition) {
        return ORDERS_CLOSE[partition];
    }

    /** Where other teams' services hear what becomes durable in a domain. */
    public static String events(String domain) {
        return PREFIX + "events." + domain;
    }

    private static String[] perPartition(String name) {
        String[] addresses = new String[Partitions.COUNT];
        for (int p = 0; p < addresses.length; p++) {
            addresses[p] = PREFIX + name + p;
        }
        return addresses;
    }
}
