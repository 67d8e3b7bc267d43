package io.tradewind.systemtests.harness;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tradewind.systemtests.harness.Ledger.Entry;
import io.tradewind.systemtests.harness.Ledger.Outcome;
import java.time.Duration;

/** The order by which a test knows that a program that was just started trades. */
public final class FirstOrder {

    private FirstOrder() {}

    /** Returns when it is acknowledged, and noted in the ledger. */
    public static void place(ApiClient client, Ledger ledger, String clientOrderId, Duration limit) {
        String body = ApiClient.market("SPY", "buy", "1")
                .put("client_order_id", clientOrderId)
                .toString();
        // Quotes come with the first tick of the feed; until then there is no price and no order.
        ApiClient.Reply reply = Waiting.valueOf(
                "first order", limit, () -> client.post("/v2/orders", body), answer -> answer.status() == 200);
        assertEquals(200, reply.status());
        ledger.put(new Entry(
                clientOrderId,
                body,
                false,
                Outcome.ACKNOWLEDGED,
                reply.json().path("id").asText()));
    }
}
