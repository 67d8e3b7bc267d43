package io.tradewind.contracts;

import io.tradewind.contracts.control.StatusQuery;
import io.tradewind.contracts.control.StrategyCommand;
import io.tradewind.contracts.market.Quote;
import io.tradewind.contracts.market.Quotes;
import io.tradewind.contracts.orders.CancelOrders;
import io.tradewind.contracts.orders.CancelOrdersReply;
import io.tradewind.contracts.orders.ClosePositions;
import io.tradewind.contracts.orders.ClosePositionsReply;
import io.tradewind.contracts.orders.Denial;
import io.tradewind.contracts.orders.DenialCode;
import io.tradewind.contracts.orders.FindOrders;
import io.tradewind.contracts.orders.FoundOrders;
import io.tradewind.contracts.orders.OrderClass;
import io.tradewind.contracts.orders.OrderEdit;
import io.tradewind.contracts.orders.OrderExits;
import io.tradewind.contracts.orders.OrderTerms;
import io.tradewind.contracts.orders.OrderType;
import io.tradewind.contracts.orders.OrdersRefused;
import io.tradewind.contracts.orders.PlaceOrder;
import io.tradewind.contracts.orders.PlaceOrders;
import io.tradewind.contracts.orders.PlaceOrdersReply;
import io.tradewind.contracts.orders.PlaceResult;
import io.tradewind.contracts.orders.Priority;
import io.tradewind.contracts.orders.RateLimit;
import io.tradewind.contracts.orders.Reconcile;
import io.tradewind.contracts.orders.ReplaceOrder;
import io.tradewind.contracts.orders.ReplaceOrderReply;
import io.tradewind.contracts.orders.SetTradingState;
import io.tradewind.contracts.orders.Side;
import io.tradewind.contracts.orders.TimeInForce;
import io.tradewind.contracts.orders.TradingState;
import io.tradewind.contracts.orders.TradingStateReply;
import io.tradewind.contracts.risk.ChangeRisk;
import io.tradewind.contracts.risk.RiskReply;
import io.tradewind.contracts.state.Cause;
import io.tradewind.contracts.state.Changes;
import io.tradewind.contracts.state.Commit;
import io.tradewind.contracts.state.CommitReply;
import io.tradewind.contracts.state.CommittedTransaction;
import io.tradewind.contracts.state.Durability;
import io.tradewind.contracts.state.EntitiesPage;
import io.tradewind.contracts.state.Entity;
import io.tradewind.contracts.state.EntityChange;
import io.tradewind.contracts.state.EntityKey;
import io.tradewind.contracts.state.Expectation;
import io.tradewind.contracts.state.HistoryPage;
import io.tradewind.contracts.state.LogPage;
import io.tradewind.contracts.state.LogPressure;
import io.tradewind.contracts.state.Mutation;
import io.tradewind.contracts.state.ReadEntities;
import io.tradewind.contracts.state.ReadHistory;
import io.tradewind.contracts.state.ReadLog;
import io.tradewind.contracts.state.StateCommand;
import io.tradewind.contracts.state.SyncCommand;
import io.tradewind.contracts.state.SyncedVersions;
import io.tradewind.contracts.state.Transaction;
import io.tradewind.contracts.state.TransactionOutcome;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Messages of every type. The first of a type has something in every field and is the one whose bytes are kept as
 * golden file, so it must never change; the others have null wherever null is allowed, and empty lists.
 */
public final class Samples {

    /** 2026-01-31T09:30:00.125Z. */
    public static final long TIME_MS = 1_769_851_800_125L;

    private static final EntityKey KEY = new EntityKey("order", "alice", "0198-1");
    private static final Json JSON = Json.of("{\"id\":\"0198-1\",\"qty\":\"10\"}");
    private static final Denial DENIAL = new Denial(
            DenialCode.QUEUE_LANE_FULL,
            "lane normal is full (limit 5)",
            "priority",
            250,
            new RateLimit(100, 1_795_250_000_000L));

    private Samples() {}

    /** Version 41 (a put and a delete) and version 42 (without causes). */
    public static List<CommittedTransaction> committed() {
        return List.of(
                new CommittedTransaction(
                        41,
                        TIME_MS,
                        "tx-1",
                        new Cause("request-1", "order-1", "key-1"),
                        List.of(new Mutation(KEY, JSON), new Mutation(new EntityKey("risk", "alice", "Zürich"), null))),
                new CommittedTransaction(
                        42, TIME_MS + 1, "tx-2", new Cause(null, null, null), List.of(new Mutation(KEY, JSON))));
    }

    /** Messages of all types, those of one type together. */
    public static Map<Class<?>, List<?>> all() {
        return Map.ofEntries(
                Map.entry(Commit.class, commits()),
                Map.entry(CommitReply.class, commitReplies()),
                Map.entry(
                        Changes.class,
                        List.of(
                                new Changes(3, 7, committed()),
                                new Changes(0, 0, committed().subList(1, 2)))),
                Map.entry(
                        ReadEntities.class,
                        List.of(
                                new ReadEntities(3, "order", "alice", List.of("1", "2"), "alice", "0", true, 50, 250),
                                new ReadEntities(
                                        0, "order", null, List.of(), null, null, false, 1, ReadEntities.ANY_AGE))),
                Map.entry(
                        EntitiesPage.class,
                        List.of(
                                new EntitiesPage(42, TIME_MS, true, List.of(new Entity(KEY, 41, TIME_MS, JSON)), true),
                                new EntitiesPage(0, 0, false, List.of(), false))),
                Map.entry(ReadLog.class, List.of(new ReadLog(3, 40, 2000), new ReadLog(0, 0, 1))),
                Map.entry(SyncCommand.class, List.of(new SyncCommand(SyncCommand.Verb.REBUILD, 15))),
                Map.entry(StateCommand.class, List.of(new StateCommand(StateCommand.Verb.VERIFY, 15))),
                Map.entry(
                        SyncedVersions.class,
                        List.of(new SyncedVersions(Map.of(0, 5_000_000_000L, 15, 0L)), new SyncedVersions(Map.of()))),
                Map.entry(LogPage.class, List.of(new LogPage(42, false, committed()), new LogPage(0, true, List.of()))),
                Map.entry(
                        LogPressure.class,
                        List.of(
                                new LogPressure(LogPressure.Level.SLOW_DOWN, 900_000_000L, 1L << 30, 3_000),
                                new LogPressure(LogPressure.Level.NORMAL, 0, 0, 0))),
                Map.entry(
                        ReadHistory.class,
                        List.of(
                                new ReadHistory(KEY, 42, 100, false),
                                ReadHistory.of(KEY, 1),
                                ReadHistory.asOf(KEY, 7))),
                Map.entry(HistoryPage.class, histories()),
                Map.entry(PlaceOrders.class, places()),
                Map.entry(PlaceOrdersReply.class, placeReplies()),
                Map.entry(
                        ReplaceOrder.class,
                        List.of(
                                new ReplaceOrder(
                                        3,
                                        "alice",
                                        "0198-1",
                                        "my-3",
                                        new OrderEdit(
                                                new BigDecimal("11"),
                                                TimeInForce.GTC,
                                                new BigDecimal("180.5"),
                                                new BigDecimal("179"),
                                                new BigDecimal("1.5")),
                                        "key-1",
                                        "request-1"),
                                new ReplaceOrder(
                                        0, "", "", "", new OrderEdit(null, null, null, null, null), null, null))),
                Map.entry(
                        ReplaceOrderReply.class,
                        List.of(
                                new ReplaceOrderReply(new PlaceResult.Accepted(JSON)),
                                new ReplaceOrderReply(new PlaceResult.Denied(DENIAL)),
                                new ReplaceOrderReply(new PlaceResult.Unknown(null)))),
                Map.entry(
                        OrdersRefused.class,
                        List.of(
                                new OrdersRefused(
                                        3,
                                        List.of(
                                                new OrdersRefused.Refusal(
                                                        OrdersRefused.Request.REPLACE,
                                                        "alice",
                                                        "0198-1",
                                                        DENIAL,
                                                        "key-1",
                                                        "request-1"),
                                                new OrdersRefused.Refusal(
                                                        OrdersRefused.Request.ORDER,
                                                        "alice",
                                                        null,
                                                        DENIAL,
                                                        null,
                                                        null))),
                                new OrdersRefused(0, List.of()))),
                Map.entry(
                        CancelOrders.class,
                        List.of(
                                new CancelOrders(3, "alice", List.of("0198-1", "0198-2"), "key-1", "request-1"),
                                new CancelOrders(0, null, List.of(), null, null))),
                Map.entry(
                        CancelOrdersReply.class,
                        List.of(
                                new CancelOrdersReply(List.of(
                                        new CancelOrdersReply.Result("0198-1", null),
                                        new CancelOrdersReply.Result("0198-2", DENIAL))),
                                new CancelOrdersReply(List.of(new CancelOrdersReply.Result(
                                        null, new Denial(DenialCode.ORDER_NOT_FOUND, null, null, 0)))),
                                new CancelOrdersReply(List.of()))),
                Map.entry(FindOrders.class, List.of(new FindOrders(3, "alice", "my-1"), new FindOrders(0, null, null))),
                Map.entry(
                        FoundOrders.class,
                        List.of(new FoundOrders(List.of("0198-1", "0198-2")), new FoundOrders(List.of()))),
                Map.entry(
                        ClosePositions.class,
                        List.of(
                                new ClosePositions(
                                        3, "alice", "AAPL", new BigDecimal("1.5"), null, true, "key-1", "request-1"),
                                new ClosePositions(0, "alice", null, null, new BigDecimal("50"), false, null, null))),
                Map.entry(
                        ClosePositionsReply.class,
                        List.of(
                                new ClosePositionsReply(List.of(
                                        new ClosePositionsReply.Result("AAPL", new PlaceResult.Accepted(JSON)),
                                        new ClosePositionsReply.Result("MSFT", new PlaceResult.Denied(DENIAL)))),
                                new ClosePositionsReply(List.of()))),
                Map.entry(
                        Reconcile.class,
                        List.of(new Reconcile(true, "key-1", "request-1"), new Reconcile(false, null, null))),
                Map.entry(
                        SetTradingState.class,
                        List.of(
                                new SetTradingState(
                                        "alice", TradingState.REDUCING, true, true, "why", "key-1", "request-1"),
                                new SetTradingState(null, null, false, false, null, null, null))),
                Map.entry(ChangeRisk.class, riskChanges()),
                Map.entry(
                        RiskReply.class,
                        List.of(new RiskReply(JSON, DENIAL), new RiskReply(null, null), RiskReply.of(JSON))),
                Map.entry(
                        TradingStateReply.class,
                        List.of(
                                new TradingStateReply(TradingState.HALTED, TradingState.ACTIVE, 17, 2),
                                new TradingStateReply(TradingState.ACTIVE, null, 0, 0))),
                Map.entry(Quotes.class, quotes()),
                Map.entry(Json.class, List.of(JSON, Json.of(""))),
                Map.entry(StatusQuery.class, List.of(new StatusQuery())),
                Map.entry(
                        StrategyCommand.class,
                        // One parameter: several come in any order.
                        List.of(
                                new StrategyCommand(
                                        StrategyCommand.Verb.START, "sma-cross", "alice", Map.of("symbol", "AAPL")),
                                new StrategyCommand(StrategyCommand.Verb.LIST, null, null, Map.of()),
                                new StrategyCommand(
                                        StrategyCommand.Verb.STOP, "x", null, Map.of("a", "1", "b", "", "c", "3")))));
    }

    private static List<?> histories() {
        Cause cause = new Cause("request-1", "order-1", "key-1");
        return List.of(
                new HistoryPage(
                        42,
                        List.of(
                                new EntityChange(41, TIME_MS + 1, "tx-2", cause, null),
                                new EntityChange(40, TIME_MS, null, new Cause(null, null, null), JSON)),
                        17,
                        HistoryPage.End.OUT_OF_REACH,
                        "why"),
                new HistoryPage(0, List.of(), 1, HistoryPage.End.BEGINNING, null));
    }

    private static List<?> commits() {
        return List.of(
                new Commit(
                        3,
                        Durability.DURABLE,
                        "tx-0",
                        List.of(new Transaction(
                                "tx-1",
                                new Cause("request-1", "order-1", "key-1"),
                                List.of(new Mutation(KEY, JSON), new Mutation(KEY, null)),
                                List.of(new Expectation(KEY, 40))))),
                new Commit(
                        15,
                        Durability.RELAXED,
                        List.of(new Transaction(null, new Cause(null, null, null), List.of(), List.of()))));
    }

    private static List<?> commitReplies() {
        return List.of(
                new CommitReply(List.of(
                        new TransactionOutcome.Committed(42, true),
                        new TransactionOutcome.Conflict(KEY, 40, 41),
                        new TransactionOutcome.Refused("changes nothing"))),
                new CommitReply(
                        List.of(new TransactionOutcome.Committed(0, false), new TransactionOutcome.Refused(null))),
                new CommitReply(List.of()));
    }

    private static List<?> places() {
        PlaceOrder limit = new PlaceOrder(
                "alice",
                "my-1",
                "AAPL",
                new BigDecimal("10"),
                Side.BUY,
                OrderType.LIMIT,
                TimeInForce.GTC,
                new BigDecimal("180.50"),
                Priority.HIGH,
                "key-1",
                "request-1");
        PlaceOrder market = new PlaceOrder(
                "bob",
                "株 🚀",
                "BTC/USD",
                new BigDecimal("0.000000001"),
                Side.SELL,
                OrderType.MARKET,
                TimeInForce.IOC,
                null,
                Priority.LOW,
                null,
                null);
        PlaceOrder bracket = new PlaceOrder(
                "alice",
                "my-2",
                OrderTerms.of("AAPL", Side.BUY)
                        .qty(new BigDecimal("11"))
                        .notional(new BigDecimal("2000.50"))
                        .type(OrderType.STOP_LIMIT)
                        .stopPrice(new BigDecimal("180"))
                        .limitPrice(new BigDecimal("181"))
                        .exits(new OrderExits(
                                OrderClass.BRACKET,
                                new BigDecimal("190"),
                                new BigDecimal("170"),
                                new BigDecimal("169.5")))
                        .build(),
                "key-1",
                "request-2");
        return List.of(
                new PlaceOrders(3, List.of(limit, market, bracket, trailing(null, "0.5"), trailing("1.5", null))),
                new PlaceOrders(0, List.of(market)));
    }

    private static PlaceOrder trailing(String trailPrice, String trailPercent) {
        OrderTerms terms = OrderTerms.of("AAPL", Side.SELL)
                .notional(new BigDecimal("100"))
                .type(OrderType.TRAILING_STOP)
                .trailPrice(trailPrice == null ? null : new BigDecimal(trailPrice))
                .trailPercent(trailPercent == null ? null : new BigDecimal(trailPercent))
                .timeInForce(TimeInForce.CLS)
                .build();
        return new PlaceOrder("bob", "trailing", terms, "key-2", null);
    }

    private static List<?> placeReplies() {
        return List.of(
                new PlaceOrdersReply(List.of(
                        new PlaceResult.Accepted(JSON),
                        new PlaceResult.Existing(JSON),
                        new PlaceResult.Denied(DENIAL),
                        new PlaceResult.Unknown("the log did not answer"))),
                new PlaceOrdersReply(List.of(
                        new PlaceResult.Unknown(null),
                        new PlaceResult.Denied(new Denial(DenialCode.OUTCOME_UNKNOWN, null, null, 0)))),
                new PlaceOrdersReply(List.of()));
    }

    private static List<?> quotes() {
        Quote full = new Quote(
                "AAPL",
                new BigDecimal("180.1"),
                new BigDecimal("100"),
                new BigDecimal("180.2"),
                new BigDecimal("200"),
                new BigDecimal("180.15"),
                TIME_MS);
        return List.of(
                new Quotes(List.of(full)),
                new Quotes(List.of(full, new Quote("MSFT", null, null, null, null, null, 0))),
                new Quotes(List.of()));
    }

    private static List<ChangeRisk> riskChanges() {
        Map<String, String> changes = new LinkedHashMap<>();
        changes.put("max_order_qty", "100");
        changes.put("price_collar", null);
        return List.of(
                new ChangeRisk(ChangeRisk.What.LIMITS, "alice", changes, true, 7, "why", "key-1", "request-1"),
                new ChangeRisk(ChangeRisk.What.LIMITS, null, Map.of(), false, ChangeRisk.ANY, null, null, null),
                ChangeRisk.ask(ChangeRisk.What.ASSET, "AAPL", "key-1", "request-1"));
    }
}
