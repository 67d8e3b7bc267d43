package io.tradewind.dbsync.domain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tradewind.contracts.Json;
import io.tradewind.contracts.state.Domains;
import io.tradewind.contracts.state.EntityKey;
import io.tradewind.dbsync.TestLog;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TableMappingTest {

    @Test
    void shouldTurnAnOrderIntoTypedColumns() {
        Map<String, Object> row =
                put(Domains.ORDER, "A", "o1", TestLog.orderJson("A", "o1", "c1", "partially_filled", "2.5"));

        assertEquals("A", row.get("account_id"));
        assertEquals("o1", row.get("id"));
        assertEquals("c1", row.get("client_order_id"));
        assertEquals("2.5", row.get("filled_qty"));
        assertEquals("187.25", row.get("limit_price"));
        assertEquals(Instant.ofEpochMilli(TestLog.T0).atOffset(ZoneOffset.UTC), row.get("created_at"));
        assertEquals(false, row.get("extended_hours"));
        assertEquals(0L, row.get("executions"));
        assertEquals(42L, row.get("version"));
        assertEquals(7L, row.get("partition"));
        assertNull(row.get("filled_avg_price"));
        assertNull(row.get("canceled_at"));
    }

    @Test
    void shouldTakeTheKeyFromTheNameOfTheEntityNotFromTheDocument() {
        Map<String, Object> row = put(Domains.POSITION, "A", "AAPL", "{\"account_id\":\"X\",\"symbol\":\"Y\"}");

        assertEquals("A", row.get("account_id"));
        assertEquals("AAPL", row.get("symbol"));
    }

    @Test
    void shouldLeaveMissingFieldsNullAndIgnoreUnknownOnes() {
        Map<String, Object> row = put(
                Domains.ACCOUNT,
                "A",
                "A",
                "{\"cash\":1000000,\"equity\":null,\"shoe_size\":\"44\",\"tags\":[1,{\"a\":2}]}");

        assertEquals("1000000", row.get("cash"));
        assertNull(row.get("equity"));
        assertTrue(!row.containsKey("shoe_size"));
    }

    @Test
    void shouldKeepADomainWithoutATableOfItsOwnAsItIs() {
        Map<String, Object> row = put("weather", "europe", "oslo", "{\"rain\":[1,2]}");

        assertEquals("weather", row.get("domain"));
        assertEquals("europe", row.get("partition_key"));
        assertEquals("oslo", row.get("id"));
        assertEquals("{\"rain\":[1,2]}", row.get("body"));
        assertEquals(Instant.ofEpochMilli(99).atOffset(ZoneOffset.UTC), row.get("updated_at"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"qty\":\"ten\"}",
                "{\"qty\":\"1e999999999\"}",
                "{\"qty\":\"NaN\"}",
                "{\"qty\":true}",
                "{\"created_at\":\"yesterday\"}",
                "{\"created_at\":\"2026-02-30T00:00:00Z\"}",
                "{\"extended_hours\":\"perhaps\"}",
                "{\"executions\":\"1.5\"}",
                "{\"qty\":",
                "17",
                ""
            })
    void shouldRefuseWhatDoesNotFit(String json) {
        assertThrows(BadRowException.class, () -> put(Domains.ORDER, "A", "o1", json));
    }

    @Test
    void shouldHaveVersionAndKeyInEveryTable() {
        for (TableMapping table : TableMappings.all()) {
            List<String> names = table.columns().stream().map(Column::name).toList();
            assertTrue(names.containsAll(table.key()), table.table());
            assertTrue(names.containsAll(List.of("version", "partition")), table.table());
            assertEquals(names.size(), names.stream().distinct().count(), table.table());

            List<String> keyAndVersion = new ArrayList<>(table.key());
            keyAndVersion.add("version");
            assertEquals(
                    keyAndVersion,
                    table.deleteColumns().stream().map(Column::name).toList());
        }
        assertSame(TableMappings.of("weather"), TableMappings.of("another"));
    }

    private static Map<String, Object> put(String domain, String partitionKey, String id, String json) {
        TableMapping table = TableMappings.of(domain);
        Row row = table.put(new EntityChange(7, new EntityKey(domain, partitionKey, id), Json.of(json), 41, 42, 99, 1));
        Map<String, Object> values = new HashMap<>();
        for (int i = 0; i < table.columns().size(); i++) {
            values.put(table.columns().get(i).name(), row.values().get(i));
        }
        return values;
    }
}
