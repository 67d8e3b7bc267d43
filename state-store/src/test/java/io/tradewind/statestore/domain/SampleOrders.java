package io.tradewind.statestore.domain;

import io.tradewind.contracts.Json;
import io.tradewind.contracts.state.Entity;
import io.tradewind.contracts.state.EntityKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;

/** Filled orders of about 400 bytes, as the order-queue writes them. */
final class SampleOrders {

    private static final String[] SYMBOLS = {"AAPL", "MSFT", "TSLA", "NVDA", "AMZN", "META", "SPY", "QQQ", "BTCUSD"};
    private static final long START_MS = 1_790_000_000_000L;

    private SampleOrders() {}

    static List<Entity> of(int count) {
        Random random = new Random(7);
        List<Entity> orders = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            orders.add(order(i, random));
        }
        return orders;
    }

    private static Entity order(int i, Random random) {
        long timeMs = START_MS + i * 37L;
        String id = new UUID((timeMs << 16) | 0x7000 | random.nextInt(4096), (random.nextLong() >>> 2) | (1L << 63))
                .toString();
        String created = Instant.ofEpochMilli(timeMs).toString();
        String filled = Instant.ofEpochMilli(timeMs + random.nextInt(900)).toString();
        int qty = 1 + random.nextInt(500);
        String json = "{\"id\":\"" + id + "\",\"client_order_id\":\"" + new UUID(random.nextLong(), random.nextLong())
                + "\",\"account_id\":\"account-1\",\"asset_class\":\"us_equity\",\"symbol\":\""
                + SYMBOLS[random.nextInt(SYMBOLS.length)] + "\",\"qty\":\"" + qty
                + "\",\"side\":\"" + (random.nextBoolean() ? "buy" : "sell")
                + "\",\"type\":\"limit\",\"time_in_force\":\"day\",\"limit_price\":\"" + price(random)
                + "\",\"status\":\"filled\",\"filled_qty\":\"" + qty + "\",\"filled_avg_price\":\"" + price(random)
                + "\",\"created_at\":\"" + created + "\",\"filled_at\":\"" + filled + "\"}";
        // The strings of a key are its own, as they are when it was read from the log.
        EntityKey key = new EntityKey(copy("order"), copy("account-1"), id);
        return new Entity(key, i + 1L, timeMs, Json.of(json));
    }

    private static String copy(String text) {
        return String.valueOf(text.toCharArray());
    }

    private static String price(Random random) {
        return (50 + random.nextInt(400)) + "." + (10 + random.nextInt(90));
    }
}
