package io.tradewind.orderqueue.domain;

import static io.tradewind.orderqueue.domain.Samples.NOW;
import static io.tradewind.orderqueue.domain.Samples.decimal;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tradewind.contracts.JsonObjects;
import java.math.BigDecimal;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(30)
class PositionTest {

    private static final Position FLAT = Position.flat("alice", "AAPL");

    @ParameterizedTest(name = "{0} at cost {1}, then {2} at {3}")
    @CsvSource({
        // qty, cost, fill, price, qty after, cost after, realized
        "0, 0, 10, 100, 10, 1000, 0",
        "10, 1000, 10, 110, 20, 2100, 0",
        "20, 2100, -5, 120, 15, 1575, 75",
        "20, 2100, -20, 100, 0, 0, -100",
        "0, 0, -10, 100, -10, -1000, 0",
        "-10, -1000, -10, 90, -20, -1900, 0",
        "-20, -1900, 5, 90, -15, -1425, 25",
        "-20, -1900, 20, 100, 0, 0, -100",
        "10, 1000, -15, 110, -5, -550, 100",
        "-10, -1000, 15, 90, 5, 450, 100",
        "3, 10, -1, 4, 2, 6.666666667, 0.666666667",
    })
    void shouldFill(
            String qty, String cost, String fill, String price, String qtyAfter, String costAfter, String realized) {
        Position before = new Position("alice", "AAPL", decimal(qty), decimal(cost));
        Position.Fill result = before.fill(decimal(fill), decimal(price));
        assertEquals(new Position("alice", "AAPL", decimal(qtyAfter), decimal(costAfter)), result.position());
        assertEquals(0, decimal(realized).compareTo(result.realized()), "realized " + result.realized());
        assertEquals(decimal(qtyAfter).signum() == 0, result.position().isFlat());
    }

    @Test
    void shouldBalanceToZeroExactlyOverAnySequenceOfFills() {
        for (long seed = 1; seed <= 500; seed++) {
            Random random = new Random(seed);
            Position position = FLAT;
            BigDecimal cash = BigDecimal.ZERO;
            BigDecimal realized = BigDecimal.ZERO;
            BigDecimal held = BigDecimal.ZERO;
            for (int i = 0; i < 60; i++) {
                BigDecimal qty = BigDecimal.valueOf(1 + random.nextInt(1_000_000), random.nextInt(10));
                BigDecimal signed = random.nextBoolean() ? qty : qty.negate();
                signed = random.nextInt(10) == 0 && !position.isFlat()
                        ? position.qty().negate()
                        : signed;
                BigDecimal price = BigDecimal.valueOf(1 + random.nextInt(1_000_000_000), random.nextInt(10));
                Position.Fill fill = position.fill(signed, price);
                position = fill.position();
                cash = cash.subtract(signed.multiply(price));
                realized = realized.add(fill.realized());
                held = held.add(signed);
                assertEquals(0, held.compareTo(position.qty()), "seed " + seed);
                assertEquals(
                        0, cash.add(position.costBasis()).subtract(realized).signum(), "seed " + seed + " fill " + i);
                assertTrue(!position.isFlat() || position.costBasis().signum() == 0, "seed " + seed);
            }
        }
    }

    @Test
    void shouldSurviveJson() {
        Position position =
                FLAT.fill(decimal("-0.123456789"), decimal("98765.4321")).position();
        assertEquals(position, Position.fromJson(position.toJson(decimal("100000"), position.qty(), NOW)));
        assertEquals(position, Position.fromJson(position.toJson(null, position.qty(), NOW)));
    }

    @Test
    void shouldBeWorthItsMarketValueAndItsCostWithoutAPrice() {
        Position position = FLAT.fill(decimal("3"), decimal("10")).position();
        Map<String, String> valued = JsonObjects.read(position.toJson(decimal("12"), position.qty(), NOW));
        assertEquals("36", valued.get("market_value"));
        assertEquals("6", valued.get("unrealized_pl"));
        assertEquals("10", valued.get("avg_entry_price"));
        assertEquals("long", valued.get("side"));
        Map<String, String> unpriced = JsonObjects.read(position.toJson(null, position.qty(), NOW));
        assertEquals("30", unpriced.get("market_value"));
        assertEquals("0", unpriced.get("unrealized_pl"));
        assertEquals(null, unpriced.get("current_price"));
    }

    @Test
    void shouldHaveAPositiveAveragePriceWhenShort() {
        Position position = FLAT.fill(decimal("-4"), decimal("2.5")).position();
        assertEquals(0, decimal("2.5").compareTo(position.averagePrice()));
        assertEquals(
                "short",
                JsonObjects.read(position.toJson(null, position.qty(), NOW)).get("side"));
    }
}
