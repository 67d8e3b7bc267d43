package io.tradewind.systemtests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.tradewind.systemtests.harness.ApiClient;
import io.tradewind.systemtests.harness.Books;
import io.tradewind.systemtests.harness.Burst;
import io.tradewind.systemtests.harness.Ledger;
import io.tradewind.systemtests.harness.Ledger.Outcome;
import io.tradewind.systemtests.harness.TradewindProcess;
import io.tradewind.systemtests.harness.Waiting;
import io.tradewind.systemtests.harness.Workspace;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * kill -9 of the program while the kill switch closes all positions, and again while it goes on. Defends: in the end
 * nothing is held, no order is open, every unit that was bought is sold once, and the halt still holds.
 */
@Timeout(900)
class FlattenIT {

    /** More of them find more: -Dtradewind.rounds=20. */
    private static final int KILLS = Integer.getInteger("tradewind.rounds", 2);

    private static final Duration SOON = Duration.ofMinutes(2);
    private static final Set<String> OVER = Set.of("filled", "canceled", "expired", "rejected");
    private static final String[] RICH = TradewindProcess.patient("--set", "order-queue.paper.cash=1000000000");

    @Test
    void shouldCloseEveryPositionThroughKill9() throws Exception {
        long seed = Long.getLong("tradewind.seed", System.nanoTime());
        System.out.println("flatten: seed " + seed + " (-Dtradewind.seed=" + seed + " repeats the choices)");
        Random random = new Random(seed);
        Ledger ledger = new Ledger();
        try (Workspace workspace = Workspace.open("flatten")) {
            try (TradewindProcess program = TradewindProcess.start(workspace.data(), RICH)) {
                Burst burst = Burst.start(program.client(), ledger, "f", random.nextLong(), true);
                Waiting.until("the burst is under way", SOON, () -> ledger.count(Outcome.ACKNOWLEDGED) > 300);
                ApiClient client = program.client();
                ApiClient.Reply halted = Waiting.valueOf(
                        "trading is halted",
                        SOON,
                        () -> client.post(
                                "/v2/system/trading-state",
                                "{\"state\":\"halted\",\"flatten\":true,\"reason\":\"drill\"}"),
                        reply -> reply.status() == 200);
                System.out.println("flatten: " + halted.body());
                // The moment of the crash: no condition to wait for, any will do.
                TimeUnit.MILLISECONDS.sleep(random.nextInt(150));
                program.kill9();
                burst.stop();
            }
            for (int kill = 1; kill < KILLS; kill++) {
                try (TradewindProcess program =
                        TradewindProcess.launchOn(Workspace.freePort(), workspace.data(), RICH)) {
                    TimeUnit.MILLISECONDS.sleep(1_000 + random.nextInt(4_000));
                    program.kill9();
                }
            }
            try (TradewindProcess program = TradewindProcess.start(workspace.data(), RICH)) {
                ApiClient client = program.client();
                JsonNode state = Waiting.valueOf(
                        "everything is closed",
                        SOON,
                        () -> client.get("/v2/system/trading-state").ok(),
                        now -> now.path("flattening").asInt(1) == 0);
                assertEquals("halted", state.path("state").asText(), "the halt outlives the program");
                Waiting.until("nothing is held", SOON, () -> client.get("/v2/positions")
                        .ok()
                        .isEmpty());
                Waiting.until("no order is open", SOON, () -> client.get("/v2/orders?status=open")
                        .ok()
                        .isEmpty());
                assertEquals(
                        403,
                        client.post(
                                        "/v2/orders",
                                        ApiClient.market("AAPL", "buy", "1").toString())
                                .status());
                assertBooks(program);
            }
        }
    }

    private static void assertBooks(TradewindProcess program) throws Exception {
        Books books = Waiting.valueOf(
                "every order is over", SOON, () -> Books.read(program.redis()), now -> now.orders().values().stream()
                        .allMatch(order -> OVER.contains(order.status())));
        assertEquals(List.of(), books.problems());
        Map<String, BigDecimal> held = new HashMap<>();
        BigDecimal spent = BigDecimal.ZERO;
        long closings = 0;
        for (var order : books.orders().values()) {
            BigDecimal sign = BigDecimal.valueOf(order.field("side").equals("buy") ? 1 : -1);
            for (Map<String, String> fill : order.fills()) {
                BigDecimal qty = Books.decimal(fill, "qty").multiply(sign);
                held.merge(order.field("symbol"), qty, BigDecimal::add);
                spent = spent.add(qty.multiply(Books.decimal(fill, "price"))).add(Books.decimal(fill, "fee"));
            }
            closings += "#closing".equals(order.field("source")) ? 1 : 0;
        }
        assertTrue(closings > 0, "it took orders to close what was held");
        held.forEach((symbol, qty) -> assertEquals(0, qty.signum(), symbol + ": bought and sold, left " + qty));
        Map<String, String> account = books.account("default");
        assertEquals(
                0,
                Books.decimal(account, "deposits").subtract(spent).compareTo(Books.decimal(account, "cash")),
                "cash " + account.get("cash") + ", spent " + spent);
    }
}
