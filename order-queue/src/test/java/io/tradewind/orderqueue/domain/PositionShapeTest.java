package io.tradewind.orderqueue.domain;

import static io.tradewind.orderqueue.domain.Samples.NOW;
import static io.tradewind.orderqueue.domain.Samples.decimal;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tradewind.contracts.Decimals;
import io.tradewind.contracts.Json;
import io.tradewind.contracts.JsonObjects;
import io.tradewind.contracts.state.EntityKey;
import io.tradewind.contracts.state.schema.Schemas;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What the migrations make of old positions is what is written today, and the desk takes either. */
class PositionShapeTest {

    private static final Path DOCUMENTS = Path.of("..", "contracts", "src", "test", "resources", "golden", "documents");
    private static final EntityKey KEY = new EntityKey("position", "alice", "AAPL");

    @Test
    void shouldWriteTheGoldenPositions() throws IOException {
        List<Json> written = List.of(
                written(bought("AAPL", "3", "187.25"), decimal("190")),
                written(bought("TSLA", "-1.5", "240.10"), decimal("251.3")),
                written(bought("BTC/USD", "0.123456789", "98765.4321"), null),
                written(bought("MSFT", "2", "0"), decimal("12")));
        assertEquals(
                Files.readAllLines(DOCUMENTS.resolve("position-v3.jsonl")),
                written.stream().map(Json::toString).toList());
    }

    @Test
    void shouldMakeOfEveryOldPositionWhatIsWrittenToday() {
        Schemas schemas = Schemas.current();
        long from = Long.getLong("seed", 1);
        long to = Long.getLong("seed", 2_000);
        for (long seed = from; seed <= to; seed++) {
            Random random = new Random(seed);
            String symbol = random.nextBoolean() ? "AAPL" : "ETH/USD";
            Position position = Position.flat("alice", symbol);
            for (int i = 0; i <= random.nextInt(6); i++) {
                BigDecimal qty = BigDecimal.valueOf(1 + random.nextInt(100_000), random.nextInt(10));
                BigDecimal price = BigDecimal.valueOf(random.nextInt(1_000_000_000), random.nextInt(10));
                position = position.fill(random.nextBoolean() ? qty : qty.negate(), price)
                        .position();
            }
            BigDecimal last =
                    random.nextInt(4) == 0 ? null : BigDecimal.valueOf(random.nextInt(1_000_000), random.nextInt(6));
            Json old = schemaOne(position, last);
            assertEquals(
                    written(position, last).toString(),
                    schemas.upgrade(KEY, 1, old).toString(),
                    "seed " + seed + " (repeat with -Dseed=" + seed + ")");
            assertEquals(position, Position.fromJson(schemas.upgrade(KEY, 1, old)), "seed " + seed);
        }
    }

    private static Position bought(String symbol, String qty, String price) {
        return Position.flat("alice", symbol).fill(decimal(qty), decimal(price)).position();
    }

    private static Json written(Position position, BigDecimal price) {
        return position.toJson(price, position.qty(), NOW);
    }

    /** The writer as it was. */
    private static Json schemaOne(Position position, BigDecimal price) {
        BigDecimal value = position.marketValue(price);
        return JsonObjects.write(out -> out.text("account_id", position.accountId())
                .text("symbol", position.symbol())
                .text("asset_class", position.symbol().indexOf('/') < 0 ? "us_equity" : "crypto")
                .decimal("qty", position.qty())
                .text("side", position.qty().signum() < 0 ? "short" : "long")
                .decimal("avg_entry_price", Decimals.normal(position.averagePrice()))
                .decimal("cost_basis", position.costBasis())
                .decimal("current_price", price)
                .decimal("market_value", Decimals.normal(value))
                .decimal("unrealized_pl", Decimals.normal(value.subtract(position.costBasis())))
                .time("updated_at", NOW));
    }
}
