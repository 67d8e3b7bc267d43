package io.tradewind.orderqueue.domain;

import static io.tradewind.orderqueue.domain.Samples.NOW;
import static io.tradewind.orderqueue.domain.Samples.ids;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tradewind.contracts.JsonObjects;
import io.tradewind.contracts.orders.Denial;
import io.tradewind.contracts.orders.DenialCode;
import io.tradewind.contracts.orders.PlaceOrder;
import io.tradewind.contracts.orders.Side;
import io.tradewind.contracts.state.Domains;
import io.tradewind.contracts.state.EntityKey;
import io.tradewind.contracts.state.Mutation;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DenialLogTest {

    private static final Denial DENIAL = Denial.of(DenialCode.RISK_MAX_ORDER_QTY, "too many", "qty");

    private final DenialLog log = new DenialLog(ids("id"));
    private final Set<EntityKey> written = new HashSet<>();

    @Test
    void shouldRecordWhoWantedWhatAndWhyNot() {
        log.add(request("alice", "c1"), DENIAL, NOW);
        Mutation record = take(NOW).get(0);
        assertEquals(new EntityKey(Domains.DENIAL, "alice", "id-000001"), record.key());
        Map<String, String> fields = JsonObjects.read(record.json());
        assertEquals("RISK_MAX_ORDER_QTY", fields.get("reason"));
        assertEquals("40310012", fields.get("code"));
        assertEquals("too many", fields.get("message"));
        assertEquals("qty", fields.get("field"));
        assertEquals("c1", fields.get("client_order_id"));
        assertEquals("AAPL", fields.get("symbol"));
        assertEquals("10", fields.get("qty"));
        assertEquals("alice-key", fields.get("actor"));
        assertEquals("1", fields.get("count"));
        assertEquals("2026-11-20T15:00:00Z", fields.get("denied_at"));
        assertTrue(log.isEmpty());
    }

    @Test
    void shouldRecordACancelWithoutTerms() {
        log.add(new DenialLog.Request(DenialLog.Kind.CANCEL, "alice", "order-1", null, "key", "request"), DENIAL, NOW);
        Map<String, String> fields = JsonObjects.read(take(NOW).get(0).json());
        assertEquals("cancel", fields.get("request"));
        assertEquals("order-1", fields.get("order_id"));
    }

    @Test
    void shouldRecordAnOrderThatCouldNotBeRead() {
        log.add(new DenialLog.Request(DenialLog.Kind.ORDER, "alice", null, null, "key", "request"), DENIAL, NOW);
        Map<String, String> fields = JsonObjects.read(take(NOW).get(0).json());
        assertEquals("order", fields.get("request"));
        assertNull(fields.get("client_order_id"));
        assertNull(fields.get("symbol"));
    }

    @Test
    void shouldMakeFewRecordsOfAFloodAndForgetNone() {
        int flood = 100_000;
        for (int i = 0; i < flood; i++) {
            log.add(request("alice", "c" + i), DENIAL, NOW + i / 50_000);
        }
        assertEquals(DenialLog.MAX_SINGLE, take(NOW + 2).size());
        assertFalse(log.isEmpty());
        List<Mutation> gathered = take(NOW + 1_000);
        assertEquals(1, gathered.size());
        Map<String, String> fields = JsonObjects.read(gathered.get(0).json());
        assertEquals(Integer.toString(flood - DenialLog.MAX_SINGLE), fields.get("count"));
        assertEquals("c" + (flood - 1), fields.get("client_order_id"), "the last of them stands for all");
        assertEquals(0, log.dropped());
    }

    @Test
    void shouldTellReasonsApart() {
        for (int i = 0; i < 100; i++) {
            log.add(
                    request("alice", "c" + i),
                    i % 2 == 0 ? DENIAL : Denial.of(DenialCode.RISK_POSITION, "no", null),
                    NOW);
        }
        take(NOW);
        log.close();
        assertEquals(2, take(NOW).size());
    }

    @Test
    void shouldStayWithinItsBoundsWhileNothingIsTakenAndCountWhatIsDropped() {
        int accounts = 3 * (DenialLog.MAX_WAITING + DenialLog.MAX_GATHERED);
        for (int second = 0; second < 5; second++) {
            for (int i = 0; i < accounts; i++) {
                log.add(request("account-" + i, "c"), DENIAL, NOW + 1_000L * second);
            }
        }
        log.close();
        long recorded = 0;
        int records = 0;
        for (List<Mutation> taken = take(NOW + 5_000); !taken.isEmpty(); taken = take(NOW + 5_000)) {
            assertTrue(taken.size() <= DenialLog.MAX_TAKEN);
            records += taken.size();
            for (Mutation record : taken) {
                recorded += Long.parseLong(JsonObjects.read(record.json()).get("count"));
            }
        }
        assertTrue(records <= DenialLog.MAX_WAITING + 2 * DenialLog.MAX_GATHERED, records + " records");
        assertEquals(5L * accounts, recorded + log.dropped());
        assertTrue(log.dropped() > 0);
    }

    private List<Mutation> take(long nowMs) {
        List<Mutation> taken = new ArrayList<>(log.take(nowMs));
        taken.forEach(record -> assertTrue(written.add(record.key()), "records are never changed"));
        return taken;
    }

    private static DenialLog.Request request(String account, String clientOrderId) {
        PlaceOrder order = Samples.limit(Side.BUY, "10", "90", clientOrderId);
        return new DenialLog.Request(
                DenialLog.Kind.ORDER, account, clientOrderId, order.terms(), order.source(), order.correlationId());
    }
}
