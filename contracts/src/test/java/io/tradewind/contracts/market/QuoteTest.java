package io.tradewind.contracts.market;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tradewind.contracts.Json;
import java.math.BigDecimal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class QuoteTest {

    private static final Quote QUOTE = new Quote(
            "BTC/USD",
            new BigDecimal("64000.1"),
            new BigDecimal("0.000000001"),
            new BigDecimal("64000.20"),
            new BigDecimal("3"),
            new BigDecimal("64000.15"),
            1_769_851_800_125L);

    private static final String TEXT = "{\"symbol\":\"BTC/USD\",\"bid_price\":\"64000.1\",\"bid_size\":\"0.000000001\","
            + "\"ask_price\":\"64000.20\",\"ask_size\":\"3\",\"last_price\":\"64000.15\","
            + "\"time\":\"2026-01-31T09:30:00.125Z\"}";

    @Test
    void shouldBeWrittenAsDocumented() {
        assertEquals(TEXT, QUOTE.toJson().toString());
    }

    @Test
    void shouldComeBackFromJson() {
        assertEquals(QUOTE, Quote.fromJson(QUOTE.toJson()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"symbol", "bid_price", "bid_size", "ask_price", "ask_size", "last_price", "time"})
    void shouldRefuseAMissingField(String field) {
        Json json = Json.of(TEXT.replace("\"" + field + "\"", "\"other\""));
        String message = assertThrows(IllegalArgumentException.class, () -> Quote.fromJson(json))
                .getMessage();
        assertTrue(message.startsWith("not a quote"), message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"64000.15", "2026-01-31T09:30:00.125Z"})
    void shouldRefuseAWrongField(String value) {
        Json json = Json.of(TEXT.replace(value, "soon"));
        assertThrows(IllegalArgumentException.class, () -> Quote.fromJson(json));
    }
}
