package io.tradewind.orderqueue.domain;

import static io.tradewind.orderqueue.domain.Samples.NOW;
import static io.tradewind.orderqueue.domain.Samples.decimal;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tradewind.contracts.Json;
import io.tradewind.contracts.market.Asset;
import io.tradewind.contracts.orders.DenialCode;
import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class LimitsBookTest {

    private final LimitsBook book = new LimitsBook();
    private long version;

    @Test
    void shouldLimitNothingButSelfTradesWhereNobodySaidAnything() {
        RiskLimits limits = book.of("alice");
        assertEquals(RiskLimits.DEFAULT, limits);
        assertTrue(limits.preventSelfTrades());
        assertFalse(limits.limitsRates());
        assertNull(limits.maxOrderQty());
        assertEquals(0, book.version("alice"));
    }

    @Test
    void shouldPutTheLimitsOfAnAccountOverThoseOfAll() {
        change(null, Map.of("max_order_qty", "100", "max_open_orders", "5", "prevent_self_trades", "false"), true);
        change("alice", Map.of("max_order_qty", "7", "max_daily_loss", "500"), true);
        RiskLimits alice = book.of("alice");
        assertEquals(decimal("7"), alice.maxOrderQty());
        assertEquals(5, alice.maxOpenOrders());
        assertEquals(decimal("500"), alice.maxDailyLoss());
        assertFalse(alice.preventSelfTrades());
        assertEquals(decimal("100"), book.of("bob").maxOrderQty());
        change(null, Map.of("max_order_qty", "50"), false);
        assertEquals(decimal("50"), book.of("bob").maxOrderQty(), "at once");
        assertEquals(5, book.of("bob").maxOpenOrders(), "what is not named stays");
        change("alice", Map.of("max_order_qty", "8"), true);
        assertNull(book.of("alice").maxDailyLoss(), "a whole change takes the others away");
    }

    @Test
    void shouldTakeALimitAwayByNull() {
        change("alice", Map.of("max_order_qty", "7", "price_collar", "0.1"), true);
        Map<String, String> changes = new HashMap<>();
        changes.put("max_order_qty", null);
        change("alice", changes, false);
        assertNull(book.of("alice").maxOrderQty());
        assertEquals(decimal("0.1"), book.of("alice").priceCollar());
    }

    @Test
    void shouldTellWhatIsSetAndWhatCounts() {
        change(null, Map.of("max_order_qty", "100"), true);
        change("alice", Map.of("max_open_orders", "5"), true);
        JsonObject answer = new JsonObject(book.answer("alice").toString());
        assertEquals("alice", answer.getString("account_id"));
        assertEquals(2, answer.getLong("version"));
        assertEquals(new JsonObject("{\"max_open_orders\":5}"), answer.getJsonObject("limits"));
        assertEquals("100", answer.getJsonObject("effective").getString("max_order_qty"));
        assertEquals(true, answer.getJsonObject("effective").getBoolean("prevent_self_trades"));
        assertNull(new JsonObject(book.answer(null).toString()).getString("account_id"));
    }

    @Test
    void shouldNotGoBackToAnOlderVersion() {
        change("alice", Map.of("max_order_qty", "7"), true);
        Json older = book.changed("alice", Map.of("max_order_qty", "9"), true, null, "key", NOW);
        book.load(LimitsBook.key("alice"), older, 0);
        assertEquals(decimal("7"), book.of("alice").maxOrderQty());
    }

    @ParameterizedTest
    @CsvSource({
        "max_order_qty, 0, true",
        "max_order_qty, -1, false",
        "max_order_qty, 1000000000000, true",
        "max_order_qty, 1000000000000.1, false",
        "max_order_qty, many, false",
        "price_collar, 10, true",
        "price_collar, 10.1, false",
        "max_open_orders, 1000000, true",
        "max_open_orders, 1000001, false",
        "max_open_orders, 1.5, false",
        "prevent_self_trades, true, true",
        "prevent_self_trades, yes, false"
    })
    void shouldCheckValues(String name, String value, boolean right) {
        if (right) {
            change("alice", Map.of(name, value), true);
        } else {
            FieldException refused =
                    assertThrows(FieldException.class, () -> change("alice", Map.of(name, value), true));
            assertEquals(DenialCode.REQUEST_FIELD_INVALID, refused.denial().code());
            assertEquals(name, refused.denial().field());
        }
    }

    @Test
    void shouldNotTakeALimitThatDoesNotExist() {
        FieldException refused =
                assertThrows(FieldException.class, () -> change("alice", Map.of("max_order_quantity", "1"), true));
        assertEquals(DenialCode.REQUEST_FIELD_UNKNOWN, refused.denial().code());
        assertTrue(refused.getMessage().contains("max_order_qty"), refused.getMessage());
    }

    @ParameterizedTest
    @EnumSource(LimitField.class)
    void shouldKeepEveryLimitThatIsStored(LimitField field) {
        String value = field.isFlag() ? "true" : "3";
        change("alice", Map.of(field.text(), value), true);
        JsonObject answer = new JsonObject(book.answer("alice").toString());
        assertEquals(
                value, answer.getJsonObject("limits").getValue(field.text()).toString());
    }

    // ---- instruments

    @Test
    void shouldChangeWhatAnInstrumentAllows() {
        Instruments instruments = new Instruments();
        Asset asset = instruments.changed("AAPL", Map.of("tradable", "false", "price_increment", "0.05"), false);
        assertEquals(Asset.defaults("AAPL"), instruments.of("AAPL"), "not before it is stored");
        instruments.load(Instruments.key("AAPL"), asset.toJson(), 3);
        assertEquals(asset, instruments.of("AAPL"));
        assertFalse(asset.tradable());
        assertEquals(decimal("0.05"), asset.priceIncrement());
        assertEquals(3, instruments.version("AAPL"));
        assertEquals(Asset.defaults("AAPL"), instruments.changed("AAPL", Map.of(), true));
        Map<String, String> back = new HashMap<>();
        back.put("price_increment", null);
        assertEquals(decimal("0.01"), instruments.changed("AAPL", back, false).priceIncrement());
        for (Map<String, String> wrong : List.of(
                Map.of("tick", "1"),
                Map.of("price_increment", "0"),
                Map.of("min_notional", "-1"),
                Map.of("tradable", "1"),
                Map.of("name", ""))) {
            assertThrows(FieldException.class, () -> instruments.changed("AAPL", wrong, false), wrong.toString());
        }
    }

    private void change(String account, Map<String, String> changes, boolean whole) {
        Json json = book.changed(account, changes, whole, "why", "key-1", NOW);
        book.load(LimitsBook.key(account), json, ++version);
    }
}
