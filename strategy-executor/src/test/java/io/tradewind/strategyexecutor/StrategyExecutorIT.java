package io.tradewind.strategyexecutor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tradewind.contracts.Addresses;
import io.tradewind.contracts.Failure;
import io.tradewind.contracts.Json;
import io.tradewind.contracts.JsonObjects;
import io.tradewind.contracts.MessageCodecs;
import io.tradewind.contracts.control.StrategyCommand;
import io.tradewind.contracts.control.StrategyCommand.Verb;
import io.tradewind.contracts.market.Quote;
import io.tradewind.contracts.market.Quotes;
import io.tradewind.contracts.orders.Order;
import io.tradewind.contracts.orders.OrderStatus;
import io.tradewind.contracts.orders.PlaceOrder;
import io.tradewind.contracts.orders.PlaceOrders;
import io.tradewind.contracts.orders.PlaceOrdersReply;
import io.tradewind.contracts.orders.PlaceResult;
import io.tradewind.contracts.orders.Side;
import io.tradewind.contracts.state.Cause;
import io.tradewind.contracts.state.Commit;
import io.tradewind.contracts.state.Domains;
import io.tradewind.contracts.state.Durability;
import io.tradewind.contracts.state.EntityKey;
import io.tradewind.contracts.state.Mutation;
import io.tradewind.contracts.state.Partitions;
import io.tradewind.contracts.state.Transaction;
import io.tradewind.servicekit.KitOptions;
import io.tradewind.servicekit.ServiceKit;
import io.tradewind.servicekit.config.Settings;
import io.vertx.core.Future;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The whole service on one Vert.x, against a state-store and an order-queue that are made for this test. */
@Timeout(300)
class StrategyExecutorIT {

    private static final String ACCOUNT = "default";
    private static final long WAIT_MS = 60_000;

    private ServiceKit kit;
    private FakeStateStore state;
    private final List<PlaceOrder> placed = new CopyOnWriteArrayList<>();
    private final List<Quotes> published = new CopyOnWriteArrayList<>();

    @AfterEach
    void close() throws Exception {
        if (kit != null) {
            assertTrue(await(kit.services().stopAll()), "stopped cleanly");
            await(kit.close());
        }
    }

    @Test
    void shouldPublishQuotesAndStoreTheLatest() throws Exception {
        start("tick=20ms", "quote-store-interval=1s");
        waitFor(() -> published.size() > 20);
        assertEquals(8, published.get(0).quotes().size());
        waitFor(() -> state.entity(Domains.MARKET, Domains.MARKET_KEY, "BTC/USD") != null);
        Quote stored = Quote.fromJson(
                state.entity(Domains.MARKET, Domains.MARKET_KEY, "BTC/USD").json());
        // Stored and published on two ways, of which either may be the longer.
        waitFor(() -> published.stream().anyMatch(quotes -> quotes.quotes().contains(stored)));
        // Some fifty ticks come between two writes: far fewer are stored than are published, however late some are.
        int writes = state.mutations(Domains.MARKET, Durability.RELAXED).size() / 8;
        assertTrue(writes * 2 < published.size(), writes + " of " + published.size());
        assertEquals(List.of(), state.mutations(Domains.MARKET, Durability.DURABLE));
    }

    @Test
    void shouldTradeACrossingThroughTheOrderPath(@TempDir Path directory) throws Exception {
        Path file = directory.resolve("waves.csv");
        Files.write(file, waves());
        start(
                "feed=replay",
                "tick=20ms",
                "replay-file=" + file,
                "replay-symbol=WAVE",
                "replay-speed=50",
                "strategies=sma-cross",
                "parameters.sma-cross.symbol=WAVE",
                "parameters.sma-cross.fast=2",
                "parameters.sma-cross.slow=4");
        waitFor(() -> placed.size() >= 2);

        assertEquals(Side.BUY, placed.get(0).side());
        assertEquals(new BigDecimal("10"), placed.get(0).qty());
        assertEquals("WAVE", placed.get(0).symbol());
        assertEquals("strategy:sma-cross", placed.get(0).source());
        assertEquals(ACCOUNT, placed.get(0).accountId());
        assertEquals(Side.SELL, placed.get(1).side());
        assertEquals(new BigDecimal("10"), placed.get(1).qty());

        waitFor(() -> !state.mutations(Domains.SIGNAL, Durability.DURABLE).isEmpty());
        Map<String, String> signal = JsonObjects.read(
                state.mutations(Domains.SIGNAL, Durability.DURABLE).get(0).json());
        assertEquals("1.0", signal.get("strength"));
        assertEquals("WAVE", signal.get("symbol"));
        waitFor(() -> stored("sma-cross").getInteger("orders") >= 2);
        assertEquals("running", stored("sma-cross").getString("state"));
        assertEquals("2", stored("sma-cross").getJsonObject("parameters").getString("fast"));

        JsonObject stopped = command(Verb.STOP, "sma-cross", Map.of());
        assertEquals("stopped", stopped.getString("state"));
        waitFor(() -> stored("sma-cross").getString("state").equals("stopped"));
    }

    @Test
    void shouldListStartAndStopAndNameWhatDoesNotExist() throws Exception {
        start("tick=50ms");
        JsonArray all = command(Verb.LIST, null, Map.of()).getJsonArray("strategies");
        JsonObject sma = all.stream()
                .map(JsonObject.class::cast)
                .filter(strategy -> strategy.getString("name").equals("sma-cross"))
                .findFirst()
                .orElseThrow();
        assertEquals("stopped", sma.getString("state"));
        assertEquals("20", sma.getJsonObject("defaults").getString("slow"));

        JsonObject running = command(Verb.START, "sma-cross", Map.of("fast", "3"));
        assertEquals("running", running.getString("state"));
        assertEquals("3", running.getJsonObject("parameters").getString("fast"));
        assertEquals(
                "running", command(Verb.START, "sma-cross", Map.of("fast", "3")).getString("state"));

        assertInvalid("sma-cros", Map.of(), "there are: runaway, sma-cross");
        assertInvalid("sma-cross", Map.of("quick", "1"), "no parameter 'quick'");
        assertInvalid("sma-cross", Map.of("fast", "4"), "stop it first");
        command(Verb.STOP, "sma-cross", Map.of());
        assertInvalid("sma-cross", Map.of("fast", "99"), "fast = 99");
    }

    @Test
    void shouldRunOnWhenAStrategyRunsAway() throws Exception {
        // The deadline holds for both: long enough for one that does nothing wrong on a busy machine.
        start("tick=20ms", "bar-duration=100ms", "deadline=3s", "interrupt-grace=50ms", "max-replacements=1");
        assertEquals(
                "running",
                command(Verb.START, "sma-cross", Map.of("fast", "2", "slow", "4"))
                        .getString("state"));
        command(Verb.START, "runaway", Map.of("seconds", "20"));
        waitFor(() -> stored("runaway").getString("state").equals("parked"));
        assertEquals(2, stored("runaway").getInteger("timeouts"));
        assertEquals(1, stored("runaway").getInteger("replaced"));

        int quotes = published.size();
        int calls = stored("sma-cross").getInteger("succeeded");
        waitFor(() -> published.size() > quotes + 20);
        waitFor(() -> stored("sma-cross").getInteger("succeeded") > calls + 20);
        assertEquals("running", stored("sma-cross").getString("state"));
        assertEquals(
                "degraded",
                await(kit.health().snapshot())
                        .toJson()
                        .getJsonObject("services")
                        .getJsonObject("strategy-executor")
                        .getString("state"));
    }

    @Test
    void shouldNotStartWithAStrategyThatDoesNotExist() {
        ExecutionException failure = assertThrows(ExecutionException.class, () -> start("strategies=sma-corss"));
        assertTrue(String.valueOf(failure.getCause().getMessage()).contains("sma-corss"), failure::toString);
    }

    private void start(String... overrides) throws Exception {
        Settings.Builder settings =
                Settings.builder().section(StrategyExecutorConfig.SECTION, StrategyExecutorConfig.class);
        for (String override : overrides) {
            settings.override(StrategyExecutorConfig.SECTION + "." + override);
        }
        kit = await(ServiceKit.open(settings.build(), KitOptions.local()));
        MessageCodecs.registerAll(kit.vertx().eventBus());
        state = new FakeStateStore(kit.vertx());
        await(state.open());
        int partition = Partitions.of(ACCOUNT);
        kit.vertx().eventBus().<PlaceOrders>consumer(Addresses.ordersPlace(partition), this::onOrders);
        kit.vertx().eventBus().<Quotes>consumer(Addresses.MARKET_QUOTES, message -> published.add(message.body()));
        await(kit.services().deploy(StrategyExecutorMain.SERVICE));
    }

    /** Accepts each order and fills it at once, in one transaction with the position. */
    private void onOrders(Message<PlaceOrders> message) {
        PlaceOrder command = message.body().orders().get(0);
        placed.add(command);
        String id = "order-" + placed.size();
        Order accepted = Order.accepted(id, command, 1);
        message.reply(new PlaceOrdersReply(List.of(new PlaceResult.Accepted(accepted.toJson()))));
        Order filled = accepted.withFill(OrderStatus.FILLED, command.qty(), BigDecimal.TEN, 2);
        Json position = command.side() == Side.BUY
                ? JsonObjects.write(out -> out.text("symbol", command.symbol()).decimal("qty", command.qty()))
                : null;
        state.commit(new Commit(
                message.body().partition(),
                Durability.DURABLE,
                List.of(new Transaction(
                        id,
                        new Cause(id, id, "broker"),
                        List.of(
                                new Mutation(new EntityKey(Domains.ORDER, ACCOUNT, id), filled.toJson()),
                                new Mutation(new EntityKey(Domains.POSITION, ACCOUNT, command.symbol()), position)),
                        List.of()))));
    }

    private JsonObject stored(String strategy) {
        var entity = state.entity(Domains.STRATEGY, ACCOUNT, strategy);
        return entity == null
                ? new JsonObject().put("state", "").put("orders", 0).put("succeeded", 0)
                : new JsonObject(entity.json().toBuffer());
    }

    private JsonObject command(Verb verb, String name, Map<String, String> parameters) throws Exception {
        Message<Json> answer = await(kit.vertx()
                .eventBus()
                .request(Addresses.STRATEGIES_COMMAND, new StrategyCommand(verb, name, null, parameters)));
        return new JsonObject(answer.body().toBuffer());
    }

    private void assertInvalid(String name, Map<String, String> parameters, String expected) {
        ExecutionException failure =
                assertThrows(ExecutionException.class, () -> command(Verb.START, name, parameters));
        ReplyException reply = (ReplyException) failure.getCause();
        assertEquals(Failure.INVALID, Failure.of(reply));
        assertTrue(reply.getMessage().contains(expected), reply.getMessage());
    }

    /** A price that falls and rises, some days each. */
    private static List<String> waves() {
        List<String> lines = new ArrayList<>(List.of("date,open,high,low,close"));
        LocalDate day = LocalDate.of(2020, 1, 1);
        for (int i = 0; i < 400; i++) {
            int price = 100 - (int) Math.round(20 * Math.sin(i / 5.0));
            lines.add(day.plusDays(i) + "," + price + "," + price + "," + price + "," + price);
        }

        return lines;
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(WAIT_MS, TimeUnit.MILLISECONDS);
    }

    private static void waitFor(Callable<Boolean> condition) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(WAIT_MS);
        while (!condition.call()) {
            assertTrue(System.nanoTime() < deadline, "the condition did not come true within " + WAIT_MS + " ms");
            TimeUnit.MILLISECONDS.sleep(10);
        }
    }
}
