package io.tradewind.contracts.state;

/** The domains that Tradewind itself writes. Other teams add their own; the state-store treats all alike. */
public final class Domains {

    /** Orders; partition key = account, id = order id (UUIDv7, so text order is time order). Writer: order-queue. */
    public static final String ORDER = "order";

    /** Positions; partition key = account, id = symbol. Writer: order-queue. */
    public static final String POSITION = "position";

    /** Accounts; partition key = id = account. Writer: order-queue. */
    public static final String ACCOUNT = "account";

    /** Fills and other account activities; partition key = account, id = execution id. Writer: order-queue. */
    public static final String ACTIVITY = "activity";

    /** Latest quotes; partition key {@link #MARKET_KEY}, id = symbol. Writer: strategy-executor. */
    public static final String MARKET = "market";

    /** Bars; partition key = feed, id = symbol, duration and start. For whoever records them; Tradewind itself does not yet. */
    public static final String BAR = "bar";

    /** Alerts; partition key {@link #GLOBAL_KEY}, id = alert id. For whoever raises them; Tradewind itself does not yet. */
    public static final String ALERT = "alert";

    /** Signals of strategies; partition key = account, id = signal id (UUIDv7). Writer: strategy-executor. */
    public static final String SIGNAL = "signal";

    /** Strategy status; partition key = account, id = strategy name. Writer: strategy-executor. */
    public static final String STRATEGY = "strategy";

    /** Risk limits and trading states; partition key = account or {@link #GLOBAL_KEY}. Writer: order-queue. */
    public static final String RISK = "risk";

    /**
     * What an instrument allows, where that is not the usual; partition key {@link #MARKET_KEY}, id = symbol. Writer:
     * order-queue.
     */
    public static final String ASSET = "asset";

    /** Orders that were denied, and why; partition key = account, id = UUIDv7. Never changed. Writer: order-queue. */
    public static final String DENIAL = "denial";

    /**
     * Comparisons with the broker; partition key {@link #GLOBAL_KEY}, id = run id (UUIDv7), or {@link #LAST_RUN}. Writer:
     * order-queue.
     */
    public static final String RECONCILIATION = "reconciliation";

    /** The last comparison with the broker, whatever it found. */
    public static final String LAST_RUN = "last";

    /** What is told of the venue, such as its hours; partition key {@link #GLOBAL_KEY}. Writer: order-queue. */
    public static final String VENUE = "venue";

    /**
     * What has happened to the workers of the order-queue; partition key {@link #GLOBAL_KEY}, id = number of the worker.
     * Only of those that were replaced. Writer: order-queue.
     */
    public static final String WORKER = "worker";

    /** Which owner may write a partition for a service; partition key pinned, id = service. */
    public static final String OWNER = "owner";

    /** Partition key of all market data. */
    public static final String MARKET_KEY = "market";

    /** Partition key of what holds for every account. */
    public static final String GLOBAL_KEY = "global";

    private Domains() {}
}
